"""``manualsmith preview``: the site as it would be, and the queue as a site to look through."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from manualsmith.cli.group import OK
from manualsmith.errors import Place, UserError
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.workflow.workspace.open_workspace import Workspace

# Only a folder that holds this may be emptied: it was made by an earlier preview.
MARK = "manualsmith-preview.json"
ADDRESS = "127.0.0.1"


@click.command(
    help=t(
        "Build the site as it would be with suggestions, and serve it on this machine: what "
        "changes is marked in the pages, and every page says what it shows. Nothing is decided, "
        "and no file of yours is touched. With --all: every open suggestion on a page of its own, "
        "before and after side by side."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith preview ENV-2026-0007-1
  manualsmith preview ENV-2026-0007-1 ENV-2026-0008-1
  manualsmith preview ENV-2026-0007-1 --out build/preview    for a forge's review app
  manualsmith preview --all --out build/review
\b
Exit codes: 0 done, 1 a suggestion does not apply or the site cannot be built, 2 wrong usage.
"""
    ),
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help=t("Every open suggestion, for review."))
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help=t("Write it there and do not serve it; the folder is new, or of an earlier preview."),
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help=t("Serve it at this port; 0 takes any that is free."),
)
@click.option(
    "--json", "as_json", is_flag=True, help=t("With --out: print what was built as JSON.")
)
@click.pass_obj
def preview(
    folder: Path,
    ids: tuple[str, ...],
    everything: bool,
    out: Path | None,
    port: int,
    as_json: bool,
) -> int:
    """Build the preview, then serve it or write it into a folder."""
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.cli.workspace_option import workspace_to_look_at

    if bool(ids) == everything:
        raise click.UsageError(t("name the suggestions, or give --all for all of them"))
    if as_json and not out:
        raise click.UsageError(t("--json goes with --out"))
    workspace = workspace_to_look_at(folder)
    build = _review_site if everything else _preview
    with _built_in(out) as site:
        built = build(workspace, ids, site)
        if as_json:
            show_json({"out": str(out), **built})
            return OK
        _tell(built)
        if out:
            click.echo(str(out / "index.html"))
        else:
            _serve(site, port)
    return OK


@contextmanager
def _built_in(out: Path | None) -> Iterator[Path]:
    """Give the folder to build in: *out*, marked as ours, or one that goes at the end."""
    from manualsmith.cli.output.output_file import make_folder, writing

    if out is None:
        with tempfile.TemporaryDirectory(prefix="manualsmith-") as name:
            yield Path(name)
        return
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise UserError(
            t("the folder holds other things, and a preview would delete them"),
            Place(str(out)),
            t("name a new folder"),
        )
    make_folder(out)
    try:
        yield out
    finally:
        with writing(out / MARK) as mark:
            mark.write_text("{}\n", encoding="utf-8")


def _preview(workspace: "Workspace", ids: tuple[str, ...], site: Path) -> dict[str, Any]:
    from manualsmith.cli.output.terminal import Bar
    from manualsmith.site.build_commit import build_preview
    from manualsmith.workflow.queue.preview_suggestions import preview

    found = preview(workspace, ids)
    with Bar(t("building the site")) as bar:
        bar(0, 1)
        pages = build_preview(workspace, found, site)
    return {
        "suggestions": [record.id for record in found.records],
        "already": list(found.already),
        "pages": pages,
    }


def _review_site(workspace: "Workspace", _: tuple[str, ...], site: Path) -> dict[str, Any]:
    from manualsmith.cli.output.show_one import page_of
    from manualsmith.cli.output.terminal import Bar
    from manualsmith.layout import page_path
    from manualsmith.site.preview.review_page import Listed, review_list, review_page
    from manualsmith.workflow.queue.branch import suggestion_refs
    from manualsmith.workflow.queue.decision_words import standing_name
    from manualsmith.workflow.queue.list_queue import days_open
    from manualsmith.workflow.queue.show_suggestion import show_each

    names = list(suggestion_refs(workspace))
    listed: list[tuple[int, Listed]] = []
    now = time.time()
    with Bar(t("writing pages")) as bar:
        for number, shown in enumerate(show_each(workspace, names), 1):
            record, at = shown.record, shown.at or 0
            name = f"{record.id}.html"
            if name in {one.href for _, one in listed}:
                name = f"{record.output}-{record.id}.html"
            html = review_page(page_of(shown), back="index.html")
            (site / name).write_text(html, encoding="utf-8", newline="\n")
            kind = shown.standing.kind if shown.standing else "applies"
            days = t("{days} d", days=days_open(at, now))
            pages = ", ".join(page_path(record.manual, edit.page) for edit in record.edits)
            attention = kind not in ("applies", "moved")
            word = standing_name(kind)
            one = Listed(name, record.id, record.summary, pages, days, word, attention)
            listed.append((at, one))
            bar(number, len(names))
    listed.sort(key=lambda pair: (pair[0], pair[1].id))
    title = t("open suggestions: {count}", count=len(listed))
    html = review_list([one for _, one in listed], title)
    (site / "index.html").write_text(html, encoding="utf-8", newline="\n")
    return {"suggestions": [one.id for _, one in listed], "already": [], "pages": {}}


def _tell(built: dict[str, Any]) -> None:
    if built["already"]:
        said = t("in the manual already: {ids}", ids=", ".join(built["already"]))
        click.echo(said)
    for path, url in built["pages"].items():
        click.echo(f"{path}  {url}")


def _serve(site: Path, port: int) -> None:
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: what is asked for is the person's own affair."""

        def end_headers(self) -> None:
            """Let no browser keep a page: the next preview has the same address."""
            self.send_header("Cache-Control", "no-store")
            super().end_headers()

    try:
        server = ThreadingHTTPServer((ADDRESS, port), partial(Handler, directory=str(site)))
    except OSError as error:
        raise UserError(
            t("port {port} cannot be used: {reason}", port=port, reason=error.strerror),
            hint=t("name another one: --port 0 takes any that is free"),
        ) from error
    with server:
        click.echo(t("open http://{address}:{port}/", address=ADDRESS, port=server.server_port))
        click.echo(t("end it with Ctrl-C"))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()
