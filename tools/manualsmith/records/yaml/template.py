"""The commented template that a new confirmation starts from."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from string import Template
from types import MappingProxyType

from manualsmith.layout import CATEGORIES, manuals_language
from manualsmith.text import Language, paper_language
from manualsmith.yaml_quoting import scalar


def confirmation_template(
    confirmation_id: str,
    day: date | str,
    product: str,
    staff: str | None = None,
    release: str = "",
    environment: Mapping[str, Sequence[Mapping[str, str]]] = MappingProxyType({}),
) -> str:
    """Return the text of a new confirmation: the given values, and blanks with what goes there.

    environment: the facts of each category that are known, each its values by field. It validates
    as soon as the blank after ``reported`` is filled.
    """
    facts = {
        category: "".join(map(_fact, environment.get(category, ()))) for category in CATEGORIES
    }
    return _template(paper_language(manuals_language())).substitute(
        id=confirmation_id,
        date=str(day),
        product=scalar(product),
        release=f"\nrelease: {scalar(release)}" if release else "",
        staff=scalar(staff) if staff else "",
        **facts,
    )


def _fact(values: Mapping[str, str]) -> str:
    fields = ", ".join(f"{name}: {scalar(value)}" for name, value in values.items())
    return f"\n    - {{{fields}}}"


@cache
def _template(language: Language) -> Template:
    path = Path(__file__).with_name(f"confirmation.template.{language}.yaml")
    return Template(path.read_text(encoding="utf-8"))
