"""Print what a command did to suggestions: a line each, and a sum."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from manualsmith.cli.output.terminal import (
    diff_text,
    out,
    picture_text,
    problem_text,
    show_problems,
)
from manualsmith.markdown.worddiff import hunks
from manualsmith.text import marked, t
from manualsmith.workflow.queue.outcomes import Outcome, Report, Shared, Status

MARKS: dict[Status, tuple[str, str, str]] = {
    "created": ("+", "green", marked("created")),
    "updated": ("~", "yellow", marked("updated")),
    "joined": ("+", "green", marked("joined")),
    "accepted": ("✓", "green", marked("accepted")),
    "rejected": ("×", "yellow", marked("rejected")),
    "superseded": ("·", "dim", marked("superseded")),
    "reverted": ("-", "yellow", marked("reverted")),
    "refreshed": ("~", "green", marked("refreshed")),
    "reopened": ("+", "green", marked("reopened")),
    "commented": ("~", "green", marked("commented")),
    "asked": ("~", "yellow", marked("change asked for")),
    "amended": ("~", "green", marked("amended")),
    "unchanged": ("=", "dim", marked("unchanged")),
    "already": ("✓", "dim", marked("already in the manual")),
    "left-alone": ("!", "yellow", marked("left alone")),
    "decided": ("·", "dim", marked("decided")),
    "evidence": ("·", "dim", marked("evidence")),
    "withdrawn": ("-", "yellow", marked("withdrawn")),
    "refused": ("×", "red", marked("refused")),
}
SHOWN = 6
_WITH_BRANCH = ("created", "updated", "joined", "left-alone", "reopened")


def show_report(report: Report, *, dry_run: bool) -> None:
    """Print a report; in a dry run with the changed words of each page."""
    console = out()
    for outcome in report.outcomes:
        if outcome.status != "evidence":
            console.print(_line(outcome))
        if dry_run:
            for page in outcome.changed:
                if page.picture:
                    console.print(picture_text(page.path, page.picture))
                    continue
                shown = hunks(page.before or "", page.after or "")
                console.print(diff_text(console, page.named, shown))
    for line in _evidence(report.outcomes):
        console.print(line, style="dim")
    show_problems((*report.problems, *report.pages))
    for notice in report.notices:
        console.print(notice, style="yellow")
    if report.shared:
        show_shared(report.shared)
    console.print(_summary(report, dry_run), style="bold")


def show_shared(shared: Shared) -> None:
    """Print what came from the remote and what went there, and what it did not take."""
    console = out()
    taken, pushed = _names(shared.taken), _names(shared.pushed)
    if taken:
        console.print(t("from {remote}: {names}", remote=shared.remote, names=taken), style="dim")
    if pushed:
        console.print(t("to {remote}: {names}", remote=shared.remote, names=pushed), style="green")
    for address in shared.requests:
        console.print(Text(f"  {address}", style="cyan"))
    if shared.waiting:
        told = t(
            "ended there without a decision, open here until you decide: {names}",
            names=_names(shared.waiting),
        )
        console.print(told, style="yellow")
    if not taken and not pushed and not shared.problems:
        console.print(t("{remote} has it all", remote=shared.remote), style="dim")
    show_problems(shared.problems)


def _names(branches: Sequence[str]) -> str:
    names = [branch.rpartition("/")[2] for branch in branches]
    more = t(" and {count} more", count=len(names) - SHOWN) if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _evidence(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield one line for each confirmation that only adds to what is known."""
    found: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.status == "evidence":
            found.setdefault(outcome.confirmation, []).append(outcome.summary)
    mark, _, word = MARKS["evidence"]
    for confirmation, summaries in found.items():
        yield f"{mark} {t(word)}  {confirmation}  " + "; ".join(summaries)


def _line(outcome: Outcome) -> Text:
    mark, style, word = MARKS[outcome.status]
    text = Text(f"{mark} {t(word)}", style=style)
    text.append(f"  {outcome.id}  ", style="bold" if outcome.branch else "")
    text.append(outcome.summary)
    if outcome.branch and outcome.status in _WITH_BRANCH:
        text.append(f"\n    {outcome.branch}", style="cyan")
    if outcome.message:
        text.append(f"\n    {outcome.message}", style=style)
    for problem in outcome.problems:
        text.append("\n    ")
        text.append(problem_text(problem, "    "))
    for note in outcome.notes:
        text.append(f"\n    {note}", style="dim")
    return text


def _summary(report: Report, dry_run: bool) -> str:
    counts = Counter(outcome.status for outcome in report.outcomes)
    told = [
        t("{count} {what}", count=counts[status], what=t(MARKS[status][2]))
        for status in MARKS
        if counts[status]
    ]
    if report.problems:
        files = {problem.place.file for problem in report.problems}
        told.append(t("files not used: {count}", count=len(files)))
    if report.pages:
        pages = {problem.place.file for problem in report.pages}
        told.append(t("pages whose facts were not seen: {count}", count=len(pages)))
    head = (
        t("dry run, nothing was written")
        if dry_run
        else t("on {main} {tip}", main=report.main, tip=report.base[:9])
    )
    return f"{head}: " + (", ".join(told) or t("nothing to do"))
