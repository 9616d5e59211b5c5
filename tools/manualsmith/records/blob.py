"""The git object id of a file's bytes, without git."""

from hashlib import sha1


def blob_id(data: bytes) -> str:
    """Return git's id for a file with these bytes: SHA-1 of ``blob N\\0`` and the bytes."""
    return sha1(b"blob %d\0" % len(data) + data).hexdigest()
