"""The tables of manuals, record kinds and environment categories: folders, branches, names.

Source: occupational standard IIS3512-001v1, outputs O1.1.1, O1.2.1 and O1.2.2.
"""

from dataclasses import dataclass
from typing import Literal

from manualsmith.text import marked

CONFIRMATIONS = "records/confirmations"
DOCS = "docs"
MANUALS_FOLDER = "manuals"

ManualName = Literal["operation", "troubleshooting"]

SUGGESTIONS_FOLDER = "suggestions"
BY_HAND = "suggestions/by-hand"

STATES = ("open", "accepted", "rejected", "withdrawn", "superseded", "reverted")


@dataclass(frozen=True)
class Manual:
    """One manual: its folder, and the standard's output and indicator for edits to it.

    The labels are in English; `text.t` puts them into the reader's language.
    """

    name: ManualName
    title: str
    label: str
    folder: str
    output: str
    output_title: str
    output_label: str
    indicator: str
    suggestions: str


MANUALS: dict[str, Manual] = {
    "operation": Manual(
        name="operation",
        title="操作手冊",
        label=marked("Operation manual"),
        folder="manuals/operation",
        output="O1.2.1",
        output_title="操作手冊建議修正紀錄",
        output_label=marked("Suggested correction of the operation manual"),
        indicator="P1.2.1",
        suggestions="suggestions/operation",
    ),
    "troubleshooting": Manual(
        name="troubleshooting",
        title="障礙排除手冊",
        label=marked("Troubleshooting manual"),
        folder="manuals/troubleshooting",
        output="O1.2.2",
        output_title="障礙排除手冊建議修正紀錄",
        output_label=marked("Suggested correction of the troubleshooting manual"),
        indicator="P1.2.2",
        suggestions="suggestions/troubleshooting",
    ),
}


@dataclass(frozen=True)
class RecordKind:
    """A kind of record: its folder, the standard's output, and what it is evidence for.

    model: its class under ``records/models/``. title is the standard's; label, in English, is put
    into the reader's language by `text.t`.
    """

    folder: str
    model: str
    output: str
    title: str
    label: str
    indicators: tuple[str, ...]


# By the prefix of their ids.
RECORDS: dict[str, RecordKind] = {
    "ENV": RecordKind(
        CONFIRMATIONS,
        "confirmation.Confirmation",
        "O1.1.1",
        "系統環境確認書",
        marked("System environment confirmation"),
        ("P1.1.1", "P1.1.2"),
    ),
    "WLK": RecordKind(
        "records/walkthroughs",
        "walkthrough.Walkthrough",
        "O2.1.1",
        "操作方式確認表",
        marked("Walkthrough"),
        ("P2.1.1", "P2.1.2"),
    ),
    "REQ": RecordKind(
        "records/requests",
        "request.Request",
        "O2.2.1",
        "異常處理申請單",
        marked("Problem request"),
        ("P2.2.1",),
    ),
    "INC": RecordKind(
        "records/incidents",
        "incident.Incident",
        "O2.2.2",
        "異常處理紀錄表",
        marked("Incident record"),
        ("P2.2.2", "P2.2.3", "P2.2.4"),
    ),
}


@dataclass(frozen=True)
class Category:
    """A category of an environment: what the standard calls it, and a label as above.

    heading: a label as well, as it stands beside the facts on a page of the site.
    """

    title: str
    label: str
    heading: str


# Note 1 of the standard, in its order.
CATEGORIES: dict[str, Category] = {
    "hardware": Category("硬體", marked("hardware"), marked("Hardware")),
    "software": Category("軟體", marked("software"), marked("Software")),
    "network": Category("網路", marked("network"), marked("Network")),
    "roles": Category("操作人員的角色", marked("operator roles"), marked("Operator roles")),
    "procedures": Category(
        "操作程序", marked("operating procedures"), marked("Operating procedures")
    ),
}


def record_file(record_id: str) -> str:
    """Return the path of a record's file in the repository that holds it."""
    return f"{RECORDS[record_id[:3]].folder}/{record_id}.yaml"


def confirmation_path(confirmation_id: str) -> str:
    """Return the path of a confirmation's file in the repository."""
    return f"{CONFIRMATIONS}/{confirmation_id}.yaml"


def suggestion_path(manual: Manual, suggestion_id: str) -> str:
    """Return the path of a suggestion's record in the repository."""
    return f"{manual.suggestions}/{suggestion_id}.yaml"


def suggestion_of_path(path: str) -> tuple[Manual, str] | None:
    """Return the manual and the id of the suggestion that has its record at *path*, else None."""
    folder, _, name = path.rpartition("/")
    manual = next((one for one in MANUALS.values() if one.suggestions == folder), None)
    return (manual, name.removesuffix(".yaml")) if manual and name.endswith(".yaml") else None


BRANCHES = "refs/heads/suggest/"
RELEASES = "release/"


def suggestion_branch(manual: Manual, suggestion_id: str, release: str = "") -> str:
    """Return the full ref name of a suggestion's branch; *release* is empty for today's manuals."""
    return f"{BRANCHES}{manual.output}{release and f'@{release}'}/{suggestion_id}"


def suggestion_of(ref: str) -> tuple[Manual, str, str] | None:
    """Return the manual, the id and the release that a suggestion branch's full ref names.

    None for any other ref.
    """
    output, _, suggestion_id = ref.removeprefix(BRANCHES).partition("/")
    output, at, release = output.partition("@")
    manual = next((one for one in MANUALS.values() if one.output == output), None)
    if manual is None or not ref.startswith(BRANCHES) or bool(at) != bool(release):
        return None
    return manual, suggestion_id, release


def page_path(manual: str, page: str) -> str:
    """Return the path in the repository of a page of the manual of that name."""
    return f"{MANUALS[manual].folder}/{page}"


def page_of(path: str) -> tuple[Manual, str] | None:
    """Return the manual and the page that a path in the repository names, None for other paths."""
    for manual in MANUALS.values():
        if path.startswith(f"{manual.folder}/"):
            return manual, path[len(manual.folder) + 1 :]
    return None


def in_right_case(path: str) -> str | None:
    """Return what *path* would be in a manual, where letters' case keeps it out of the folder.

    None for any other path. ``Manuals/operation/x.md`` is such a one, and a file ``Manuals``.
    """
    parts = path.split("/")
    for manual in MANUALS.values():
        folder = manual.folder.split("/")
        right = [*folder[: len(parts)], *parts[len(folder) :]]
        if parts != right and [*map(str.casefold, parts)] == [*map(str.casefold, right)]:
            return "/".join(right)
    return None
