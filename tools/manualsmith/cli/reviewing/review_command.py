"""``manualsmith review``: see the queue, look at one suggestion, decide."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from manualsmith.cli.group import OK, REFUSED, Group
from manualsmith.layout import MANUALS, STATES
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.records.models.suggestion import Saying, State
    from manualsmith.workflow.queue.outcomes import Report
    from manualsmith.workflow.sharing.sync import Sharing
    from manualsmith.workflow.workspace.open_workspace import Workspace

EPILOG = t(
    """\b
Examples:
  manualsmith review list
  manualsmith review show ENV-2026-0007-1
  manualsmith review accept ENV-2026-0007-1 ENV-2026-0007-2
  manualsmith review accept --all --from ENV-2026-0007
  manualsmith review reject ENV-2026-0008-1 --reason '畫面是測試版，不必改'
  manualsmith review ask ENV-2026-0007-1 --text '請寫出按鈕的完整名稱'
  manualsmith review refresh --all
\b
Exit codes: 0 done, 1 something was refused (the rest was done), 2 wrong usage.
"""
)


@click.group(cls=Group, help=t("See the queue of suggestions, look at one, decide."), epilog=EPILOG)
def review() -> None:
    """Hold the subcommands."""


Function = Callable[..., Any]


def _options(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


IDS = click.argument("ids", nargs=-1, metavar="[ID]...")
DRY_RUN = click.option("--dry-run", is_flag=True, help=t("Show what would be done, do nothing."))
JSON = click.option("--json", "as_json", is_flag=True, help=t("Print the outcomes as JSON."))
PUSH = click.option(
    "--push", is_flag=True, help=t("Share it: fetch first, and do it on the remote as well.")
)
DISCARD = click.option(
    "--discard-edits", is_flag=True, help=t("Drop what people have committed to the branches.")
)
BY = click.option(
    "--by",
    metavar="NUMBER",
    help=t("Staff number or role that decides; without it, git's manualsmith.staff, or author."),
)
FROM = click.option(
    "--from", "source", metavar="ENV-…", help=t("Only what this confirmation suggests.")
)
ALL = click.option("--all", "everything", is_flag=True, help=t("Every open suggestion."))


@review.command(
    "list",
    help=t(
        "List the open suggestions, oldest first: age, page, kind of edit, confirmation, who "
        "proposed it, whether it still applies to today's main, and which others change the same "
        "place."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith review list --manual operation
  manualsmith review list --page sign-in.md
  manualsmith review list --page 分享檔案
  manualsmith review list --state rejected --state withdrawn
  manualsmith review list --fetch          look on the git host first
  manualsmith review list --json
"""
    ),
)
@click.option("--manual", metavar="NAME", help=t("Only this manual."))
@click.option("--page", metavar="PAGE", help=t("Only this page: its title, or sign-in.md."))
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([*STATES, "all"]),
    help=t("Only these states; without it, the open ones."),
)
@FROM
@click.option("--fetch", "fetching", is_flag=True, help=t("Look on the remote first."))
@click.option("--json", "as_json", is_flag=True, help=t("Print the queue as JSON."))
@click.pass_obj
def list_(
    folder: Path,
    manual: str | None,
    page: str | None,
    states: tuple[str, ...],
    source: str | None,
    fetching: bool,
    as_json: bool,
) -> int:
    """Print the queue."""
    from manualsmith.cli.output.show_outcomes import show_shared
    from manualsmith.cli.output.show_queue import show_queue
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.landing.adopt import try_to_adopt
    from manualsmith.workflow.queue.list_queue import QueueFilter, queue

    workspace = workspace_of(folder)
    if manual is not None and manual not in MANUALS:
        raise click.BadParameter(
            t("one of: {names}", names=", ".join(MANUALS)), param_hint="--manual"
        )
    shared = None
    if fetching:
        from manualsmith.workflow.sharing.sync import fetch

        workspace, shared = fetch(workspace)
    workspace = try_to_adopt(workspace)
    wanted_states = STATES if "all" in states else states or ("open",)
    pages = _pages(workspace, page) if page else ()
    items = queue(workspace, QueueFilter(manual, pages, wanted_states, source), time.time())
    if as_json:
        main = workspace.main
        told = {"shared": shared.as_json()} if shared else {}
        listed = [item.as_json() for item in items]
        show_json({"main": main.name, "base": main.tip, "suggestions": listed, **told})
    else:
        show_queue(items)
        if shared:
            show_shared(shared)
    return REFUSED if shared and shared.problems else OK


