"""From a confirmation to what it proposes: one proposal a finding, one a fact and manual."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from manualsmith.layout import MANUALS, Manual
from manualsmith.markdown.action_table import Action
from manualsmith.markdown.edit_models import ReplaceFact, SetFrontMatter
from manualsmith.records.ids import SUGGESTION_ID
from manualsmith.records.models.confirmation import Confirmation, Confirmed, Finding
from manualsmith.records.models.environment import Fact
from manualsmith.records.models.suggestion import FactRecord
from manualsmith.text import speaking, t
from manualsmith.workflow.queue.summaries import asked_key
from manualsmith.workflow.suggest.bound_facts import FactIndex, FactKey


@dataclass(frozen=True)
class PageEdit:
    """An edit of one page; the path is within the manual's folder."""

    page: str
    edit: Action


@dataclass(frozen=True)
class Proposal:
    """One suggestion to be made: its id, its manual, why, and the edits that it asks for.

    ``at`` is the path to its source in the confirmation, for errors to point at.
    """

    id: str
    manual: Manual
    product: str
    summary: str
    reason: str
    edits: tuple[PageEdit, ...]
    at: tuple[str | int, ...]
    finding: int | None = None
    fact: FactRecord | None = None


@dataclass(frozen=True)
class NotedEvidence:
    """What a confirmation says that asks for no edit: it holds, or no page states it.

    ``held`` and ``at`` are what held as written, and the path to it in the confirmation.
    """

    id: str
    summary: str
    held: Confirmed | None = None
    at: tuple[str | int, ...] = ()


def finding_proposals(confirmation: Confirmation) -> Iterator[Proposal]:
    """Yield one proposal for each finding."""
    for number, finding in enumerate(confirmation.findings):
        yield _of_finding(confirmation, finding, number)


def _of_finding(confirmation: Confirmation, finding: Finding, number: int) -> Proposal:
    return Proposal(
        id=f"{confirmation.id}-{finding.id}",
        manual=MANUALS[finding.manual],
        product=confirmation.product,
        summary=finding.summary,
        reason=finding.reason,
        edits=(PageEdit(finding.page, finding.edit),),
        at=("findings", number),
        finding=finding.id,
    )


def differing_facts(confirmation: Confirmation) -> list[tuple[str, int, Fact]]:
    """Return the facts whose observed value is not the documented one, with where they stand."""
    return [
        (category, number, fact)
        for category, facts in confirmation.environment
        for number, fact in enumerate(facts)
        if fact.documented is not None and fact.documented != fact.observed
    ]


def fact_proposals(
    confirmation: Confirmation, index: FactIndex, language: str = ""
) -> Iterator[Proposal | NotedEvidence]:
    """Yield one proposal for each differing fact and each manual with pages that state it.

    Its words are in the manual's language, where none is named.
    """
    for category, number, fact in differing_facts(confirmation):
        key = (confirmation.product, category, fact.fact)
        bound = [manual for manual in MANUALS.values() if index.pages(manual, key)]
        for manual in bound:
            with speaking(language or manual.language):
                proposal = _of_fact(confirmation, manual, key, fact, index, number)
            yield proposal
        if not bound:
            yield NotedEvidence(
                f"{confirmation.id}-{fact.fact}",
                t(
                    "{fact} is {observed}: no page of {product} states it",
                    fact=fact.fact,
                    observed=fact.observed,
                    product=confirmation.product,
                ),
            )


