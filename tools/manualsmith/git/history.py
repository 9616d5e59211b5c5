"""Read a branch's history: which commits changed a page, and for which suggestion."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from manualsmith.git.process import argument
from manualsmith.git.refs import refs_under
from manualsmith.git.repository import Repository, Signature
from manualsmith.git.trees import TreeChange, raw_change

_FORMAT = "%H%x00%P%x00%s%x00%(trailers:key=Suggestion,valueonly,separator=%x20)%x00"


@dataclass(frozen=True)
class MainCommit:
    """One commit of a branch's first-parent line; ``suggestion`` is its trailer, else None."""

    commit: str
    parents: tuple[str, ...]
    subject: str
    suggestion: str | None


def steps(
    repository: Repository, since: str | None, until: str, paths: Sequence[str] = ()
) -> list[MainCommit]:
    """Return the first-parent commits after *since* up to *until*, the newest first.

    With *paths* only those that changed one of them; *since* None is from the beginning.
    Raises UserError for a revision that does not exist.
    """
    span = f"{argument(since)}..{argument(until)}" if since else argument(until)
    options = ["--first-parent", "-z", f"--format={_FORMAT}"]
    listed = repository.output("--literal-pathspecs", "log", *options, span, "--", *paths)
    fields = listed.decode("utf-8", "surrogateescape").split("\0")
    # each record ends in the format's own NUL and in that of -z
    records = [fields[at : at + 4] for at in range(0, len(fields) - 4, 5)]
    return [
        MainCommit(commit, tuple(parents.split()), subject, suggestion.split(" ")[0] or None)
        for commit, parents, subject, suggestion in records
    ]


_SIGNED = re.compile(
    rb"^(?P<role>author|committer) (?P<name>.*?) ?<(?P<email>[^>\n]*)>"
    rb" (?P<time>\d+) (?P<zone>[+-]\d{4})$",
    re.MULTILINE,
)


def signatures_of(commit: bytes) -> tuple[Signature, Signature]:
    """Return the author and the committer that a commit object names; nobody where it is odd."""
    head = commit.partition(b"\n\n")[0]
    found = {one["role"]: one for one in _SIGNED.finditer(head)}
    nobody = Signature("", "", 0, "+0000")
    author, committer = (
        Signature(
            one["name"].decode("utf-8", "replace"),
            one["email"].decode("utf-8", "replace"),
            int(one["time"]),
            one["zone"].decode(),
        )
        if (one := found.get(role))
        else nobody
        for role in (b"author", b"committer")
    )
    return author, committer


def message_of(commit: bytes) -> str:
    """Return the message of a commit object, without blank lines around it."""
    return commit.partition(b"\n\n")[2].decode("utf-8", "replace").strip()


@dataclass(frozen=True)
class Step:
    """One commit of a branch's first-parent line: who made it, and what it changes of some folders.

    ``message`` is the whole of it; ``changes`` are held against the first parent.
    """

    commit: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str
    changes: tuple[TreeChange, ...]

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.strip().partition("\n")[0]


_STEP = ("%H", "%P", "%an", "%ae", "%ad", "%cn", "%ce", "%cd", "%B")


def steps_with_changes(
    repository: Repository, since: str | None, until: str, folders: Sequence[str]
) -> list[Step]:
    """Return the first-parent commits after *since* that changed something under *folders*.

    Up to *until*, the oldest first; *since* None is from the beginning. One whose parents a shallow
    clone does not have is left out. Raises UserError for a revision that does not exist.
    """
    span = f"{argument(since)}..{argument(until)}" if since else argument(until)
    layout = "%x01" + "%x02".join(_STEP)
    options = ["--first-parent", "-m", "--reverse", "-z", "--raw", "--no-abbrev", "--no-renames"]
    command = ["log", *options, "--root", "--date=raw", f"--format={layout}", span]
    # with paths git compares the trees of each commit twice: to leave it out, and to tell it
    listed = repository.output(*command, "--")
    cut_off, wanted = repository.cut_off(), tuple(f"{folder}/" for folder in folders)
    fields = iter(listed.decode("utf-8", "surrogateescape").split("\0"))
    heads: list[str] = []
    changes: list[list[TreeChange]] = []
    for field in fields:
        if (line := field.removeprefix("\n")).startswith("\x01"):
            heads.append(line[1:])
            changes.append([])
        elif line.startswith(":"):
            path = next(fields)
            if path.startswith(wanted):
                changes[-1].append(raw_change(line, path))
    found = [_step(head, made) for head, made in zip(heads, changes, strict=True) if made]
    return [one for one in found if one.commit not in cut_off]


def _step(head: str, changes: Sequence[TreeChange]) -> Step:
    # names and messages go on into records: what is no UTF-8 cannot
    told = head.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    commit, parents, *signed, message = told.split("\x02", len(_STEP) - 1)
    author, committer = (_signature(*signed[at : at + 3]) for at in (0, 3))
    return Step(commit, tuple(parents.split()), author, committer, message, tuple(changes))


