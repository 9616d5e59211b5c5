"""The objects of Git LFS in a repository: which paths have them, to read, to keep, to push.

They lie where ``git lfs`` looks for them, so that it pushes what is kept here. The program itself
is needed to push and to fetch alone.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from manualsmith.errors import UserError
from manualsmith.files import replacing
from manualsmith.git import process
from manualsmith.git.blobs import BlobReader
from manualsmith.git.lfs.pointer import MOST_BYTES, Pointer, read_pointer
from manualsmith.git.repository import Repository
from manualsmith.text import t

_ATTRIBUTES = ".gitattributes"
_SECONDS = 600.0


def with_pointers(
    repository: Repository, reader: BlobReader, commit: str, paths: Iterable[str]
) -> set[str]:
    """Return those of *paths* that a commit's ``.gitattributes`` have git hold as pointers."""
    wanted = dict.fromkeys(paths)
    folders = {str(folder) for path in wanted for folder in Path(path).parents}
    names = sorted(_ATTRIBUTES if one == "." else f"{one}/{_ATTRIBUTES}" for one in folders)
    blobs = reader.get_many([f"{commit}:{name}" for name in names])
    found = [(name, blob) for name, blob in zip(names, blobs, strict=True) if blob]
    if not any(b"lfs" in blob.data for _, blob in found):
        return set()
    with TemporaryDirectory(prefix="manualsmith-") as folder:
        # an index of these files alone: git itself says what they mean
        env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        listed = "".join(f"100644 {blob.oid}\t{name}\n" for name, blob in found)
        asked = "".join(f"{path}\0" for path in wanted)
        _ask(repository, env, listed, "update-index", "--add", "--index-info")
        said = _ask(repository, env, asked, "check-attr", "--cached", "-z", "--stdin", "filter")
    fields = said.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return {path for path, value in zip(fields[::3], fields[2::3], strict=True) if value == "lfs"}


def _ask(repository: Repository, env: dict[str, str], data: str, *arguments: str) -> bytes:
    sent = data.encode("utf-8", "surrogateescape")
    done = process.run(repository.folder, *arguments, data=sent, env=env)
    return process.checked(done, arguments[0]).stdout


def content(repository: Repository, data: bytes) -> bytes | None:
    """Return the bytes that a file stands for: its own, or those of the object it points to.

    None where that object is not here. Raises UserError where it is not what the pointer says.
    """
    pointer = read_pointer(data)
    if pointer is None:
        return data
    file = _file(repository, pointer.oid)
    try:
        found = file.read_bytes()
    except OSError:
        return None
    if Pointer.to(found) != pointer:
        said = t("the Git LFS object {oid} is not what its pointer says", oid=pointer.oid[:12])
        hint = t("delete it, and have it fetched again: {command}", command="git lfs fetch --all")
        raise UserError(f"{said}: {file}", hint=hint)
    return found


def keep_object(repository: Repository, data: bytes) -> None:
    """Keep an object of these bytes, where ``git lfs push`` will find it."""
    file = _file(repository, Pointer.to(data).oid)
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as beside:
            beside.write_bytes(data)


def fill_pointers(repository: Repository, folder: Path) -> None:
    """Have the files of a folder that are pointers hold their objects, as far as they are here.

    Where ``git lfs`` is set up they do so already.
    """
    attributes = (one.read_bytes() for one in folder.rglob(_ATTRIBUTES) if one.is_file())
    if not any(b"lfs" in one for one in attributes):
        return
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink() and file.stat().st_size <= MOST_BYTES:
            data = file.read_bytes()
            if read_pointer(data) and (found := content(repository, data)):
                file.write_bytes(found)


def _file(repository: Repository, oid: str) -> Path:
    named = repository.config("lfs.storage")
    storage = repository.common_dir / (named or "lfs")
    return storage / "objects" / oid[:2] / oid[2:4] / oid


def program_version(repository: Repository) -> str:
    """Return the version of ``git lfs``, empty where there is no such program."""
    with suppress(UserError):
        done = repository.run("lfs", "version")
        return done.stdout.decode("utf-8", "replace").split(" ")[0] if not done.code else ""
    return ""


def has_objects(repository: Repository) -> bool:
    """Return whether objects of Git LFS are kept here."""
    return _file(repository, "0" * 64).parents[2].is_dir()


def push_objects(repository: Repository, remote: str, commits: Sequence[str]) -> None:
    """Send a remote the objects that commits point to, before it has the commits.

    Nothing is done where none are kept here, or ``git lfs`` is not there. Raises UserError where
    the remote does not take them.
    """
    if not commits or not has_objects(repository) or not program_version(repository):
        return
    folder, env = repository.folder, {"GIT_TERMINAL_PROMPT": "0"}
    command = ("lfs", "push", "--", remote, *commits)
    done = process.run(folder, *command, env=env, timeout=_SECONDS)
    if done.code:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        why = lines[-1] if lines else t("exit code {code}", code=done.code)
        said = t(
            "{remote} did not take the pictures of Git LFS: {reason}", remote=remote, reason=why
        )
        raise UserError(said, hint=t("look at it: git lfs push {remote} --all", remote=remote))
