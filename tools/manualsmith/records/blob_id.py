"""The git object id of a file's bytes, without git."""

from hashlib import sha1, sha256

_HASHES = {"sha1": sha1, "sha256": sha256}


def blob_id(data: bytes, object_format: str) -> str:
    """Return git's id for a file with these bytes: the hash of ``blob N\\0`` and the bytes.

    *object_format* is the repository's: ``sha1`` or ``sha256``.
    """
    return _HASHES[object_format](b"blob %d\0" % len(data) + data).hexdigest()
