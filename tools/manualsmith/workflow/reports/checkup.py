"""Check a machine and a repository: what is missing there, or odd, before it gets in the way."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from manualsmith.errors import UserError
from manualsmith.git import process
from manualsmith.git.blobs import BlobReader
from manualsmith.git.lfs.large_objects import program_version
from manualsmith.git.refs import left_lock
from manualsmith.git.repository import Repository
from manualsmith.layout import MANUALS, layout, picture_path
from manualsmith.markdown.actions.picture_words import FOLDER
from manualsmith.text import t
from manualsmith.workflow.workspace.open_workspace import Workspace, open_workspace
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot

State = Literal["right", "odd", "missing"]
_OLDEST_GIT = (2, 39)
_VERSION = re.compile(rb"(\d+)\.(\d+)")


@dataclass(frozen=True)
class Checked:
    """One thing that was looked at: what, how it is, and what to do where it is not right.

    ``missing`` keeps from working, ``odd`` does not.
    """

    what: str
    state: State
    message: str
    hint: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def check_all(folder: Path, extras: Mapping[str, Callable[[], str]]) -> Iterator[Checked]:
    """Yield what there is to say of this machine, and of the repository that *folder* is in.

    extras: what some commands need beside, by what it is for: each tells its name, or raises.
    """
    yield _git()
    for what, find in extras.items():
        yield _is(what, find, "odd")
    try:
        repository = Repository.open(folder)
    except UserError as error:
        yield _told(t("repository"), "missing", error)
        return
    yield from _repository(repository)
    try:
        workspace = open_workspace(folder)
    except UserError as error:
        yield _told(t("main and its settings"), "missing", error)
        return
    yield Checked(t("main and its settings"), "right", workspace.main.name)
    yield from _main(workspace)


def _told(what: str, state: State, error: UserError) -> Checked:
    problem = error.problems[0]
    place = f"{problem.place}: " if str(problem.place) else ""
    return Checked(what, state, f"{place}{problem.message}", problem.hint)


def _git() -> Checked:
    try:
        said = process.output(Path.cwd(), "--version")
    except UserError as error:
        return _told("git", "missing", error)
    found = _VERSION.search(said)
    version = tuple(map(int, found.groups())) if found else (0, 0)
    name = ".".join(map(str, version))
    if version < _OLDEST_GIT:
        return Checked("git", "missing", name, t("install git 2.39 or newer"))
    return Checked("git", "right", name)


def _repository(repository: Repository) -> Iterator[Checked]:
    yield Checked(t("repository"), "right", str(repository.folder))
    yield _is(t("who you are"), lambda: repository.identity().name)
    staff = repository.config("manualsmith.staff")
    hint = t("once for all: git config --global manualsmith.staff S-0412")
    yield Checked(t("staff number"), "right" if staff else "odd", staff or t("not set"),
                  None if staff else hint)  # fmt: skip
    if repository.cut_off():
        hint = "git fetch --unshallow"
        said = t("this clone has the last commits alone: dates and chains end there")
        yield Checked(t("history"), "odd", said, hint)
    for lock in (repository.git_dir / "index.lock", repository.common_dir / "packed-refs.lock"):
        if lock.exists():
            said = t("another git is at work, or was killed: {file}", file=lock)
            yield Checked(t("locks"), "odd", said, left_lock(lock))
    if repository.is_bare and not (repository.hooks / "pre-receive").exists():
        said = t("nothing is verified when somebody pushes")
        yield Checked(t("hook"), "odd", said, "manualsmith hook install")


def _is(what: str, ask: Callable[[], str], otherwise: State = "missing") -> Checked:
    try:
        return Checked(what, "right", ask())
    except UserError as error:
        return _told(what, otherwise, error)


def _large_files(workspace: Workspace, snapshot: Snapshot) -> Iterator[Checked]:
    """Yield whether Git LFS is there, where main has it keep pictures."""
    paths = [picture_path("x.png"), *(one.path(f"{FOLDER}/x.png") for one in MANUALS.values())]
    if not any(map(snapshot.has_pointer, paths)):
        return
    version = program_version(workspace.repository)
    hint = t("install it, and once in this repository: git lfs install --local")
    if not version:
        said = t("git lfs is not there: pictures are kept, and are neither pushed nor fetched")
        yield Checked("Git LFS", "odd", said, hint)
    elif not workspace.repository.config("filter.lfs.smudge"):
        said = t("git lfs is there and not set up: pictures are checked out as pointers")
        yield Checked("Git LFS", "odd", said, "git lfs install --local")
    else:
        yield Checked("Git LFS", "right", version)


def _main(workspace: Workspace) -> Iterator[Checked]:
    """Yield what main has of manuals and of a site, and where it is shared."""
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        for manual in MANUALS.values():
            count = len(snapshot.page_files(manual))
            said = t("{count} pages in {folder}", count=count, folder=manual.folder)
            hint = None if count else t("begin with: manualsmith init")
            yield Checked(t(manual.label), "right" if count else "odd", said, hint)
        site = layout().site
        settings = snapshot.read(site)
        if settings is None:
            hint = t("begin with: manualsmith init")
            yield Checked(t("site"), "odd", t("main has no {path}", path=site), hint)
        elif b"manualsmith" not in settings:
            said = t("{path} does not name the plugin manualsmith", path=site)
            yield Checked(t("site"), "odd", said, "plugins: [manualsmith, search]")
        else:
            yield _is(t("site"), lambda: ", ".join(snapshot.dialect.extensions))
            with suppress(UserError):
                if not snapshot.dialect.reads_attributes:
                    said = t("a heading that is renamed cannot keep its id: links would break")
                    yield Checked(t("site"), "odd", said, "markdown_extensions: [attr_list]")
        yield from _large_files(workspace, snapshot)
    remote = workspace.settings.remote
    there = workspace.repository.config(f"remote.{remote}.url")
    hint = None if there else f"git remote add {remote} …"
    said = remote if there else t("nothing is shared: there is no remote {name}", name=remote)
    yield Checked(t("remote"), "right" if there else "odd", said, hint)
