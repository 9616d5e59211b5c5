"""``manualsmith webhooks``: tell other systems what was answered, decided and published."""

from pathlib import Path

import click

from manualsmith.cli.group import OK, REFUSED, Group
from manualsmith.cli.record_options import as_json, trying
from manualsmith.text import t


@click.group(
    cls=Group,
    help=t(
        "Tell the receivers that [tool.manualsmith.webhooks] names what was answered, decided and "
        "published. Messages are signed (Standard Webhooks) and hold ids, titles and links."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith webhooks test chat
  manualsmith webhooks send
"""
    ),
)
def webhooks() -> None:
    """Hold the commands together."""


@webhooks.command(
    help=t(
        "Send what has happened since the last time, and what could not be sent then: for a "
        "scheduled job. A message that fails is tried again by later runs, after a minute, then "
        "ever later, eight times in two days; then it is given up, and audit says so."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith webhooks send
  manualsmith webhooks send --dry-run --json
  manualsmith webhooks send --again
\b
Exit codes: 0 all was sent, 1 something is not delivered, 2 wrong usage.
"""
    ),
)
@click.option("--again", is_flag=True, help=t("Try what was given up, too."))
@trying
@as_json
@click.pass_obj
def send(folder: Path, again: bool, dry_run: bool, as_json: bool) -> int:
    """Send what waits."""
    from manualsmith.cli.output.show_webhooks import show_deliveries
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.landing.adopt import as_adopted, try_to_adopt
    from manualsmith.workflow.webhooks.send_webhooks import send_webhooks

    opened = workspace_of(folder)
    workspace = as_adopted(opened) if dry_run else try_to_adopt(opened)
    made = send_webhooks(workspace, again=again, dry_run=dry_run)
    if as_json:
        show_json({"deliveries": [one.as_json() for one in made], "dry_run": dry_run})
    else:
        show_deliveries(workspace, made)
    unsent = any(one.status != "sent" for one in made)
    return REFUSED if unsent and not dry_run else OK


@webhooks.command(
    help=t("Send one receiver a message of the kind ping, and say what it answers."),
    epilog=t(
        """\b
Example:
  manualsmith webhooks test chat
\b
Exit codes: 0 it was taken, 1 it was not, 2 wrong usage.
"""
    ),
)
@click.argument("name", metavar="NAME")
@as_json
@click.pass_obj
def test(folder: Path, name: str, as_json: bool) -> int:
    """Send a ping."""
    from manualsmith.cli.output.show_webhooks import show_deliveries
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.webhooks.send_webhooks import send_ping

    workspace = workspace_of(folder)
    made = send_ping(workspace, name)
    if as_json:
        show_json(made.as_json())
    else:
        show_deliveries(workspace, [made])
    return OK if made.status == "sent" else REFUSED
