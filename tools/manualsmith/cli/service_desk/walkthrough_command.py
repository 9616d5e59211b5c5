"""``manualsmith walkthrough``: lead a user through a page's steps (O2.1.1)."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from manualsmith.cli.group import OK, Group
from manualsmith.cli.record_options import (
    as_json,
    by_whom,
    clean,
    desks,
    masking,
    pictures_in,
    picturing,
    record_json,
    trying,
    when,
)
from manualsmith.errors import UserError
from manualsmith.text import t

RESULTS = ("as-written", "differs", "failed", "not-applicable")

if TYPE_CHECKING:
    from manualsmith.records.models.walkthrough import Walkthrough

EPILOG = t(
    """\b
Examples:
  manualsmith walkthrough new --page operation/mobile.md --interactive
  manualsmith walkthrough step WLK-2026-0003 2 differs --seen 按「允許存取」。
  manualsmith walkthrough to-confirmation WLK-2026-0003
"""
)


@click.group(cls=Group, help=t("Lead a user through a page's steps (O2.1.1)."), epilog=EPILOG)
def walkthrough() -> None:
    """Hold the subcommands."""


@walkthrough.command(
    help=t("Write the form with the page's steps as they are today."),
    epilog=t(
        """\b
Examples:
  manualsmith walkthrough new --page operation/mobile.md
  manualsmith walkthrough new --page operation/mobile.md --section 安裝與登入 --interactive
"""
    ),
)
@click.option("--page", required=True, help=t("The page: its title, or operation/sign-in.md."))
@click.option("--section", help=t("Only this section's steps."))
@click.option("--product", help=t("The product; without it, the page's."))
@click.option("--request", help=t("The request that it comes from."))
@click.option("--requester", help=t("The user's role or department; never a name."))
@click.option(
    "--occasion",
    type=click.Choice(["launch", "request"]),
    help=t("A new product goes live, or a user needs it; the latter where --request is named."),
)
@click.option("--interactive", is_flag=True, help=t("Go through the steps here and now."))
@by_whom
@trying
@as_json
@click.pass_obj
def new(
    folder: Path,
    page: str,
    section: str | None,
    product: str | None,
    request: str | None,
    requester: str | None,
    occasion: str | None,
    interactive: bool,
    staff: str | None,
    at: datetime | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Write the form."""
    from manualsmith.cli.output.terminal import err, show_json
    from manualsmith.workflow.service.service_records import staff_of
    from manualsmith.workflow.service.walkthroughs import Walked, new_walkthrough

    workspace, records = desks(folder)
    walked = Walked(page, section, product, requester, request, occasion)  # type: ignore[arg-type]
    who = staff_of(records, staff)
    made = new_walkthrough(workspace, records, walked, who, when(at), dry_run=dry_run)
    if as_json:
        show_json({"record": record_json(made)})
    elif interactive and not dry_run:
        _go_through(folder, made)
    else:
        _show(made)
        if not dry_run:
            err().print(t("next: manualsmith walkthrough do {id}", id=made.id), style="dim")
    return OK


@walkthrough.command(
    "do",
    help=t("Go through the steps that are not done yet."),
    epilog=t(
        """\b
Example:
  manualsmith walkthrough do WLK-2026-0003
"""
    ),
)
@click.argument("walkthrough_id", metavar="WLK")
@click.pass_obj
def do(folder: Path, walkthrough_id: str) -> int:
    """Ask how each step went that nobody has done yet."""
    from manualsmith.records.models.walkthrough import Walkthrough
    from manualsmith.workflow.service.service_records import read_desk

    _go_through(folder, read_desk(desks(folder)[1]).one(Walkthrough, walkthrough_id))
    return OK


def _go_through(folder: Path, record: "Walkthrough") -> None:
    """Ask for each step how it went; each answer is kept at once."""
    from manualsmith.cli.output.terminal import err, out, show_problems
    from manualsmith.workflow.service.walkthroughs import Went, note_steps

    records = desks(folder)[1]
    console, keys = out(), {"y": "as-written", "d": "differs", "n": "failed", "x": "not-applicable"}
    told = t("what is done is kept; go on with: manualsmith walkthrough do {id}", id=record.id)
    err().print(f"{record.id}  {told}", style="dim")
    place: tuple[str, ...] = ()
    for number, step in enumerate(record.steps, start=1):
        if step.result:
            continue
        if place != (place := (*step.section, *([step.tab] if step.tab else []))):
            console.print("\n" + " › ".join(place), style="bold cyan")
        console.print(f"{step.step}. {step.text}", style="bold")
        asked = t("y as written, d differs, n could not do, x not for this environment, s later")
        key = click.prompt(asked, type=click.Choice(["y", "d", "n", "x", "s"]), default="y")
        if key == "s":
            continue
        seen = before = note = None
        if key == "d":
            seen = click.prompt(t("what should the step say (empty: as it is)"), default="") or None
            asked = t("where a step is missing before it, write that step (empty: none)")
            before = click.prompt(asked, default="") or None
            if not (seen or before):
                console.print(t("nothing was said of what differs: left for later"), style="yellow")
                continue
        if key == "n":
            note = click.prompt(t("what happened"), default="") or None
        went = Went(number, keys[key], seen, before, note)  # type: ignore[arg-type]
        try:
            record = note_steps(records, record.id, [went])
        except UserError as error:  # the call goes on
            show_problems(error.problems)
            console.print(t("left for later"), style="yellow")
    _show(record)
    _next(record)


def _next(record: "Walkthrough") -> None:
    """Say what to do with a walkthrough whose steps are all done."""
    from manualsmith.cli.output.terminal import err

    if not record.unfinished:
        told = t("next: manualsmith walkthrough to-confirmation {id}", id=record.id)
        err().print(told, style="dim")


