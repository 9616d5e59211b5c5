"""Read a branch's history: which commits changed a page, and for which suggestion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from manualsmith.git.process import argument
from manualsmith.git.refs import refs_under
from manualsmith.git.repository import Repository

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
