"""What an incident was resolved with: an entry, a place of the operation manual, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import is_page, manuals_of
from manualsmith.markdown.dialect import DEFAULT
from manualsmith.markdown.entries.entry_places import entries_of
from manualsmith.markdown.entries.troubleshooting_entry import bare_step
from manualsmith.markdown.locating.locate import find_place
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_links import section_ids
from manualsmith.naming import SHOWN, fold, near
from manualsmith.records.models.incident import EntryRef, Worked
from manualsmith.text import t
from manualsmith.workflow.queue.named_pages import page_named
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot


@dataclass(frozen=True)
class Resolving:
    """How an incident was resolved, as somebody says it.

    entry: the troubleshooting entry that was followed, or place: that of the operation manual; see
    `place_named`. Neither: the manuals say nothing of it. worked: without it, it follows from
    these and the steps. steps: what was done, one each, where the manual's way did not do.
    """

    entry: str = ""
    place: str = ""
    worked: Worked | None = None
    cause: str | None = None
    steps: Sequence[str] = ()


def resolution(workspace: Workspace, said: Resolving) -> tuple[tuple[str, object], ...]:
    """Return what resolving sets of an incident.

    Raises UserError where there is no such place, or that does not say what worked.
    """
    if said.entry and said.place:
        raise UserError(t("an entry, or a place of the operation manual: one of the two"))
    named, kind = (said.entry, "troubleshooting") if said.entry else (said.place, "operation")
    followed = place_named(workspace, named, kind) if named else None
    worked: Worked = said.worked or (
        "no-entry" if followed is None else "corrected" if said.steps else "as-written"
    )
    _refuse_odd(worked, followed, said.steps)
    return (
        ("entry", followed),
        ("worked", worked),
        ("cause", said.cause),
        ("resolution", tuple(bare_step(step) for step in said.steps)),
    )


def _refuse_odd(worked: Worked, followed: EntryRef | None, steps: Sequence[str]) -> None:
    follows = t("leave out --worked: it follows from --entry, --place and --step")
    if worked != "no-entry" and followed is None:
        raise UserError(
            t("which entry, or which place of the manual, was followed?"),
            hint=t("name it: --entry sign-in.md#login-loop"),
        )
    if worked == "no-entry" and followed:
        raise UserError(
            t("which entry was followed, and whether there was one, do not agree"), hint=follows
        )
    if worked == "as-written" and steps:
        raise UserError(t("as written, and yet other steps"), hint=follows)
    if worked != "as-written" and not steps:
        raise UserError(
            t("what resolved it is missing"), hint=t("give each step: --step … --step …")
        )


def place_named(workspace: Workspace, said: str, kind: str) -> EntryRef:
    """Return the place of a manual that people name: ``page#heading``, or a heading or page alone.

    A page is named as `page_named` has it, a heading by its text or its id. A page alone means all
    of it, where its manual has no entries. Raises UserError with the nearest ones.
    """
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        return (None if "#" in said else _called(snapshot, said, kind)) or _on_page(
            snapshot, *said.partition("#")[::2], kind
        )


def _on_page(snapshot: Snapshot, page: str, heading: str, kind: str) -> EntryRef:
    manual, path = page_named(snapshot, page, kind)
    blob = snapshot.page(manual, path)
    if blob is None:
        raise snapshot.missing_page(manual, path)
    read = Page(blob.text, snapshot.dialect_for(manual))
    ids = dict(zip(section_ids(read), read.sections, strict=True))
    whole = None if heading or kind == "troubleshooting" else next(iter(read.sections), None)
    section = ids.get(heading) or whole or find_place(read, [heading])
    return EntryRef(page=path, section=section.path, manual=manual.name)


def _called(snapshot: Snapshot, said: str, kind: str) -> EntryRef | None:
    """Return the one place whose heading is *said*; None where it names a page instead.

    Raises UserError where several are called so, and where neither an entry nor a page is.
    """
    known, wanted = places(snapshot, kind), fold(said)
    found = [one for one in known if fold(one.section[-1]) == wanted]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        names = ", ".join(place_text(one) for one in found[:SHOWN])
        raise UserError(
            t("several places are called {title}", title=said),
            hint=t("name one of: {names}", names=names),
        )
    if kind != "troubleshooting" or is_page(said):
        return None
    close = near(said, [one.section[-1] for one in known])
    hint = t("nearest: {names}", names=t(", ").join(close)) if close else None
    raise UserError(t("no entry is called {title}", title=said), hint=hint)


def places(snapshot: Snapshot, kind: str) -> list[EntryRef]:
    """Return the places of the manuals of a kind: each entry, or each section, in their order."""
    return [
        EntryRef(page=blob.page, section=one.path, manual=manual.name)
        for manual in manuals_of(kind)
        for blob in snapshot.texts(manual)
        for one in _places(Page(blob.text, DEFAULT.for_manual(manual)), kind)
    ]


def _places(page: Page, kind: str) -> Sequence[Section]:
    return entries_of(page) if kind == "troubleshooting" else page.sections


def place_text(place: EntryRef) -> str:
    """Return a place as `place_named` takes it."""
    return f"{place.manual}/{place.page}#{place.section[-1]}"
