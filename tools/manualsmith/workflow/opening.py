"""Open a repository to work on: where its main is, and what its settings say."""

from dataclasses import dataclass, replace
from pathlib import Path

from manualsmith.settings import Settings, read_settings
from manualsmith.store.blobs import BlobReader
from manualsmith.store.repository import Branch, Repository

PYPROJECT = "pyproject.toml"


@dataclass(frozen=True)
class Workspace:
    """A repository, the tip of its main when it was opened, and main's settings."""

    repository: Repository
    main: Branch
    settings: Settings

    def refreshed(self) -> "Workspace":
        """Return the workspace with main's tip as it is now."""
        return replace(self, main=self.repository.main_branch(self.main.name))


def open_workspace(path: Path) -> Workspace:
    """Return the repository that holds *path*.

    The name of main may be set in the working tree's ``pyproject.toml`` (HEAD's in a bare
    repository); every other setting is main's own, so that a branch cannot loosen it for itself.
    Raises UserError where it is no repository, or main is missing.
    """
    repository = Repository.open(path)
    with BlobReader(repository) as reader:
        main = repository.main_branch(_own_settings(repository, reader).main)
        blob = reader.get(f"{main.tip}:{PYPROJECT}")
    return Workspace(repository, main, read_settings(blob.data if blob else None))


def _own_settings(repository: Repository, reader: BlobReader) -> Settings:
    if repository.worktree is None:
        blob = reader.get(f"HEAD:{PYPROJECT}")
        return read_settings(blob.data if blob else None)
    file = repository.worktree / PYPROJECT
    return read_settings(file.read_bytes() if file.is_file() else None, str(file))
