"""Facts as people call them: which are known, and the name that a new one gets.

The settings give a fact's label. Who observes may not change them: main is protected, and they are
a lead's. So a record says itself what people call a fact that is not set (`Fact.label`): it is
there wherever the record is, on a branch as on main, and what was said once is known from then on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from manualsmith.layout import fact_label, layout, set_labels
from manualsmith.naming import fact_name_of, fold, near
from manualsmith.records.models.environment import Environment
from manualsmith.standard_facts import STANDARD_FACTS
from manualsmith.text import t
from manualsmith.yaml_quoting import scalar


@dataclass(frozen=True)
class NamedFact:
    """A fact: its name, what people read for it, and its category, empty where none is known.

    said: what records call it, where the settings do not.
    """

    fact: str
    category: str = ""
    said: str | None = None

    @property
    def label(self) -> str:
        """What people read for it."""
        return fact_label(self.fact, self.said)

    def as_line(self) -> str:
        """Return the fact as a line of a confirmation's YAML, its value still to be written."""
        said = f", label: {scalar(self.said)}" if self.said and self.said == self.label else ""
        return f"{{fact: {self.fact}{said}, observed: }}"

    def as_json(self) -> dict[str, str]:
        """Return plain values for ``--json``; what is empty is left out."""
        values = {"fact": self.fact, "label": self.label, "category": self.category}
        return {name: value for name, value in values.items() if value}

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called, in every language."""
        return (self.fact, *set_labels(self.fact), *filter(None, [self.said]))


def known_facts(
    environments: Iterable[Environment], documented: Iterable[tuple[str, str]] = ()
) -> list[NamedFact]:
    """Return the facts that the settings, pages and records name, each once.

    environments: of records, the last one last: what it calls a fact counts. documented: the
    category and name of each that pages state.
    """
    categories: dict[str, str] = {fact: category for category, fact in documented}
    said: dict[str, str] = {}
    for environment in environments:
        for category, facts in environment:
            for one in facts:
                categories.setdefault(one.fact, category)
                if one.label:
                    said[one.fact] = one.label
    for name, standard in STANDARD_FACTS.items():
        categories.setdefault(name, standard.category)
    names = dict.fromkeys([*layout().facts, *categories])
    found = (NamedFact(name, categories.get(name, ""), said.get(name)) for name in names)
    return sorted(found, key=lambda one: fold(one.label))


def fact_called(said: str, known: Sequence[NamedFact]) -> NamedFact | None:
    """Return the known fact that has this name or label, in any width of letters."""
    wanted = fold(said)
    return next((one for one in known if wanted in map(fold, one.names)), None)


def facts_like(said: str, known: Sequence[NamedFact]) -> list[NamedFact]:
    """Return the known facts of whose name or label half was typed, else the nearest."""
    wanted = fold(said)
    found = [one for one in known if any(wanted in fold(name) for name in one.names)]
    if found:
        return sorted(found, key=lambda one: not fold(one.label).startswith(wanted))
    close = near(said, [one.label for one in known])
    return [one for one in known if one.label in close]


def new_fact(label: str, category: str, known: Sequence[NamedFact]) -> NamedFact:
    """Return the fact that *label* names, which is not known: its name is made of the label."""
    name = fact_name_of(label, {one.fact for one in known})
    return NamedFact(name, category, label)


def nearest_facts(said: str, known: Sequence[NamedFact]) -> str | None:
    """Return a hint that names the known facts that are like what was typed, None for none."""
    close = [one.label for one in facts_like(said, known)][:5]
    return t("nearest: {names}", names=t(", ").join(close)) if close else None
