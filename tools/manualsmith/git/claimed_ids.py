"""Claim a record's id so that nobody else gets it, here or on the shared remote.

Each prefix has one ref, ``refs/manualsmith/ids/ENV``: a chain of commits with no files, one a
claim. The ref moves only from where it was last seen, on the remote as well as here, so of two
people who claim at once one is turned away and takes the next number. Where the remote cannot be
asked, five random letters keep the id apart: ``ENV-2026-0007-kqzvm``.
"""

import random
import re
import secrets
import string
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from manualsmith.errors import UserError
from manualsmith.git.blobs import headers
from manualsmith.git.refs import RefsBusy, RefsMoved, RefUpdate, resolve_refs, update_refs
from manualsmith.git.remotes import ANSWER_SECONDS, Remote, Unreachable
from manualsmith.git.repository import Repository
from manualsmith.git.trees import is_ancestor
from manualsmith.text import t

_ATTEMPTS = 40
_REFS = "refs/manualsmith/ids/"
_PREFIX = re.compile(r"[A-Z]{2,8}")


@dataclass(frozen=True)
class Claim:
    """An id that is now taken.

    reason: why the remote could not be asked, where the id has letters at its end; else None.
    """

    id: str
    reason: str | None = None


def claim_ids(
    repository: Repository,
    prefix: str,
    year: int,
    taken: Iterable[str],
    remote: str | None = None,
    seconds: float = ANSWER_SECONDS,
    count: int = 1,
) -> list[Claim]:
    """Claim the *count* numbers of *year* after all that are claimed or *taken*, in one commit.

    The commit names the last of them: what comes after counts from there.
    prefix: such as ``ENV``. taken: the ids that the caller knows of, of any prefix and year.
    remote: its name, ``origin`` if none is given; a repository without remotes claims alone.
    seconds: how long to wait for each of the remote's answers.
    Raises UserError where no author is configured, or the claim is lost again and again.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"not a prefix: {prefix!r}")
    for role in ("author", "committer"):
        repository.signature(role)  # says what to set where nobody is configured
    chain = _Chain(repository, prefix, year, tuple(taken), count)
    try:
        shared = Remote.named(repository, remote or "origin", seconds)
        last = chain.claim_on(shared) if shared else chain.claim_here()
        return [Claim(one) for one in chain.run_to(last)]
    except Unreachable as error:
        letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(5))
        ids = chain.run_to(chain.next_id(chain.tip()))
        return [Claim(f"{one}-{letters}", reason=str(error)) for one in ids]


def wrong_claims(
    repository: Repository, ref: str, old: str | None, new: str | None
) -> Iterator[str]:
    """Yield what is wrong with moving *ref* from *old* to *new*, which is here; None is no ref.

    Claims are only ever added to it, each a commit as `claim_ids` writes it.
    """
    prefix = ref.removeprefix(_REFS)
    if prefix == ref or not _PREFIX.fullmatch(prefix):
        if new:
            yield t(
                "manualsmith pushes no such ref: push your branches alone, such as "
                "git push origin main"
            )
        return
    if new is None or (old and not is_ancestor(repository, old, new)):
        yield t("ids that were claimed stay claimed: leave this ref to manualsmith")
        return
    [header] = headers(repository, [new])
    if header is None or header.type != "commit":
        yield t("{commit} is no claim of an id: leave this ref to manualsmith", commit=new[:9])
        return
    empty = repository.output("hash-object", "-t", "tree", "--stdin").decode().strip()
    claim = re.compile(rf"{empty}\n{prefix}-\d{{4}}-\d{{4,9}}\n\n[0-9a-f]{{32}}\n+", re.ASCII)
    command = ["rev-list", "--no-commit-header", "--format=%H%n%T%n%B%x00"]
    span = [new, f"^{old}"] if old else [new]
    listed = repository.output(*command, *span, "--").decode("utf-8", "surrogateescape")
    for commit, _, rest in (one.lstrip("\n").partition("\n") for one in listed.split("\0")[:-1]):
        if not claim.fullmatch(rest):
            yield t(
                "{commit} is no claim of an id: leave this ref to manualsmith", commit=commit[:9]
            )


class _Chain:
    """The claims of one prefix, as far as this repository has them."""

    def __init__(
        self,
        repository: Repository,
        prefix: str,
        year: int,
        taken: tuple[str, ...],
        count: int = 1,
    ) -> None:
        self.count = count
        self.repository = repository
        self.ref = f"{_REFS}{prefix}"
        self.stem = f"{prefix}-{year:04d}-"
        self.taken = taken

    def claim_here(self) -> str:
        """Claim in this repository alone; its linked worktrees share the ref."""
        for attempt in range(_ATTEMPTS):
            tip = self.tip()
            claimed = self.next_id(tip)
            update = RefUpdate(self.ref, self.commit(claimed, tip), tip)
            try:
                update_refs(self.repository, [update], f"claim {claimed}")
            except (RefsMoved, RefsBusy):
                _wait(attempt)
            else:
                return claimed
        raise UserError(t("too many people claim ids at once"), hint=t("run the command again"))

    def claim_on(self, remote: Remote) -> str:
        """Claim on *remote*. Raises Unreachable."""
        unmoved = 0
        before: str | None = ""
        for attempt in range(_ATTEMPTS):
            seen = remote.refs(self.ref).get(self.ref)
            if seen:
                remote.fetch({self.ref: seen})
            here = self.tip()
            claimed = self.next_id(seen, here)
            commit = self.commit(claimed, seen, here)
            pushed = remote.push([RefUpdate(self.ref, commit, seen)])
            refusal = pushed.refused.get(self.ref)
            if refusal is None:
                self._keep(commit, here)
                return claimed
            unmoved = unmoved + 1 if seen == before else 0
            if unmoved == 3:  # nobody else is moving it: it is refused for another reason
                raise Unreachable(refusal)
            before = seen
            _wait(attempt)
        raise Unreachable(t("too many people claim ids at once"))

    def tip(self) -> str | None:
        """Return the last claim that is known here."""
        return resolve_refs(self.repository, [self.ref]).get(self.ref)

    def run_to(self, last: str) -> list[str]:
        """Return the ids of one claim, the last of which is *last*."""
        number = int(last.removeprefix(self.stem))
        return [f"{self.stem}{one:04d}" for one in range(number - self.count + 1, number + 1)]

    def next_id(self, *tips: str | None) -> str:
        """Return the last id to claim after all that are taken, or claimed in *tips*' history."""
        known = [*self.taken, *self._claimed(*tips)]
        pattern = re.compile(re.escape(self.stem) + r"([0-9]{4,9})(?:-[a-z]{5})?")
        numbers = [int(match[1]) for name in known if (match := pattern.fullmatch(name))]
        return f"{self.stem}{max(numbers, default=0) + self.count:04d}"

    def commit(self, claimed: str, *parents: str | None) -> str:
        """Write the commit of a claim on *parents* and return its id.

        The random line keeps two claims of one id in one second from being the same commit.
        """
        tree = self.repository.output("hash-object", "-t", "tree", "-w", "--stdin").decode().strip()
        options = [word for parent in self._independent(*parents) for word in ("-p", parent)]
        message = f"{claimed}\n\n{secrets.token_hex(16)}\n".encode()
        made = self.repository.output("commit-tree", tree, *options, data=message)
        return made.decode().strip()

    def _claimed(self, *tips: str | None) -> list[str]:
        known = [tip for tip in tips if tip]
        if not known:
            return []
        search = ["--basic-regexp", f"--grep=^{self.stem}", "--no-commit-header", "--format=%s"]
        return self.repository.output("rev-list", *search, *known, "--").decode().splitlines()

    def _independent(self, *commits: str | None) -> list[str]:
        """Return *commits* without those that others of them already rest on."""
        known = [commit for commit in commits if commit]
        if len(known) < 2:
            return known
        return self.repository.output("merge-base", "--independent", *known).decode().split()

    def _keep(self, commit: str, here: str | None) -> None:
        """Remember *commit* here; a worktree that was faster has a newer one already."""
        try:
            update_refs(self.repository, [RefUpdate(self.ref, commit, here)], "claim")
        except UserError:
            return


def _wait(attempt: int) -> None:
    time.sleep(random.uniform(0, 0.02 * min(attempt + 1, 10)))  # noqa: S311
