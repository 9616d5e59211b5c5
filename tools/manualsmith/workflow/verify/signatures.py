"""Whose signature a decision has, where the settings ask for one."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from manualsmith.git.blobs import BlobReader
from manualsmith.git.process import argument
from manualsmith.git.repository import Repository
from manualsmith.workflow.workspace.open_workspace import Workspace

# What git says of a good signature by a key that it knows; "U" is one by anybody's key.
GOOD = "G"


@dataclass(frozen=True)
class CommitSignature:
    """Who signed a commit, as git tells it: by the name that the signers' file has, and the key."""

    is_good: bool
    signer: str
    key: str


@dataclass(frozen=True)
class Signers:
    """Whose SSH signatures count: a file of git's ``gpg.ssh.allowedSignersFile``, as bytes."""

    repository: Repository
    allowed: bytes

    def has_signed(self, commit: str) -> bool:
        """Return whether one of them has signed a commit."""
        with TemporaryDirectory(prefix="manualsmith-") as name:
            file = Path(name, "allowed_signers")
            file.write_bytes(self.allowed)
            return signature_of(self.repository, commit, file).is_good


def read_signers(workspace: Workspace, reader: BlobReader, since: str | None) -> Signers | None:
    """Return the signers that the commit *since* names, or main where there is none."""
    path = workspace.settings.allowed_signers
    if path is None:
        return None
    blob = reader.get(f"{since or workspace.main.tip}:{path}")
    return Signers(workspace.repository, blob.data if blob else b"")


def signature_of(
    repository: Repository, commit: str, allowed: Path | None = None
) -> CommitSignature:
    """Return the signature of a commit; *allowed* are the SSH keys that count, else git's own."""
    keys = ["-c", f"gpg.ssh.allowedSignersFile={allowed}"] if allowed else []
    told = repository.run(*keys, "log", "-1", "--format=%G?%x00%GS%x00%GF", argument(commit))
    fields = [*told.stdout.decode("utf-8", "replace").strip("\n").split("\0"), "", ""]
    return CommitSignature(fields[0] == GOOD, fields[1], fields[2])
