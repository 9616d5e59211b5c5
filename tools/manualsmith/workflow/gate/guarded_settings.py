"""Settings that a push brings: they read, main stays where it is, and nothing is let go unasked."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.history import steps
from manualsmith.git.repository import Repository
from manualsmith.layout import Layout, layout, use
from manualsmith.settings.read_settings import PYPROJECT, Settings
from manualsmith.text import t
from manualsmith.workflow.workspace.open_workspace import (
    Workspace,
    of_release,
    open_workspace,
    settings_at,
)
from manualsmith.workflow.workspace.snapshot import snapshot_of


def open_as_it_was(folder: Path, release: str = "") -> Workspace:
    """Return the workspace of a bare repository, for its gate.

    Settings that do not read lock nobody out: the last ones that did are in force. Raises
    UserError as `open_workspace` does for all else.
    """
    try:
        return open_workspace(folder, release)
    except UserError:
        repository = Repository.open(folder)
        main = of_release(repository, release) if release else repository.main_branch()
        with BlobReader(repository) as reader:
            settings = _last_read(repository, reader, main.tip)
        use(settings.layout)
        return Workspace(repository, main, settings, release)


def _last_read(repository: Repository, reader: BlobReader, tip: str) -> Settings:
    for step in steps(repository, None, tip, [PYPROJECT]):
        try:
            return settings_at(reader, step.commit)
        except UserError:
            continue
    return Settings()


def unreadable(reader: BlobReader, commit: str, branches: Collection[str]) -> Iterator[str]:
    """Yield what would keep everybody from working with a commit's settings, this gate included.

    branches: the short names of the branches that there are after the push.
    """
    try:
        settings = settings_at(reader, commit)
    except UserError as error:
        yield from (str(problem) for problem in error.problems)
        return
    if settings.main and settings.main not in branches:
        yield t("{file} says that main is {name}, and there is no such branch",
                file=PYPROJECT, name=settings.main)  # fmt: skip


def unreadable_site(workspace: Workspace, reader: BlobReader, commit: str) -> Iterator[str]:
    """Yield why the Markdown of a commit's site cannot be told: no edit could be judged by it."""
    try:
        _ = snapshot_of(workspace.repository, reader, commit).dialect
    except UserError as error:
        yield from (str(problem) for problem in error.problems)


def other_markdown(workspace: Workspace, reader: BlobReader, old: str, new: str) -> Iterator[str]:
    """Yield that the site's settings have every page read otherwise."""
    with suppress(UserError):  # of the new: told by `unreadable_site`
        was, now = (snapshot_of(workspace.repository, reader, one).dialect for one in (old, new))
        if was is not now:
            yield t(
                "{file} has pages read by another Markdown: suggestions would lose their places",
                file=layout().site,
            )


def loosened(workspace: Workspace, reader: BlobReader, commit: str) -> Iterator[str]:
    """Yield what a commit's settings no longer hold back that *workspace*'s do."""
    try:
        now = settings_at(reader, commit)
    except UserError:  # told by `unreadable`
        return
    was = workspace.settings
    if was.protect_main and not now.protect_main:
        yield t("protect_main is switched off")
    if not workspace.release and now.main not in (None, workspace.main.name):
        yield t("main is another branch: {name}", name=now.main)
    for path in sorted({*was.protect_paths} - {*now.protect_paths}):
        yield t("{path} is taken out of protect_paths", path=path)
    for tag in sorted({*now.allow_html} - {*was.allow_html}):
        yield t("allow_html lets <{tag}> into pages", tag=tag)
    if was.protect_main and repr(_unbound(was.layout)) != repr(_unbound(now.layout)):
        yield t("other folders are the manuals, or the records")
    elif was.protect_main and repr(was.layout) != repr(now.layout):
        yield t("the settings bind other facts to pages")
    if was.protect_main and was.probes != now.probes:
        yield t("probes read other sources, or run other commands")
    if was.protect_main and was.webhooks != now.webhooks:
        yield t("webhooks tell others, or another way")
    if was.allowed_signers and was.allowed_signers != now.allowed_signers:
        yield t("{path} no longer says whose signatures count", path=was.allowed_signers)
    if was.own_suggestions == "refuse" != now.own_suggestions:
        yield t("own_suggestions no longer refuses what somebody proposed themselves")


def _unbound(layout: Layout) -> Layout:
    """Return a layout without the facts that it binds to pages."""
    manuals = {name: replace(manual, bound=()) for name, manual in layout.manuals.items()}
    return replace(layout, manuals=manuals)
