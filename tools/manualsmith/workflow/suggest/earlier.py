"""Find earlier suggestions, open or decided, that say the same as a new one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from manualsmith.git.repository import Signature
from manualsmith.workflow.queue.branch_content import Content
from manualsmith.workflow.queue.summaries import Account, account_of


@dataclass(frozen=True)
class Pending:
    """A commit to write for the branch *ref*, now at *seen*; *author* None is who runs this."""

    ref: str
    seen: str | None
    content: Content
    parent: str
    author: Signature | None = None


FactKey = tuple[str, str, str, str]  # manual, product, category, fact


class Known:
    """The open and decided suggestions of a repository, with those that this run is making."""

    def __init__(self, opened: Iterable[Account], decided: Iterable[Account]) -> None:
        self.pending: dict[str, Pending] = {}
        self._new: dict[str, Pending] = {}
        self._open: dict[str, Account] = {}
        self._by_key: dict[str, str] = {}
        self._facts: dict[FactKey, dict[str, Account]] = defaultdict(dict)
        self._decided: dict[str, list[Account]] = defaultdict(list)
        self._resting: dict[str, dict[str, Account]] = defaultdict(dict)
        for one in decided:
            self._take_sources(one, one.id)
            for key in (one.id, *one.keys[:1]):
                self._decided[key].append(one)
            if one.state == "accepted":
                self._take_fact(one)
        for one in opened:
            self._take(one)

    def _take(self, one: Account) -> None:
        self._open[one.ref] = one
        self._take_sources(one, one.ref)
        for key in one.keys:
            self._by_key.setdefault(key, one.ref)
        self._take_fact(one)

    def _take_fact(self, one: Account) -> None:
        if one.fact:
            self._facts[one.manual, one.product, one.fact[0], one.fact[1]][one.id] = one

    def _take_sources(self, one: Account, key: str) -> None:
        for source in one.sources:
            self._resting[source.id][key] = one

    def add(self, pending: Pending) -> None:
        """Take a suggestion as open from here on."""
        self.pending[pending.ref] = self._new[pending.ref] = pending
        self._take(account_of(pending.content.record, pending.ref))

    def taken(self) -> list[Pending]:
        """Return the commits that were added since this was last asked."""
        new, self._new = self._new, {}
        return list(new.values())

    def same(self, suggestion_id: str, *keys: str) -> Account | None:
        """Return another open suggestion with one of *keys*, None where there is none."""
        found = (self._open[self._by_key[key]] for key in keys if key in self._by_key)
        return next((one for one in found if one.id != suggestion_id and not one.faults), None)

    def decided(self, suggestion_id: str, asked: str) -> list[Account]:
        """Return the decided suggestions of the same id, or that asked for the same; each once."""
        found = (one for key in (suggestion_id, asked) for one in self._decided.get(key, ()))
        return list({one.id: one for one in found}.values())

    def resting_on(self, confirmation: str) -> list[Account]:
        """Return the suggestions, open or decided, that rest on a confirmation."""
        return list(self._resting.get(confirmation, {}).values())

    def of_confirmation(self, confirmation: str) -> list[Account]:
        """Return the open suggestions that rest on a confirmation, alone or with others."""
        return [
            self._open[one.ref]
            for one in self.resting_on(confirmation)
            if one.ref and any(s.id == confirmation for s in self._open[one.ref].sources)
        ]

    def other_values(self, key: FactKey) -> list[Account]:
        """Return the suggestions, open or accepted, that give a fact a value."""
        return list(self._facts.get(key, {}).values())
