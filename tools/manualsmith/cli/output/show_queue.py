"""Print the queue of suggestions in the terminal."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.text import Text

from manualsmith.cli.output.terminal import out
from manualsmith.layout import MANUALS
from manualsmith.naming import is_probe, show_path
from manualsmith.records.models.output_names import action_name
from manualsmith.text import t
from manualsmith.workflow.queue.decision_words import (
    standing_name,
    state_name,
    turn_name,
    verdict_told,
)
from manualsmith.workflow.queue.list_queue import QueueItem, Standing
from manualsmith.workflow.queue.summaries import Account

SHOWN = 3
STANDING_STYLES = {
    "applies": "green",
    "moved": "green",
    "already": "dim",
    "conflict": "red",
    "edited": "yellow",
}


def show_queue(items: Sequence[QueueItem]) -> None:
    """Print the queue, a few lines each, and a sum."""
    console = out()
    for item in items:
        console.print(_opened(item) if item.account.state == "open" else _decided(item))
    console.print(_sum(items), style="bold")


def _opened(item: QueueItem) -> Text:
    one, standing = item.account, item.standing or Standing("applies")
    style, word = STANDING_STYLES[standing.kind], standing_name(standing.kind)
    text = Text(one.id, style="bold")
    text.append(f"  {word}", style=style)
    text.append("  " + t("{days} d", days=item.days), style="dim")
    text.append(f"\n  {one.summary}", style="default")
    text.append(f"\n  {_where(one)}", style="cyan")
    actions = t(", ").join(dict.fromkeys(action_name(edit.action) for edit in one.edits))
    text.append("  " + t("{action}, by {proposer}", action=actions, proposer=one.proposer), "dim")
    for line, line_style in _remarks(item, standing):
        text.append(f"\n    {line}", style=line_style)
    return text


def _where(one: Account) -> str:
    pages = ", ".join(edit.page for edit in one.edits[:3])
    more = f" +{len(one.edits) - 3}" if len(one.edits) > 3 else ""
    section = one.sections[0] if len(one.edits) == 1 and one.sections else ()
    return show_path([f"{MANUALS[one.manual].title} {pages}{more}", *section])


def _remarks(item: QueueItem, standing: Standing) -> Iterator[tuple[str, str]]:
    """Yield what a reviewer should know before deciding, with its style."""
    one = item.account
    if told := turn_name(one.turn):
        yield told, "magenta"
    if standing.message:
        yield standing.message, "red" if standing.kind == "conflict" else "dim"
    if is_probe(one.proposer):
        yield t("a machine saw it"), "cyan"
    if len(one.sources) > 1:
        yield t("{count} environments agree", count=len(one.sources)), "green"
    if one.variant:
        yield t("another environment says otherwise: a variant"), "yellow"
    if item.meets:
        others = ", ".join(item.meets[:SHOWN]) + (" …" if len(item.meets) > SHOWN else "")
        yield t("same place: {ids}", ids=others), "yellow"
    for old in one.history[-1:]:
        yield t("before: {decision}", decision=verdict_told(old)), "yellow"


def _decided(item: QueueItem) -> Text:
    one = item.account
    text = Text(f"{one.id}  ", style="bold")
    text.append(one.summary)
    if one.verdict:
        text.append(f"\n    {verdict_told(one.verdict)}", style="dim")
    return text


def _sum(items: Sequence[QueueItem]) -> str:
    counts = Counter(item.account.state for item in items)
    told = [t("{count} {what}", count=counts[s], what=state_name(s)) for s in counts]
    return ", ".join(told) or t("nothing is waiting")
