"""Print what became of messages to other systems."""

from collections.abc import Sequence

from rich.text import Text

from manualsmith.cli.output.terminal import out
from manualsmith.text import marked, t
from manualsmith.workflow.webhooks.send_webhooks import Delivery
from manualsmith.workflow.workspace.open_workspace import Workspace

_MARKS = {
    "sent": ("+", "green", marked("sent")),
    "waits": ("·", "yellow", marked("waits")),
    "failed": ("×", "red", marked("not sent, tried again later")),
    "given-up": ("×", "red", marked("not sent, given up")),
}


def show_deliveries(workspace: Workspace, made: Sequence[Delivery]) -> None:
    """Print a line for each message, or that there was none."""
    if not workspace.settings.webhooks.webhooks:
        out().print(t("no webhook is set: [tool.manualsmith.webhooks]"), style="dim", markup=False)
    elif not made:
        out().print(t("nothing to send"), style="dim")
    for one in made:
        mark, style, word = _MARKS[one.status]
        event = one.message.event
        line = Text(f"{mark} {one.message.webhook}", style=style)
        line.append(f"  {event.kind}", style="default")
        line.append(f"  {' '.join(event.titles) or event.id}", style="bold")
        line.append(f"  {t(word)}", style=style)
        if one.reason:
            line.append(f": {one.reason}", style="dim")
        out().print(line)
