"""Make a suggestion's edits again, from its record alone, on the manual as it is today."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

from manualsmith.errors import Place, Problem, UserError
from manualsmith.layout import MANUALS, Manual, page_path
from manualsmith.markdown.apply_edit import Applied, describe, resolve
from manualsmith.markdown.checks.unsafe_content import added_unsafe
from manualsmith.markdown.drift.same_step import Beside
from manualsmith.markdown.edit_models import AddPage, MovePage, RemovePage
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.records.models.suggestion import EditRecord, Suggestion, TextChange
from manualsmith.settings.read_settings import Settings
from manualsmith.text import t
from manualsmith.workflow.workspace.brought_pictures import brought_picture
from manualsmith.workflow.workspace.changed_page import ChangedPage, Made, text_of
from manualsmith.workflow.workspace.dead_links import refuse_dead_links, refuse_lost_ids
from manualsmith.workflow.workspace.edits_beside import made_beside
from manualsmith.workflow.workspace.followed_pages import elsewhere, followed
from manualsmith.workflow.workspace.included_files import told_where, words_of
from manualsmith.workflow.workspace.moved_pages import also_of, give_way, refuse_left_out
from manualsmith.workflow.workspace.nav_lines import nav_with
from manualsmith.workflow.workspace.snapshot import Snapshot, likely_hint


class Already(Exception):
    """The manual says so already; ``places`` are where."""

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__(", ".join(places))
        self.places = tuple(places)


@dataclass(frozen=True)
class Rebuilt:
    """A suggestion on today's manual: its record with what became of each edit, and the pages."""

    record: Suggestion
    pages: tuple[ChangedPage, ...]


def rebuild(record: Suggestion, snapshot: Snapshot, settings: Settings) -> Rebuilt:
    """Return the suggestion as it is on the manual of *snapshot*.

    Each edit's target is read on the page that it was made against, and found again on today's.
    Raises Already where every page says so already, UserError where any page cannot be edited.
    """
    edits: list[EditRecord] = []
    pages: list[ChangedPage] = []
    already: list[str] = []
    problems: list[Problem] = []
    manual = MANUALS[record.manual]
    for asked in record.edits:
        edit = asked
        try:
            edit = followed(manual, asked, snapshot, record.base)
            beside = partial(made_beside, record, edit, snapshot)
            made = make_edit(manual, edit, snapshot, settings, beside)
        except TargetLost as lost:
            if lost.reason == "already":
                already.append(already_at(manual, edit.page, lost))
                edits.append(_standing(record, asked, snapshot))
            else:
                problems += _placed(record, edit, _split(manual, edit, lost, snapshot))
        except UserError as error:
            problems += _placed(record, edit, error)
        else:
            edits.append(made.record)
            pages += made.pages
    if problems:
        raise UserError(problems)
    if not pages:
        raise Already(already)
    return Rebuilt(record.model_copy(update={"edits": tuple(edits)}), tuple(pages))


def changing(record: Suggestion) -> Suggestion:
    """Return a record without the edits that change nothing, for their pages say so already."""
    edits = tuple(edit for edit in record.edits if edit.changes or edit.result is None)
    return record.model_copy(update={"edits": edits})


def make_edit(
    manual: Manual,
    edit: EditRecord,
    snapshot: Snapshot,
    settings: Settings,
    beside: Beside = tuple,
) -> Made:
    """Return one page's edit made on the manual of *snapshot*.

    ``edit.blob`` is the page that the target was read on, None for a page that is to be new.
    *beside* returns the edits made against that page which today's has already.
    Raises TargetLost where the place is not there, UserError where the page or the text is at
    fault.
    """
    wanted = edit.written
    if isinstance(wanted, MovePage | RemovePage):
        return give_way(manual, edit, wanted, snapshot)
    blob = snapshot.page(manual, edit.page)
    if blob is None and wanted.action != "add-page":
        raise snapshot.missing_page(manual, edit.page)
    path = manual.path(edit.page)
    refuse_left_out(manual, edit.page, "page")
    if blob is None and (there := snapshot.in_the_way(path)):
        raise UserError([Problem(t("{path} is there already", path=there), field="page")])
    before = blob.text if blob else ""
    known = blob is not None and edit.blob not in (None, blob.oid)
    base = base_text(snapshot, edit) if known else None
    if known and base is None:
        raise UserError(t("the page that it was made against is not in this repository"))
    try:
        applied = resolve(before, wanted, base, snapshot.dialect_for(manual), beside)
    except TargetLost as lost:
        raise told_where(lost, words_of(wanted), path, before, snapshot) from lost
    refuse_unsafe(applied, settings)
    picture = brought_picture(manual, edit, snapshot)
    pictures = [picture] if picture else []
    refuse_dead_links(path, before, applied.text, snapshot, [one.path for one in pictures])
    refuse_lost_ids(path, applied, snapshot)
    changes = tuple(TextChange(**asdict(change)) for change in describe(applied))
    result = snapshot.blob_id(applied.text.encode())
    nav = nav_with(snapshot, path, wanted.title) if isinstance(wanted, AddPage) else []
    beside_it = [*pictures, *nav]
    also = tuple(also_of(beside_it, snapshot))
    return Made(
        edit.model_copy(update={"result": result, "changes": changes, "also": also}),
        (ChangedPage(path, blob.text if blob else None, applied.text), *beside_it),
        applied,
    )


def base_text(snapshot: Snapshot, edit: EditRecord) -> str | None:
    """Return the page that an edit was made against, None for a new one or one that is gone."""
    data = snapshot.object(edit.blob) if edit.blob else None
    return text_of(data)


def _standing(record: Suggestion, edit: EditRecord, snapshot: Snapshot) -> EditRecord:
    """Return the record of an edit that changes nothing, for the page says so already."""
    result = snapshot.page_id(MANUALS[record.manual], edit.page) or edit.result
    return edit.model_copy(update={"result": result, "changes": ()})


def refuse_unsafe(applied: Applied, settings: Settings) -> None:
    """Raise UserError where a page would gain what could run in a reader's browser."""
    own = applied.page.dialect.entries.tags
    unsafe = added_unsafe(applied, (*settings.allow_html, *own))
    if unsafe:
        hint = t(
            "put it in backticks to show it as text; the settings can allow a tag: "
            "[tool.manualsmith] allow_html"
        )
        found = ", ".join(dict.fromkeys(map(str, unsafe)))
        message = t("the text may not bring this onto the page: {found}", found=found)
        raise UserError([Problem(message, hint=hint, field="text")])


def already_at(manual: Manual, page: str, lost: TargetLost) -> str:
    """Return ``file:line`` of where a page says so already."""
    return str(Place(manual.path(page), lost.problems[0].place.line))


def _split(manual: Manual, edit: EditRecord, lost: TargetLost, snapshot: Snapshot) -> UserError:
    """Return *lost* with the pages that have the place now, where the page was renamed or split."""
    if edit.asked is None or lost.reason not in ("missing", "changed"):
        return lost
    found = elsewhere(manual, edit, snapshot)
    hint = likely_hint(found) if found else None
    return UserError(replace(problem, hint=hint or problem.hint) for problem in lost.problems)


def _placed(record: Suggestion, edit: EditRecord, error: UserError) -> list[Problem]:
    path = page_path(record.manual, edit.page)
    return [
        replace(problem, place=replace(problem.place, file=problem.place.file or path))
        for problem in error.problems
    ]
