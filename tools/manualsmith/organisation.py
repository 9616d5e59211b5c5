"""Whose manuals they are: its name and mark, zone of time, roles, and what its forms on paper say.

A repository says it in ``[tool.manualsmith.organisation]``; `layout.layout` holds what is in force.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from manualsmith.text import language, marked, t

# A text in every language, or a text for each, by the language's name: zh-TW, en.
Label = str | Mapping[str, str]

# Note 3 of the standard names these two, and leaves room for others.
ROLES: Mapping[str, Label] = {
    "developer": marked("software developer"),
    "architect": marked("architect"),
}
ROLE_NAME = r"[a-z][a-z0-9-]{0,39}"


def label_text(label: Label) -> str:
    """Return a label in the language that is spoken, else in the first that it has."""
    if isinstance(label, str):
        return t(label)
    spoken = language().replace("_", "-")
    return label.get(spoken) or next(iter(label.values()))


@dataclass(frozen=True)
class PaperForm:
    """What a kind of form has of its own: number and edition, how long it is kept, who signs.

    Without *signatures* it has those that its kind usually has.
    """

    number: str = ""
    edition: str = ""
    retention: str = ""
    signatures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Organisation:
    """An organisation.

    mark: its picture (PNG or JPEG) in the repository, printed on forms. timezone: the IANA name of
    the zone that times are shown in. retention: how long a form is kept, where the form says
    nothing. templates: the folder of forms of its own, named as ``O2.2.1.html`` or
    ``O2.2.1.docx``. roles: to whom incidents are escalated, beside `ROLES`, by a short name. forms:
    by the standard's number, such as O2.2.1.
    """

    name: str = ""
    mark: str = ""
    timezone: str = "Asia/Taipei"
    retention: str = ""
    templates: str = ""
    roles: Mapping[str, Label] = field(default_factory=lambda: ROLES)
    forms: Mapping[str, PaperForm] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of time."""
        return ZoneInfo(self.timezone)

    def form(self, output: str) -> PaperForm:
        """Return what a form, by the standard's number, has of its own."""
        return self.forms.get(output, PaperForm())