@review.command(
    help=t(
        "Show one suggestion: why and in which environment first, then the changed words, section "
        "by section."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith review show ENV-2026-0007-1
  manualsmith review show ENV-2026-0007-1 --rendered look.html
"""
    ),
)
@click.argument("name", metavar="ID")
@click.option(
    "--rendered",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help=t("Write a page with before and after as readers will see them ('-' prints it)."),
)
@click.option("--json", "as_json", is_flag=True, help=t("Print it as JSON."))
@click.pass_obj
def show(folder: Path, name: str, rendered: Path | None, as_json: bool) -> None:
    """Show one suggestion."""
    from manualsmith.cli.output.show_one import shown_json, write_rendered, write_shown
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.landing.adopt import try_to_adopt
    from manualsmith.workflow.queue.show_suggestion import show as look_at

    workspace = try_to_adopt(workspace_of(folder))
    shown = look_at(workspace, name)
    if rendered:
        write_rendered(shown, rendered)
    elif as_json:
        show_json(shown_json(shown))
    else:
        write_shown(shown)


@review.command(
    help=t(
        "Accept suggestions: each becomes a merge on main, its edit made on main as it is today, "
        "with its record and your decision. One that conflicts stays open; the others are done."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith review accept ENV-2026-0007-1
  manualsmith review accept --all --from ENV-2026-0007
  manualsmith review accept --all --dry-run
  manualsmith review accept ENV-2026-0007-1 --text 按「允許存取」。
  manualsmith review accept ENV-2026-0007-1 --as-edited
  manualsmith review accept ENV-2026-0007-1 --push
\b
Exit codes: 0 done, 1 something was refused (the rest was done), 2 wrong usage.
"""
    ),
)
@_options(IDS, ALL, FROM, BY, PUSH, DRY_RUN, JSON)
@click.option("--reason", default="", help=t("Why; kept with the decision."))
@click.option("--text", help=t("Accept one suggestion with this text in place of its own."))
@click.option(
    "--as-edited", is_flag=True, help=t("Accept what people have made of it on its branch.")
)
@click.pass_obj
def accept(folder: Path, /, **options: Any) -> int:  # noqa: ANN401 - as click gives them
    """Accept suggestions."""
    return _decide(folder, "accepted", **options)


@review.command(
    help=t("Reject suggestions: the record goes to main with the reason; the manual stays."),
    epilog=t(
        """\b
Examples:
  manualsmith review reject ENV-2026-0008-1 --reason '畫面是測試版，不必改'
\b
Undo: manualsmith review reopen ENV-2026-0008-1
"""
    ),
)
@_options(IDS, ALL, FROM, BY, DISCARD, PUSH, DRY_RUN, JSON)
@click.option("--reason", required=True, help=t("Why; who proposed it will read it."))
@click.pass_obj
def reject(folder: Path, /, **options: Any) -> int:  # noqa: ANN401 - as click gives them
    """Reject suggestions."""
    return _decide(folder, "rejected", **options)


@review.command(
    help=t("Withdraw suggestions, as the one who proposed them: the record goes to main."),
    epilog=t(
        """\b
Examples:
  manualsmith review withdraw ENV-2026-0008-1 --reason '看錯環境了'
\b
Undo: manualsmith review reopen ENV-2026-0008-1
"""
    ),
)
@_options(IDS, ALL, FROM, BY, DISCARD, PUSH, DRY_RUN, JSON)
@click.option("--reason", required=True, help=t("Why; reviewers will read it."))
@click.pass_obj
def withdraw(folder: Path, /, **options: Any) -> int:  # noqa: ANN401 - as click gives them
    """Withdraw suggestions."""
    return _decide(folder, "withdrawn", **options)


