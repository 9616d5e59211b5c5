"""List refs with what a reader of suggestions needs of each tip, in one ``for-each-ref``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from manualsmith.git.process import argument
from manualsmith.git.refs import refs_under
from manualsmith.git.repository import Repository

_FIELDS = (
    "refname",
    "objectname",
    "tree",
    "parent",
    "authorname",
    "authoremail:trim",
    "authordate:raw",
    "subject",
    "trailers:only,unfold",
)


# A process that lists a thousand branches again asks git for their tips alone: 10 ms, not 50.
_MOST, _FEW = 20_000, 100


@dataclass(frozen=True)
class RefInfo:
    """A ref and the commit on its tip.

    author_date: seconds since 1970 and an offset, ``1800000000 +0800``.
    trailers: the message's last lines such as ``Confirmation: ENV-2026-0007``, in order.
    """

    ref: str
    tip: str
    tree: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    author_date: str
    subject: str
    trailers: tuple[tuple[str, str], ...]

    def trailer(self, name: str) -> str | None:
        """Return the first value of the trailer *name*, in any case, None where it is not."""
        wanted = name.lower()
        return next((value for key, value in self.trailers if key.lower() == wanted), None)


_known: dict[str, RefInfo] = {}


def list_refs(repository: Repository, pattern: str) -> list[RefInfo]:
    """Return the refs under *pattern*, such as ``refs/heads/suggest/``, by name.

    Raises UserError for a pattern that is no name.
    """
    known = dict(_known)
    if known:
        there = refs_under(repository, argument(pattern))
        new = dict.fromkeys(tip for tip in there.values() if tip not in known)
        if len(new) <= _FEW:
            known.update(_remembered(describe_commits(repository, list(new))))
            pairs = ((ref, known[tip]) for ref, tip in there.items())
            return [info if info.ref == ref else replace(info, ref=ref) for ref, info in pairs]
    layout = "".join(f"%({field})%00" for field in _FIELDS)
    listed = repository.output("for-each-ref", f"--format={layout}", argument(pattern))
    fields = listed.decode("utf-8", "surrogateescape").split("\0")[:-1]
    records = zip(*[iter(fields)] * len(_FIELDS), strict=True)
    found = [_ref_info(*record) for record in records]
    _remembered(found)
    return found


def _remembered(infos: Sequence[RefInfo]) -> dict[str, RefInfo]:
    """Return commits by id, and remember them: what a commit says never changes."""
    found = {info.tip: info for info in infos}
    if len(_known) + len(found) > _MOST:
        _known.clear()
    _known.update(found)
    return found


def describe_commits(repository: Repository, commits: Sequence[str]) -> list[RefInfo]:
    """Return the same of commits that no ref names; ``ref`` is the commit's own id.

    Raises UserError for a commit that does not exist.
    """
    if not commits:
        return []
    layout = "%H%x00%H%x00%T%x00%P%x00%an%x00%ae%x00%ad%x00%s%x00%(trailers:only,unfold)%x00"
    command = ["log", "--no-walk=unsorted", "--date=raw", f"--format={layout}", "--stdin"]
    data = "".join(f"{argument(commit)}\n" for commit in commits).encode()
    listed = repository.output(*command, data=data)
    fields = listed.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return [_ref_info(*record) for record in zip(*[iter(fields)] * len(_FIELDS), strict=True)]


def _ref_info(ref: str, tip: str, tree: str, parents: str, *fields: str) -> RefInfo:
    name, email, date, subject, trailers = fields
    pairs = (line.partition(": ") for line in trailers.splitlines())
    found = tuple((key, value) for key, separator, value in pairs if separator)
    # git ends each record with a line's end, which so stands before the next one's name.
    return RefInfo(
        ref.lstrip("\n"), tip, tree, tuple(parents.split()), name, email, date, subject, found
    )
