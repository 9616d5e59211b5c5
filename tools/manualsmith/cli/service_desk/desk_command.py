"""``manualsmith desk``: the pipeline in a browser."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from manualsmith.cli.group import OK
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.desk.server import Served
    from manualsmith.workflow.workspace.open_workspace import Workspace


@click.command(
    help=t(
        "Open the desk in the browser: requests, incidents, walkthroughs and confirmations as "
        "forms, the queue of suggestions to decide, figures for leads. Alone it answers on this "
        "machine only, to whoever has the address that it prints; for a team it stands behind a "
        "proxy that asks people who they are."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith desk
  manualsmith desk --port 8770 --no-browser
  manualsmith desk --team --host 127.0.0.1 --port 8770
  manualsmith desk --team --socket /run/manualsmith/desk.sock
  manualsmith desk --team --port 8770 --secret /etc/manualsmith/proxy.secret
  manualsmith desk --team --workers 2
\b
A team's proxy and roles are set in [tool.manualsmith.desk]: see docs/reference.md.
Stop it with Ctrl-C; what was typed and not handed in is kept.
"""
    ),
)
@click.option("--port", type=click.IntRange(0, 65535), help=t("Without it, 8765 or a free one."))
@click.option("--host", help=t("The address to listen on; without it, this machine's own."))
@click.option("--no-browser", is_flag=True, help=t("Print the address, open nothing."))
@click.option(
    "--socket",
    "at",
    type=click.Path(path_type=Path),
    help=t("A Unix socket instead of an address: no other account of this machine reaches it."),
)
@click.option(
    "--secret",
    type=click.Path(path_type=Path),
    help=t("A file with a secret that the proxy adds as X-Proxy-Secret; others are refused."),
)
@click.option("--team", is_flag=True, help=t("Behind a proxy that says who asks, in headers."))
@click.option(
    "--workers",
    type=click.IntRange(0, 64),
    default=0,
    help=t("So many processes serve reads, beside one that writes; without it one does both."),
)
@click.pass_obj
def desk(
    folder: Path,
    port: int | None,
    host: str | None,
    no_browser: bool,
    at: Path | None,
    secret: Path | None,
    team: bool,
    workers: int,
) -> int:
    """Serve the desk until it is interrupted."""
    if at and (not team or host or port is not None):
        raise click.UsageError(t("--socket is for --team, without --host and --port"))
    if secret and not team:
        raise click.UsageError(t("--secret is for --team"))
    if workers and not team:
        raise click.UsageError(t("--workers is for --team: alone, one process is enough"))

    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.extras import needed

    workspace = workspace_of(folder)
    for name in ("starlette", "uvicorn", "python_multipart", "jinja2"):
        needed(name, "desk")
    from manualsmith.desk.server import serve

    serve(
        workspace,
        host=host,
        port=port,
        team=team,
        ready=partial(_tell, workspace, at, no_browser),
        at=at,
        secret=secret,
        workers=workers,
    )
    return OK


def _tell(workspace: "Workspace", at: Path | None, no_browser: bool, served: "Served") -> None:
    """Say where the desk answers, and open it where it is one's own."""
    import webbrowser

    from manualsmith.workflow.service.service_records import staff_number

    if at:
        click.echo(t("the desk answers at {file}", file=at))
        return
    if served.address is None:
        click.echo(t("the desk answers on {host}:{port}", host=served.host, port=served.port))
        return
    click.echo(served.address)
    click.echo(t("Ctrl-C stops it."), err=True)
    if not staff_number(workspace):
        hint = t("once for all: git config --global manualsmith.staff S-0412")
        click.echo(
            t("Records will say your role; for your staff number: {hint}", hint=hint), err=True
        )
    if not no_browser:
        webbrowser.open(served.address)
