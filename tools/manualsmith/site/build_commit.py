"""Build the site of one commit, with suggestions shown in it, away from everybody's files."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from manualsmith.errors import UserError
from manualsmith.git.export import export
from manualsmith.git.lfs.large_objects import fill_pointers
from manualsmith.git.repository import Repository
from manualsmith.layout import layout, page_path, suggestions_folder
from manualsmith.paper.book import Book
from manualsmith.site.build.own_code import new_code
from manualsmith.site.build.told_warnings import Said, heard, say
from manualsmith.site.plugin import ManualsmithPlugin
from manualsmith.site.preview.marked_changes import SitePreview, Suggested
from manualsmith.text import t
from manualsmith.workflow.queue.preview_suggestions import Preview
from manualsmith.workflow.workspace.changed_page import new_pages
from manualsmith.workflow.workspace.open_workspace import Workspace


def build_preview(workspace: Workspace, preview: Preview, out: Path) -> dict[str, str]:
    """Build main's site with a preview's pages into *out*; return the changed pages' addresses.

    Raises UserError where main has no site, or its build fails.
    """
    shown = SitePreview(
        tuple(
            Suggested(
                one.id,
                one.summary,
                one.reason,
                tuple(page_path(one.manual, edit.page) for edit in one.edits),
            )
            for one in preview.records
        ),
        {page.path: page.before for page in preview.pages if not page.picture},
    )
    shown_as = {page.path: page.picture.shown for page in preview.pages if page.picture}
    with _main_in_a_folder(workspace) as folder:
        for path, data in {**new_pages(preview.pages), **shown_as}.items():
            page = folder / path
            if data is None:
                page.unlink(missing_ok=True)
                continue
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_bytes(data)
        config, plugin = _site_of(workspace, folder, out)
        plugin.preview = shown
        _build(config)
    return plugin.addresses(shown.before)


def read_book(workspace: Workspace, manual: str) -> Book:
    """Return a manual of main as a book: its pages are those of main's site.

    Raises UserError where main has no site, its build fails, or its nav has no page of the manual.
    """
    with _main_in_a_folder(workspace) as folder, tempfile.TemporaryDirectory() as out:
        config, plugin = _site_of(workspace, folder, Path(out))
        plugin.printed, plugin.config.pdf, plugin.config.offline = manual, False, None
        _build(config)
    if plugin.book is None:
        raise UserError(t("the site cannot be built: {reason}", reason=layout().site))
    return plugin.book


@contextmanager
def _main_in_a_folder(workspace: Workspace) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="manualsmith-") as name:
        folder = Path(name) / "main"
        folder.mkdir()
        export(workspace.repository, workspace.main.tip, folder, without=[suggestions_folder()])
        fill_pointers(workspace.repository, folder)
        yield folder


def _site_of(
    workspace: Workspace, folder: Path, out: Path
) -> tuple[MkDocsConfig, ManualsmithPlugin]:
    site = layout().site
    if not (folder / site).is_file():
        raise UserError(t("{branch} has no {path}", branch=workspace.main.name, path=site))
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    tell_code(folder, workspace.repository)
    config, plugin = load_site(folder, site_dir=str(out.resolve()))
    plugin.repository, plugin.root, plugin.commit = workspace.repository, folder, workspace.main.tip
    return config, plugin


def _build(config: MkDocsConfig) -> None:
    """Build a site, and tell what it warned of. Raises UserError where that fails."""
    said: list[Said] = []
    try:
        config.plugins.on_startup(command="build", dirty=False)
        try:
            with heard() as said:
                build(config)
        finally:
            config.plugins.on_shutdown()
    except Abort as error:
        warned = [words for _, level, words in said if level >= logging.WARNING]
        reason = "\n".join([str(error), *warned])
        raise UserError(t("the site cannot be built: {reason}", reason=reason)) from error
    say(said)


def tell_code(root: Path, repository: Repository) -> None:
    """Warn of code of the repository that building its site runs, where it is new."""
    if found := new_code(root, layout().site, repository):
        logging.getLogger("mkdocs.plugins.manualsmith").warning(
            "%s",
            t(
                "building this site runs code of the repository: {names}; this is told once for "
                "each state of it (git config manualsmith.trustCode true: never)",
                names=", ".join(found),
            ),
        )


def load_site(root: Path, **settings: str) -> tuple[MkDocsConfig, ManualsmithPlugin]:
    """Return the settings of the site at *root*, some of them as given, and our plugin in it.

    Raises UserError where they cannot be read, or do not name our plugin.
    """
    try:
        config = load_config(str(root / layout().site), **settings)
    except (Abort, ConfigurationError) as error:
        raise UserError(t("the site cannot be built: {reason}", reason=error)) from error
    plugin = next((p for p in config.plugins.values() if isinstance(p, ManualsmithPlugin)), None)
    if plugin is None:
        raise UserError(t("{path} does not name the plugin manualsmith", path=layout().site))
    return config, plugin
