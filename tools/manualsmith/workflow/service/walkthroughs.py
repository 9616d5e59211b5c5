"""Lead a user through a page's steps and note how each one went (P2.1.1, P2.1.2)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import dedent

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import filed_as
from manualsmith.markdown.entries.troubleshooting_entry import bare_step
from manualsmith.markdown.locating.locate import find_section
from manualsmith.markdown.reading.front_matter import BadFrontMatter, read_entries
from manualsmith.markdown.reading.page import Page
from manualsmith.records.models.request import Request
from manualsmith.records.models.walkthrough import Occasion, Result, WalkedStep, Walkthrough
from manualsmith.records.pictures import Picture
from manualsmith.text import t
from manualsmith.workflow.queue.named_pages import page_named
from manualsmith.workflow.service.service_records import Committed, Desk, change, change_with_id
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot


@dataclass(frozen=True)
class Walked:
    """What is to be walked through, with whom."""

    page: str
    section: str | None = None
    product: str | None = None
    requester: str | None = None
    request: str | None = None
    occasion: Occasion | None = None


def new_walkthrough(
    workspace: Workspace,
    records: Workspace,
    walked: Walked,
    staff: str,
    when: datetime,
    *,
    dry_run: bool = False,
) -> Walkthrough:
    """Write the form of a walkthrough with the steps of the page as it is on main, and return it.

    Raises UserError where there is no such page or section, or it has no numbered steps.
    """
    read = _read(workspace, walked)

    def work(desk: Desk, kept: Committed, name: str) -> Walkthrough:
        if walked.request:
            desk.one(Request, walked.request)
        product = walked.product or read.product
        if not product:
            raise UserError(t("which product?"), hint=t("name it: --product nextcloud"))
        made = Walkthrough(
            id=name,
            date=when.date(),
            product=product,
            release=workspace.release or None,
            occasion=walked.occasion or ("request" if walked.request else None),
            staff=staff,
            requester=walked.requester,
            request=walked.request,
            manual=read.manual,
            page=read.page,
            section=read.section,
            blob=read.blob,
            steps=read.steps,
        )
        kept.put(made)
        return made

    return change_with_id(records, "WLK", when.year, work, _told, dry_run=dry_run)


@dataclass(frozen=True)
class _Read:
    """The steps of a page as main has it; *product* is the one that it is for, if it says."""

    manual: str
    page: str
    blob: str
    product: str
    section: tuple[str, ...] | None
    steps: tuple[WalkedStep, ...]


def _read(workspace: Workspace, walked: Walked) -> _Read:
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        manual, path = page_named(snapshot, walked.page, "operation")
        blob = snapshot.page(manual, path)
        if blob is None:
            raise snapshot.missing_page(manual, path)
        page = Page(blob.text, snapshot.dialect)
    section = find_section(page, [walked.section]).path if walked.section else None
    steps = tuple(steps_of(page, section))
    if not steps:
        raise UserError(
            t("{page} has no numbered steps there", page=walked.page),
            hint=t("name a section that has: --section …"),
        )
    product = _product(blob.text) or manual.product
    return _Read(manual.name, path, blob.oid, product, section, steps)


def _product(text: str) -> str:
    try:
        found = read_entries(text).get(("product",))
    except BadFrontMatter:
        found = None
    return found.value if found else ""


_TAB = re.compile(r"""[ \t]*===[!+]?[ \t]+["'](?P<title>[^"'\n]+)["']""")


def _tab(page: Page, line: int, first: int) -> str | None:
    """Return the title of the tab that a line stands in, looked for from the line *first* on."""
    inside = _indent(page, line)
    for above in range(line - 1, first - 1, -1):
        text = page.source.line_text(above)
        if text.strip() and _indent(page, above) < inside:
            found = _TAB.match(text)
            if found:
                return found["title"]
            inside = _indent(page, above)
    return None


def _indent(page: Page, line: int) -> int:
    text = page.source.line_text(line).expandtabs(4)
    return len(text) - len(text.lstrip())


def steps_of(page: Page, section: Sequence[str] | None = None) -> Iterator[WalkedStep]:
    """Yield the numbered steps of a page, or of a section and those under it."""
    for one in page.sections:
        if section and one.path[: len(section)] != tuple(section):
            continue
        lists = [found for found in page.lists(one) if one.line <= found.line < one.own_end]
        for number, found in enumerate(lists, start=1):
            tab = _tab(page, found.line, one.line)
            for index, item in enumerate(found.items, start=1):
                first, newline, rest = item.content.of(page.text).strip().partition("\n")
                yield WalkedStep(
                    section=one.path,
                    list=number if len(lists) > 1 else None,
                    step=str(index),
                    tab=tab,
                    text=first + newline + dedent(rest),
                )


def _with(step: WalkedStep, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the pictures of a step with further ones, each once."""
    return tuple(dict.fromkeys((*step.pictures, *names)))


@dataclass(frozen=True)
class Went:
    """How one step went; see `WalkedStep`. *number* counts all steps of the form, from 1."""

    number: int
    result: Result
    seen: str | None = None
    before: str | None = None
    note: str | None = None
    pictures: tuple[Picture, ...] = ()


def note_steps(
    records: Workspace, walkthrough_id: str, went: Sequence[Went], *, dry_run: bool = False
) -> Walkthrough:
    """Note how steps went, and return the walkthrough.

    Raises UserError for a step that the form does not have, or one that differs with nothing said
    of what it should be.
    """

    def work(desk: Desk, kept: Committed) -> Walkthrough:
        record = desk.one(Walkthrough, walkthrough_id)
        if record.confirmation:
            raise UserError(
                t(
                    "{id} led to {confirmation} already",
                    id=record.id,
                    confirmation=record.confirmation,
                )
            )
        steps = list(record.steps)
        for one in went:
            if not 1 <= one.number <= len(steps):
                count = len(steps)
                raise UserError(t("no step {number}: 1 to {count}", number=one.number, count=count))
            if one.result == "differs" and not (one.seen or one.before):
                raise UserError(
                    t("step {number} differs: how?", number=one.number),
                    hint=t("say what it should be (--seen), or which step is missing (--before)"),
                )
            steps[one.number - 1] = steps[one.number - 1].model_copy(
                update={
                    "result": one.result,
                    "seen": one.seen and bare_step(one.seen),
                    "before": one.before and bare_step(one.before),
                    "note": one.note,
                    "pictures": _with(steps[one.number - 1], kept.put_pictures(one.pictures)),
                }
            )
        record = record.model_copy(update={"steps": tuple(steps)})
        kept.put(record)
        return record

    return change(records, work, _told, dry_run=dry_run)


def _told(record: Walkthrough) -> str:
    subject = f"{filed_as(record.id)} {record.manual}/{record.page}"
    return f"{subject}\n\nRecord: {record.id}\n"
