"""Several reports as one environment: what they agree on, beside what the manuals say.

Each value is looked at for secrets and personal data before it goes anywhere. Where two reports
disagree about a fact, or it cannot be told whether the manual's value is the same, it is left to a
person, and that is said.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from manualsmith.errors import Problem, UserError
from manualsmith.layout import fact_label, writing
from manualsmith.naming import fold
from manualsmith.records.environment_reports.plain_values import WORDS
from manualsmith.records.environment_reports.report_table import read_report
from manualsmith.records.privacy import unallowed
from manualsmith.standard_facts import STANDARD_FACTS
from manualsmith.text import t

_LONGEST = 120
# a name, and a version after it
_VERSIONED = re.compile(r"(?P<name>(?:[^\W\d_][\w/.+-]* )*)v?(?P<version>\d+(?:\.\d+)*)")
_NUMBER = re.compile(r"\d")
# An address of hardware or of the network, an identifier, a folder.
_ADDRESS = re.compile(
    r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}|\\|://"
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?:[0-9a-f]{1,4}:){3}",
    re.IGNORECASE,
)
_VERSIONS = ("version", "build", "release")
Documented = Mapping[tuple[str, str], Sequence[str]]
"""The values that a product's pages state, the most frequent first, by category and fact."""


@dataclass(frozen=True)
class ReportedFact:
    """A fact that reports tell: what was observed, as exactly as the manual has it.

    documented: what the manual says, None where it says nothing. told: the whole value, where
    *observed* is a part of it. sources: the names of the reports that tell it.
    """

    category: str
    fact: str
    observed: str
    documented: str | None
    told: str | None
    sources: tuple[str, ...]

    @property
    def row(self) -> dict[str, str]:
        """Its values as a confirmation holds them."""
        values = {"fact": self.fact, "documented": self.documented, "observed": self.observed}
        with writing():
            note = t("the report says {value}", value=self.told) if self.told else None
        return {name: value for name, value in {**values, "note": note}.items() if value}


@dataclass(frozen=True)
class ReportedEnvironment:
    """What reports tell: the kinds of those that were read by the name of each, facts, problems.

    problems: reports that were not read. left: facts that are left to a person, and why.
    """

    kinds: Mapping[str, str]
    facts: tuple[ReportedFact, ...]
    problems: tuple[Problem, ...]
    left: tuple[Problem, ...]


def read_environment(
    reports: Sequence[tuple[str, bytes]],
    documented: Documented,
    names: Mapping[str, str],
    allow: Sequence[str] = (),
) -> ReportedEnvironment:
    """Return the environment that reports, each a name and its bytes, tell of.

    names: what the manuals call a standard fact, where it is another name; empty where it is not
    to be taken. allow: as for `privacy.masked`.
    """
    problems: list[Problem] = []
    kinds: dict[str, str] = {}
    told: dict[str, dict[str, list[str]]] = {}
    for name, data in reports:
        try:
            read = read_report(data)
        except UserError as error:
            problems += error.at(name).problems
            continue
        kinds[name] = read.kind
        for fact, value in read.facts.items():
            clean = _clean(fact, value, allow)
            if clean and names.get(fact, fact):
                told.setdefault(fact, {}).setdefault(clean, []).append(name)
    left: list[Problem] = []
    facts = [*_facts(told, documented, names, left)]
    return ReportedEnvironment(kinds, tuple(facts), tuple(problems), tuple(left))


def _clean(fact: str, value: str, allow: Sequence[str]) -> str:
    """Return a value as it may be kept: empty where it holds what is nobody's business."""
    value = " ".join(value.split())
    if len(value) > _LONGEST or not value.isprintable() or "\ufffd" in value:
        return ""
    if any(unallowed(value, allow)):
        return ""
    if not fact.endswith(_VERSIONS) and _ADDRESS.search(value):
        return ""
    with writing():
        return t(value) if value in WORDS else value


def _facts(
    told: Mapping[str, Mapping[str, Sequence[str]]],
    documented: Documented,
    names: Mapping[str, str],
    left: list[Problem],
) -> Iterator[ReportedFact]:
    """Yield the facts in the order of the table; what is left to a person goes to *left*."""
    categories = {fact: category for category, fact in documented}
    for standard, one in STANDARD_FACTS.items():
        values = told.get(standard)
        if not values:
            continue
        fact = names.get(standard, standard)
        category = categories.get(fact, one.category)
        said = next(iter(documented.get((category, fact), ())), None)
        value = _agreed(values)
        if value is None:
            left.append(_disagreement(fact, values))
            continue
        fitted = value if said is None else fitting(value, said)
        if fitted is None:
            message = t("{fact}: the manual says {documented}, and what was read is {observed}",
                        fact=fact_label(fact), documented=said, observed=value)  # fmt: skip
            left.append(Problem(message, hint=t("say yourself whether it is the same")))
            continue
        sources = tuple(dict.fromkeys(name for some in values.values() for name in some))
        whole = value if fold(value) != fold(fitted) else None
        yield ReportedFact(category, fact, fitted, said, whole, sources)


def _agreed(values: Mapping[str, Sequence[str]]) -> str | None:
    """Return the value that all are, the most exact one; None where two disagree."""
    longest = max(values, key=len)
    return longest if all(_covers(value, longest) for value in values) else None


def _covers(short: str, exact: str) -> bool:
    """Return whether a value is another one said less exactly: 31.0 is 31.0.2, and not 31.02."""
    one, other = fold(short), fold(exact)
    return one == other or other.startswith((f"{one}.", f"{one}(")) or exact.startswith(f"{short} ")


def _disagreement(fact: str, values: Mapping[str, Sequence[str]]) -> Problem:
    said = t("; ").join(f"{value} ({', '.join(sources)})" for value, sources in values.items())
    message = t("{fact}: the reports disagree: {values}", fact=fact_label(fact), values=said)
    return Problem(message, hint=t("give the reports of one machine, or write what you see"))


def fitting(observed: str, documented: str) -> str | None:
    """Return what was observed in the form and as exactly as the manual has it.

    The manual's 31 and a server's 31.0.2 are the same; so are 11 and Windows 11. None where that
    cannot be told: the manual says more, or says it in other words.
    """
    if fold(observed) == fold(documented):
        return documented
    ours, theirs = _VERSIONED.fullmatch(observed), _VERSIONED.fullmatch(documented)
    if not ours or not theirs:
        inner, outer = sorted((fold(observed), fold(documented)), key=len)
        return None if theirs or _NUMBER.search(documented) or inner in outer else observed
    parts, wanted = ours["version"].split("."), theirs["version"].split(".")
    cut = ".".join(parts[: len(wanted)])
    if len(parts) < len(wanted) and wanted[: len(parts)] == parts:
        return None
    if ours["name"] and theirs["name"] and fold(ours["name"]) != fold(theirs["name"]):
        return observed
    return documented if cut == theirs["version"] else f"{theirs['name']}{cut}"