def _of_fact(
    confirmation: Confirmation,
    manual: Manual,
    key: FactKey,
    fact: Fact,
    index: FactIndex,
    number: int,
) -> Proposal:
    documented = fact.documented or ""
    edit = ReplaceFact(
        action="replace-fact",
        category=key[1],
        fact=fact.fact,
        documented=documented,
        observed=fact.observed,
    )
    return Proposal(
        id=f"{confirmation.id}-{manual.name}-{fact.fact}",
        manual=manual,
        product=confirmation.product,
        summary=t(
            "{fact} is {observed} and no longer {documented}",
            fact=fact.fact,
            observed=fact.observed,
            documented=documented,
        ),
        reason=fact.note
        or t(
            "the manual says {documented}, and {observed} was seen",
            documented=documented,
            observed=fact.observed,
        ),
        edits=tuple(
            PageEdit(page, _with_settings(edit, index.bound(manual, page, key[0], documented)))
            for page in sorted(index.pages(manual, key))
        ),
        at=("environment", key[1], number),
        fact=FactRecord(
            category=key[1], fact=fact.fact, documented=documented, observed=fact.observed
        ),
    )


def _with_settings(edit: ReplaceFact, bound: Mapping[tuple[str, str], str]) -> ReplaceFact:
    """Return an edit that knows which facts of its page the settings bind."""
    facts: dict[str, dict[str, str]] = {}
    for (category, name), value in sorted(bound.items()):
        facts.setdefault(category, {})[name] = value
    return edit.model_copy(update={"settings": facts}) if facts else edit


def variant_of(proposal: Proposal, seen: date, other: str, value: str) -> Proposal:
    """Return a fact's proposal as one that overwrites nothing: another environment disagrees.

    Its words are in the language that is spoken.

    The pages keep their value, and their front matter names the observed one beside it, with the
    day it was *seen*. *other* is the suggestion that says *value*.
    """
    fact = proposal.fact
    if fact is None:
        raise ValueError(f"{proposal.id} is not of a fact")
    key = ("variants", fact.category, fact.fact, fact.observed)
    edit = SetFrontMatter(action="set-front-matter", key=key, value=seen.isoformat())
    return replace(
        proposal,
        summary=t(
            "{fact} is {observed} in another environment", fact=fact.fact, observed=fact.observed
        ),
        reason=_beside(proposal.reason, other, value),
        edits=tuple(PageEdit(wanted.page, edit) for wanted in proposal.edits),
        fact=fact.model_copy(update={"variant": True}),
    )


def _beside(reason: str, other: str, value: str) -> str:
    return t(
        "{reason}; in the environment of {other} it is {value}: both are kept",
        reason=reason, other=other, value=value,
    )  # fmt: skip


def said_beside(reason: str, whole: str) -> tuple[str, str] | None:
    """Return the suggestion and the value that a variant's *whole* reason names, None if none.

    *reason* is what stands there before them, in the language that is spoken.
    """
    marks = ("\N{START OF HEADING}", "\N{START OF TEXT}")
    pattern = re.escape(_beside(reason, *marks))
    pattern = pattern.replace(re.escape(marks[0]), f"({SUGGESTION_ID})")
    found = re.fullmatch(pattern.replace(re.escape(marks[1]), "(.+)"), whole, re.DOTALL)
    return (found[1], found[found.lastindex or 2]) if found else None


def asked_by(proposal: Proposal) -> str:
    """Return the key of what a proposal asks for, as its record will have it."""
    edits = [(wanted.page, wanted.edit) for wanted in proposal.edits]
    return asked_key(proposal.manual.name, proposal.product, edits, proposal.fact)


def evidence(confirmation: Confirmation) -> Iterator[NotedEvidence]:
    """Yield what the confirmation confirms as written: pages that held, and facts that agree."""
    for number, held in enumerate(confirmation.confirmed):
        where = " › ".join((held.page, *(held.section or ())))
        summary = t("held as written: {where}", where=where)
        yield NotedEvidence(confirmation.id, summary, held, ("confirmed", number))
    for _, facts in confirmation.environment:
        for fact in facts:
            if fact.documented == fact.observed:
                yield NotedEvidence(
                    confirmation.id,
                    t(
                        "{fact} is {observed}, as documented",
                        fact=fact.fact,
                        observed=fact.observed,
                    ),
                )
