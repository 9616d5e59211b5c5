"""Open a repository to work on: where its main is, and what its settings say."""

from dataclasses import dataclass, replace
from pathlib import Path

from manualsmith.errors import Place, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.repository import LocalBranch, Repository
from manualsmith.git.trees import folders_ending
from manualsmith.layout import RELEASES, manual_folders, use
from manualsmith.settings.read_settings import PYPROJECT, Settings, read_settings, read_settings_in
from manualsmith.text import t


@dataclass(frozen=True)
class Workspace:
    """A repository, the tip of its main when it was opened, and main's settings.

    ``release``: the product release whose manuals main holds; empty for today's. ``manuals``: of a
    repository that holds records alone, the workspace of the manuals that they are about.
    """

    repository: Repository
    main: LocalBranch
    settings: Settings
    release: str = ""
    manuals: "Workspace | None" = None

    def at(self, tip: str) -> "Workspace":
        """Return the workspace with main as if it stood at another commit."""
        return replace(self, main=replace(self.main, tip=tip))

    def refreshed(self) -> "Workspace":
        """Return the workspace with main's tip as it is now."""
        if self.release:
            return replace(self, main=of_release(self.repository, self.release))
        return replace(self, main=self.repository.main_branch(self.main.name))


def open_workspace(path: Path, release: str = "", *, records_alone: bool = False) -> Workspace:
    """Return the repository that holds *path*.

    The name of main may be set in the working tree's ``pyproject.toml`` (HEAD's in a bare
    repository); every other setting is main's own, so that a branch cannot loosen it for itself.
    With *release* main is the branch ``release/NAME``, and suggestions are those for that release.
    Main's layout is in force from then on, but for a repository that holds *records_alone*.
    Raises UserError where it is no repository, main is missing, or the manuals that are meant are
    not at the repository's root.
    """
    repository = Repository.open(path)
    with BlobReader(repository) as reader:
        if release:
            main = of_release(repository, release)
        else:
            main = repository.main_branch(_own_settings(repository, reader).main)
        settings = settings_at(reader, main.tip)
        if not records_alone:
            use(settings.layout)
        specs = [f"{main.tip}:{folder}" for folder in manual_folders()]
        has = any(reader.get(spec) is not None for spec in specs)
    refuse_elsewhere(repository, path, None if has else main.tip)
    return Workspace(repository, main, settings, release)


def settings_at(reader: BlobReader, commit: str) -> Settings:
    """Return the settings that a commit has. Raises UserError where they do not read."""
    blob = reader.get(f"{commit}:{PYPROJECT}")
    return read_settings(blob.data if blob else None)


def refuse_elsewhere(repository: Repository, path: Path, commit: str | None) -> None:
    """Raise UserError where *path* is in a folder, not the root, that has manuals of its own.

    So it does where *commit*, if one is given, has some in a folder; the root then has none.
    """
    root = (repository.worktree or repository.git_dir).resolve()
    found = _manuals_around(root, path.resolve())
    if not found and commit and not any((root / one).exists() for one in manual_folders()):
        found = folders_ending(repository, commit, *manual_folders())
    if found:
        hint = t(
            "here they are in {found}: name their folders in pyproject.toml, as "
            "[tool.manualsmith.manuals.NAME] folder = …, or move them to the root (git mv)",
            found=", ".join(found[:4]) + (", …" if len(found) > 4 else ""),
        )
        names = ", ".join(manual_folders())
        raise UserError(
            t("manuals are looked for at the repository's root: {names}", names=names),
            Place(str(root)),
            hint,
        )


def _manuals_around(root: Path, here: Path) -> list[str]:
    """Return the manuals of the nearest folder around *here*, below *root*, that has some."""
    for folder in (here, *here.parents):
        if folder == root or not folder.is_relative_to(root):
            break
        if found := [folder / name for name in manual_folders() if (folder / name).is_dir()]:
            return [one.relative_to(root).as_posix() for one in found]
    return []


def records_folder(repository: Repository, settings: Settings) -> Path | None:
    """Return the folder of the other repository that holds the records, None where there is none.

    A machine's own ``manualsmith.records`` in git's configuration goes before the setting.
    """
    named = repository.config("manualsmith.records") or settings.records
    return Path(repository.worktree or repository.git_dir, named) if named else None


def of_release(repository: Repository, release: str) -> LocalBranch:
    """Return the branch of a release. Raises UserError where there is none."""
    branches = {branch.name: branch for branch in repository.branches()}
    name = f"{RELEASES}{release}"
    if name in branches:
        return branches[name]
    known = [one.removeprefix(RELEASES) for one in branches if one.startswith(RELEASES)]
    hint = t("freeze one: git branch {branch} COMMIT", branch=f"{RELEASES}NAME")
    if known:
        hint = t("releases: {names}", names=", ".join(known))
    raise UserError(t("there is no branch {name}", name=name), hint=hint)


def _own_settings(repository: Repository, reader: BlobReader) -> Settings:
    if repository.worktree is None:
        return settings_at(reader, "HEAD")
    return read_settings_in(repository.worktree)