@walkthrough.command(
    "list",
    help=t("List walkthroughs, the newest first."),
    epilog=t(
        """\b
Examples:
  manualsmith walkthrough list
  manualsmith walkthrough list --open --json
"""
    ),
)
@click.option("--open", "only_open", is_flag=True, help=t("Those with steps that are not done."))
@as_json
@click.pass_obj
def list_(folder: Path, only_open: bool, as_json: bool) -> int:
    """Print the walkthroughs."""
    from manualsmith.cli.output.terminal import listing, out, show_json, show_problems
    from manualsmith.workflow.service.service_records import read_desk

    desk = read_desk(desks(folder)[1])
    found = [
        one
        for one in sorted(desk.walkthroughs.values(), key=lambda one: one.id, reverse=True)
        if one.unfinished or not only_open
    ]
    if as_json:
        show_json({"walkthroughs": [record_json(one) for one in found]})
        return OK
    table = listing((t("id"), t("date"), t("page"), t("done"), t("confirmation")))
    for one in found:
        done = f"{len(one.steps) - len(one.unfinished)}/{len(one.steps)}"
        page = f"{one.manual}/{one.page}"
        table.add_row(one.id, str(one.date), page, done, one.confirmation or "")
    out().print(table if found else t("no walkthrough"))
    show_problems(desk.problems)
    return OK


@walkthrough.command(
    help=t("Note how one step went. Steps are counted through the form, from 1."),
    epilog=t(
        """\b
Examples:
  manualsmith walkthrough step WLK-2026-0003 1 as-written
  manualsmith walkthrough step WLK-2026-0003 2 differs --seen 按「允許存取」。
  manualsmith walkthrough step WLK-2026-0003 3 differs --before 輸入驗證碼。
  manualsmith walkthrough step WLK-2026-0003 4 failed --note 沒有這個按鈕
  manualsmith walkthrough step WLK-2026-0003 5 not-applicable
"""
    ),
)
@click.argument("walkthrough_id", metavar="WLK")
@click.argument("number", type=int)
@click.argument("result", type=click.Choice(RESULTS))
@click.option("--seen", help=t("What the step should say."))
@click.option("--before", help=t("A step that is missing before it."))
@click.option("--note", help=t("What there is to say of it."))
@picturing
@masking
@trying
@click.pass_obj
def step(
    folder: Path,
    walkthrough_id: str,
    number: int,
    result: str,
    seen: str | None,
    before: str | None,
    note: str | None,
    pictures: tuple[Path, ...],
    mask: bool,
    dry_run: bool,
) -> int:
    """Note how one step went."""
    from manualsmith.workflow.service.walkthroughs import Went, note_steps

    records = desks(folder)[1]
    seen, before, note = (clean(text, mask, records) for text in (seen, before, note))
    shown = pictures_in(pictures)
    went = Went(number, result, seen, before, note, shown)  # type: ignore[arg-type]
    record = note_steps(records, walkthrough_id, [went], dry_run=dry_run)
    _show(record)
    _next(record)
    return OK


@walkthrough.command(
    help=t("Show one walkthrough."),
    epilog=t(
        """\b
Example:
  manualsmith walkthrough show WLK-2026-0003
"""
    ),
)
@click.argument("walkthrough_id", metavar="WLK")
@as_json
@click.pass_obj
def show(folder: Path, walkthrough_id: str, as_json: bool) -> int:
    """Print one walkthrough."""
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.records.models.walkthrough import Walkthrough
    from manualsmith.workflow.service.service_records import read_desk

    found = read_desk(desks(folder)[1]).one(Walkthrough, walkthrough_id)
    if as_json:
        show_json(record_json(found))
    else:
        _show(found)
    return OK


def _show(record: "Walkthrough") -> None:
    from manualsmith.cli.output.terminal import listing, out
    from manualsmith.records.models.walkthrough import result_name

    styles = {"as-written": "green", "differs": "yellow", "failed": "red"}
    out().print(f"{record.id}  {record.manual}/{record.page}", style="bold")
    table = listing(("#", t("section"), t("step"), t("result"), t("seen")))
    for number, one in enumerate(record.steps, start=1):
        texts = (one.before and f"+ {one.before}", one.seen, one.note)
        table.add_row(
            str(number),
            one.section[-1] + (f" ({one.tab})" if one.tab else ""),
            one.text.split("\n")[0],
            result_name(one.result),
            "\n".join(text for text in texts if text),
            style=styles.get(one.result or "", "dim"),
        )
    out().print(table)


@walkthrough.command(
    "to-confirmation",
    help=t(
        "Draft the confirmation (O1.1.1): each step that differed is a finding with its edit, each "
        "section that was as written is confirmed."
    ),
    epilog=t(
        """\b
Example:
  manualsmith walkthrough to-confirmation WLK-2026-0003
\b
Then: manualsmith confirm finish ENV-2026-0010
"""
    ),
)
@click.argument("walkthrough_id", metavar="WLK")
@by_whom
@trying
@click.pass_obj
def to_confirmation(
    folder: Path, walkthrough_id: str, staff: str | None, at: datetime | None, dry_run: bool
) -> int:
    """Draft the confirmation that a walkthrough leads to."""
    from manualsmith.cli.output.show_draft import show_draft
    from manualsmith.workflow.service.draft_confirmation import from_walkthrough
    from manualsmith.workflow.service.service_records import staff_of

    records = desks(folder)[1]
    who = staff_of(records, staff)
    show_draft(
        from_walkthrough(records, walkthrough_id, who, when(at), dry_run=dry_run), dry_run=dry_run
    )
    return OK