def _signature(name: str, email: str, date: str) -> Signature:
    seconds, _, offset = date.partition(" ")
    return Signature(name, email, int(seconds), offset)


def moment_of_blob(repository: Repository, until: str, path: str, blob: str) -> str | None:
    """Return when the first-parent line of *until* last got these bytes at a path, in ISO 8601.

    None where it never had them. Raises UserError for a revision that does not exist.
    """
    options = ["--first-parent", "-m", "-z", "--raw", "--no-abbrev", "--no-renames", "--root"]
    command = ["--literal-pathspecs", "log", *options, "--format=%x01%cI", argument(until)]
    listed = repository.output(*command, "--", path)
    moment = None
    for field in listed.decode("utf-8", "surrogateescape").split("\0"):
        if (line := field.removeprefix("\n")).startswith("\x01"):
            moment = line[1:]
        elif line.startswith(":") and raw_change(line, path).new_oid == blob:
            return moment
    return None


def messages_between(repository: Repository, since: str, until: str) -> list[str]:
    """Return the messages of the commits in the history of *until* and not in that of *since*.

    Raises UserError for a revision that does not exist.
    """
    span = f"{argument(since)}..{argument(until)}"
    listed = repository.output("log", "-z", "--format=%B", span, "--")
    return listed.decode("utf-8", "surrogateescape").split("\0")


def commits_after(repository: Repository, since: str, until: str) -> list[str]:
    """Return the commits in the history of *until* and not in that of *since*, the oldest first.

    Raises UserError for a revision that does not exist.
    """
    span = f"{argument(since)}..{argument(until)}"
    return repository.output("rev-list", "--reverse", "--topo-order", span, "--").decode().split()


def former_tips(repository: Repository, branch: str) -> list[str]:
    """Return where a branch was before, by its full ref, the newest first, as far as that is known.

    Its log tells, and what is kept of remotes.
    """
    logged = repository.run("log", "-g", "--format=%H", argument(branch), "--")
    found = logged.stdout.decode().split() if logged.code == 0 else []
    elsewhere = refs_under(repository, "refs/manualsmith/remotes/", "refs/remotes/")
    end = branch.removeprefix("refs/heads/suggest")
    return list(dict.fromkeys([*found, *(t for ref, t in elsewhere.items() if ref.endswith(end))]))


def last_changes(repository: Repository, until: str, folders: Sequence[str]) -> dict[str, date]:
    """Return the day of the last commit of *until*'s first-parent line that changed each file.

    Files are those under *folders* of the repository's root. One whose last change a shallow clone
    does not have is left out: git takes a commit without its parents for one that made every file.
    Raises UserError where *until* is no commit.
    """
    options = ["--first-parent", "-m", "-z", "--name-only", "--no-renames", "--format=%x01%cs %H"]
    shown, cut_off = argument(until), repository.cut_off()
    listed = repository.output("--literal-pathspecs", "log", *options, shown, "--", *folders)
    found: dict[str, date | None] = {}
    day: date | None = None
    for field in listed.decode("utf-8", "surrogateescape").split("\0"):
        name = field.removeprefix("\n")
        if name.startswith("\x01"):
            told, commit = name[1:].split(" ")
            day = None if commit in cut_off else date.fromisoformat(told)
        elif name:
            found.setdefault(name, day)
    return {name: day for name, day in found.items() if day}


def added_anywhere(repository: Repository, main: str, folders: Sequence[str]) -> list[str]:
    """Return the files under *folders* that commits of any ref added which *main* does not have.

    Any ref: branches, tags, and branches of remotes as they were last fetched. One that is broken
    is passed over, as git's own listing does.
    """
    refs = repository.output("for-each-ref", "--format=%(objecttype) %(objectname)")
    tips = [name for kind, name in map(bytes.split, refs.splitlines()) if kind == b"commit"]
    wanted = b"\n".join([*tips, b"^" + argument(main).encode()]) + b"\n"
    options = ["--diff-filter=AR", "-m", "-z", "--name-only", "--no-renames", "--format="]
    options.append("--stdin")
    command = ("--literal-pathspecs", "log", *options, "--", *folders)
    listed = repository.output(*command, data=wanted)
    names = listed.decode("utf-8", "surrogateescape").split("\0")
    return [name.removeprefix("\n") for name in names if name.strip()]


def versions(repository: Repository, until: str, path: str) -> list[str]:
    """Return the blob ids that a file had, the newest first, back to when it was last added.

    Along *until*'s first-parent line; none where it never had the file.
    """
    options = ["--first-parent", "-m", "-z", "--raw", "--no-abbrev", "--no-renames", "--format="]
    shown = argument(until)
    listed = repository.output("--literal-pathspecs", "log", *options, shown, "--", path)
    found = []
    for field in listed.decode("utf-8", "surrogateescape").split("\0"):
        if not (line := field.lstrip("\n")).startswith(":"):
            continue
        _, _, _, oid, status = line.split(" ")
        if status == "D":
            break
        found.append(oid)
        if status == "A":
            break
    return found
