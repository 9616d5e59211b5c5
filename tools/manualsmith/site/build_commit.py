"""Build the site of one commit, with suggestions shown in it, away from everybody's files."""

import logging
import tempfile
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
    with tempfile.TemporaryDirectory(prefix="manualsmith-") as name:
        folder = Path(name) / "main"
        folder.mkdir()
        export(workspace.repository, workspace.main.tip, folder, without=[suggestions_folder()])
        fill_pointers(workspace.repository, folder)
        shown_as = {page.path: page.picture.shown for page in preview.pages if page.picture}
        for path, data in {**new_pages(preview.pages), **shown_as}.items():
            page = folder / path
            if data is None:
                page.unlink(missing_ok=True)
                continue
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_bytes(data)
        return _build(workspace, folder, shown, out)


def _build(workspace: Workspace, folder: Path, shown: SitePreview, out: Path) -> dict[str, str]:
    site = layout().site
    if not (folder / site).is_file():
        raise UserError(t("{branch} has no {path}", branch=workspace.main.name, path=site))
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    tell_code(folder, workspace.repository)
    said: list[Said] = []
    try:
        config, plugin = load_site(folder, site_dir=str(out.resolve()))
        plugin.preview, plugin.repository, plugin.root = shown, workspace.repository, folder
        plugin.commit = workspace.main.tip
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
    return plugin.addresses(shown.before)


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