@review.command(
    help=t(
        "Take accepted suggestions back: main's pages without them, as they are today; the record "
        "says who and why. The same evidence does not propose it again."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith review revert ENV-2026-0007-1 --reason '新版又改回來了'
\b
Undo: manualsmith review reopen ENV-2026-0007-1
"""
    ),
)
@_options(IDS, BY, PUSH, DRY_RUN, JSON)
@click.option("--reason", required=True, help=t("Why; who proposed it will read it."))
@click.pass_obj
def revert(
    folder: Path,
    ids: tuple[str, ...],
    by: str | None,
    push: bool,
    dry_run: bool,
    as_json: bool,
    reason: str,
) -> int:
    """Take accepted suggestions back."""
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.landing.close import Verdict
    from manualsmith.workflow.review.revert import revert as take_back
    from manualsmith.workflow.service.service_records import staff_number

    if not ids:
        raise click.UsageError(t("name the suggestions"))
    if not reason.strip():
        raise click.UsageError(t("say why: --reason must not be blank"))
    workspace = workspace_of(folder)
    report = take_back(
        workspace,
        ids,
        Verdict("reverted", reason, by or staff_number(workspace)),
        dry_run=dry_run,
        sharing=_sharing(workspace, push, dry_run),
    )
    return _told(report, dry_run=dry_run, as_json=as_json)


def _decide(
    folder: Path,
    state: "State",
    ids: tuple[str, ...],
    reason: str,
    by: str | None,
    everything: bool,
    source: str | None,
    push: bool,
    dry_run: bool,
    as_json: bool,
    discard_edits: bool = False,
    text: str | None = None,
    as_edited: bool = False,
) -> int:
    from manualsmith.cli.output.terminal import Bar
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.landing.close import Verdict
    from manualsmith.workflow.queue.show_suggestion import worded
    from manualsmith.workflow.review.decide import decide
    from manualsmith.workflow.service.service_records import staff_number

    if state != "accepted" and not reason.strip():
        raise click.UsageError(t("say why: --reason must not be blank"))
    _refuse_discarding_all(discard_edits, everything)
    workspace = workspace_of(folder)
    by = by or staff_number(workspace)
    names = _chosen(workspace, ids, everything, source)
    if text is not None and len(names) != 1:
        raise click.UsageError(t("--text is for one suggestion"))
    if text is not None and as_edited:
        raise click.UsageError(t("--text and --as-edited are two wordings: give one"))
    wording = worded(workspace, names[0], text) if text is not None else None
    with Bar(t("deciding")) as bar:
        verdict = Verdict(state, reason, by, wording, as_edited=as_edited)
        report = decide(
            workspace,
            names,
            verdict,
            discard_edits=discard_edits,
            dry_run=dry_run,
            progress=bar,
            sharing=_sharing(workspace, push, dry_run),
        )
    return _told(report, dry_run=dry_run, as_json=as_json)


@review.command(
    "comment",
    help=t("Say something of open suggestions: it is kept in their records, for both sides."),
    epilog=t(
        """\b
Examples:
  manualsmith review comment ENV-2026-0007-1 --text '14.2 版也是這樣'
"""
    ),
)
@_options(IDS, BY, PUSH, DRY_RUN, JSON)
@click.option("--text", required=True, help=t("What is to be said."))
@click.pass_obj
def comment_(folder: Path, /, text: str, **options: Any) -> int:  # noqa: ANN401 - as click gives them
    """Say something of suggestions."""
    return _comment(folder, text, "comment", **options)


@review.command(
    help=t(
        "Ask the author of open suggestions for a change: they are the author's turn until they "
        "are amended or answered; then they are in the queue again, with what changed since."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith review ask ENV-2026-0007-1 --text '請寫出按鈕的完整名稱'
"""
    ),
)
@_options(IDS, BY, PUSH, DRY_RUN, JSON)
@click.option("--text", required=True, help=t("What is to be changed; the author will read it."))
@click.pass_obj
def ask(folder: Path, /, text: str, **options: Any) -> int:  # noqa: ANN401 - as click gives them
    """Ask for a change."""
    return _comment(folder, text, "ask", **options)


