"""Tell which code of a repository a build of its site runs, once for each state of it."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from manualsmith.cache.by_key import Cache
from manualsmith.git.repository import Repository

_KIND = "code-told-1"
_PYTHON = re.compile(rb"!!python/(?:object|module|name)[^\s,\]}]*")
_OURS = b"!!python/name:manualsmith."
_HOOKS = re.compile(rb"^hooks:(?P<rest>[^\n]*(?:\n[ \t]*-[^\n]*|\n[ \t]+[^\n]*)*)", re.MULTILINE)
_FILE = re.compile(rb"[^\s\[\],'\"-][^\s\[\],'\"]*\.py\b")


def new_code(root: Path, settings: str, repository: Repository) -> list[str]:
    """Return the code that a build of the site at *root* runs, if that was not told before.

    Its hooks by their path, and what its settings name of Python. Nothing of it is run to see.
    git's ``manualsmith.trustCode`` says that nobody needs to be told.
    """
    found = dict(_code_of(root, settings))
    if not found or repository.is_on("manualsmith.trustCode"):
        return []
    state = sha256(b"".join(name.encode() + b"\0" + data + b"\0" for name, data in found.items()))
    with Cache.open(repository.common_dir) as cache:
        if cache.get_many(_KIND, [state.hexdigest()]):
            return []
        cache.put_many(_KIND, {state.hexdigest(): b"told"})
    return list(found)


def _code_of(root: Path, settings: str) -> Iterator[tuple[str, bytes]]:
    """Yield each piece of code, by what it is called, with what it says."""
    file = root / settings
    data = file.read_bytes() if file.is_file() else b""
    for tag in dict.fromkeys(_PYTHON.findall(data)):
        if not tag.startswith(_OURS):
            yield tag.decode("utf-8", "replace"), tag
    hooks = _HOOKS.search(data)
    for name in dict.fromkeys(_FILE.findall(hooks["rest"])) if hooks else ():
        hook = root / name.decode("utf-8", "replace")
        yield name.decode("utf-8", "replace"), hook.read_bytes() if hook.is_file() else b""
