"""A Git LFS pointer: the text that a repository holds in place of a large file.

Source: the specification of Git LFS, version 1.
"""

import hashlib
import re
from dataclasses import dataclass

_VERSION = "https://git-lfs.github.com/spec/v1"
MOST_BYTES = 1024
_POINTER = re.compile(
    rf"version {re.escape(_VERSION)}\n"
    r"(?:ext-[^\n]*\n)*oid sha256:(?P<oid>[0-9a-f]{64})\nsize (?P<size>[0-9]{1,18})\n?"
)


@dataclass(frozen=True)
class Pointer:
    """What a pointer says of its object: the SHA-256 of its bytes, in hex, and their number."""

    oid: str
    size: int

    @classmethod
    def to(cls, data: bytes) -> "Pointer":
        """Return the pointer to an object of these bytes."""
        return cls(hashlib.sha256(data).hexdigest(), len(data))

    @property
    def text(self) -> bytes:
        """What a repository holds in place of the object."""
        return f"version {_VERSION}\noid sha256:{self.oid}\nsize {self.size}\n".encode()


def read_pointer(data: bytes) -> Pointer | None:
    """Return the pointer that a file's bytes are, None where they are none."""
    if len(data) > MOST_BYTES or not data.startswith(b"version "):
        return None
    found = _POINTER.fullmatch(data.decode("utf-8", "replace"))
    return Pointer(found["oid"], int(found["size"])) if found else None