@review.command(
    help=t(
        "Put an open suggestion in other words, at the same place. To suggest another place, "
        "change the confirmation and run suggest again: what was said stays with it."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith review amend ENV-2026-0007-1 --text '按「允許存取」。'
  manualsmith review amend ENV-2026-0007-1 --text '按「允許存取」。' --comment '已補上按鈕名稱'
"""
    ),
)
@_options(IDS, BY, PUSH, DRY_RUN, JSON)
@click.option("--text", required=True, help=t("The text in place of its own."))
@click.option("--comment", "said", default="", help=t("What is to be said of it."))
@click.pass_obj
def amend(folder: Path, /, text: str, said: str, **options: Any) -> int:  # noqa: ANN401 - as click gives them
    """Amend a suggestion."""
    return _comment(folder, said, "amend", wording=text, **options)


def _comment(
    folder: Path,
    text: str,
    kind: "Saying",
    ids: tuple[str, ...],
    by: str | None,
    push: bool,
    dry_run: bool,
    as_json: bool,
    wording: str | None = None,
) -> int:
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.queue.show_suggestion import worded
    from manualsmith.workflow.review.comment import NewComment, comment
    from manualsmith.workflow.service.service_records import staff_number

    if not ids:
        raise click.UsageError(t("name the suggestions"))
    if wording is not None and len(ids) != 1:
        raise click.UsageError(t("--text is for one suggestion"))
    workspace = workspace_of(folder)
    words = worded(workspace, ids[0], wording) if wording is not None else None
    report = comment(
        workspace,
        ids,
        NewComment(text, kind, by or staff_number(workspace), words),
        dry_run=dry_run,
        sharing=_sharing(workspace, push, dry_run),
    )
    return _told(report, dry_run=dry_run, as_json=as_json)


def _pages(workspace: "Workspace", page: str) -> tuple[str, ...]:
    from manualsmith.workflow.queue.named_pages import pages_wanted

    return tuple(pages_wanted(workspace, page))


def _refuse_discarding_all(discard_edits: bool, everything: bool) -> None:
    if discard_edits and everything:
        raise click.UsageError(t("name the suggestions whose edits are to be dropped"))


def _chosen(
    workspace: "Workspace", ids: Sequence[str], everything: bool, source: str | None
) -> Sequence[str]:
    """Return the ids that the arguments name: ids, or all, or all of one confirmation."""
    from manualsmith.workflow.queue.branch import suggestion_refs
    from manualsmith.workflow.queue.select import of_confirmation

    if bool(ids) == everything:
        raise click.UsageError(t("name the suggestions, or give --all for all of them"))
    if not everything:
        if source:
            raise click.UsageError(t("--from goes with --all"))
        return ids
    refs = suggestion_refs(workspace)
    return of_confirmation(source, refs) if source else list(refs)


@review.command(
    help=t(
        "Put open suggestions on today's main: each is made again from its record. What main says "
        "already is closed as superseded; what has lost its place is told, and stays as it is."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith review refresh --all
  manualsmith review refresh --discard-edits ENV-2026-0007-1
"""
    ),
)
@_options(IDS, ALL, FROM, DISCARD, PUSH, DRY_RUN, JSON)
@click.pass_obj
def refresh(
    folder: Path,
    ids: tuple[str, ...],
    everything: bool,
    source: str | None,
    discard_edits: bool,
    push: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Put open suggestions on today's main."""
    from manualsmith.cli.output.terminal import Bar
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.review.refresh import refresh as put_on_main

    _refuse_discarding_all(discard_edits, everything)
    workspace = workspace_of(folder)
    names = _chosen(workspace, ids, everything or not ids, source)
    with Bar(t("refreshing")) as bar:
        report = put_on_main(
            workspace,
            names,
            discard_edits=discard_edits,
            dry_run=dry_run,
            progress=bar,
            sharing=_sharing(workspace, push, dry_run),
        )
    return _told(report, dry_run=dry_run, as_json=as_json)


@review.command(
    help=t("Open rejected, withdrawn, superseded or reverted suggestions again, on today's main."),
    epilog=t(
        """\b
Examples:
  manualsmith review reopen ENV-2026-0008-1
"""
    ),
)
@_options(IDS, PUSH, DRY_RUN, JSON)
@click.pass_obj
def reopen(folder: Path, ids: tuple[str, ...], push: bool, dry_run: bool, as_json: bool) -> int:
    """Open decided suggestions again."""
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.review.reopen import reopen as open_again

    if not ids:
        raise click.UsageError(t("name the suggestions"))
    workspace = workspace_of(folder)
    sharing = _sharing(workspace, push, dry_run)
    report = open_again(workspace, ids, dry_run=dry_run, sharing=sharing)
    return _told(report, dry_run, as_json)


def _sharing(workspace: "Workspace", push: bool, dry_run: bool) -> "Sharing | None":
    """Return the dealings with the remote where what is done is to be shared."""
    from manualsmith.workflow.sharing.sync import open_sharing

    return open_sharing(workspace) if push and not dry_run else None


def _told(report: "Report", dry_run: bool, as_json: bool) -> int:
    from manualsmith.cli.output.show_outcomes import show_report
    from manualsmith.cli.output.terminal import show_json

    if as_json:
        show_json({**report.as_json(), "dry_run": dry_run})
    else:
        show_report(report, dry_run=dry_run)
    return REFUSED if report.refused else OK
