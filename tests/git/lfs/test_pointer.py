"""A pointer of Git LFS: written as the specification has it, and read back."""

import hashlib

import pytest

from manualsmith.git.lfs.pointer import Pointer, read_pointer

DATA = b"a picture"
TEXT = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:" + hashlib.sha256(DATA).hexdigest().encode() + b"\nsize 9\n"
)


def test_written_and_read():
    assert Pointer.to(DATA).text == TEXT
    assert read_pointer(TEXT) == Pointer.to(DATA)


def test_with_an_extension_of_somebody_elses():
    other = TEXT.replace(b"oid", b"ext-0-x sha256:" + b"0" * 64 + b"\noid", 1)
    assert read_pointer(other) == Pointer.to(DATA)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        DATA,
        TEXT[:-20],
        TEXT + b"x",
        TEXT + b"x" * 2000,
        TEXT.replace(b"v1", b"v2"),
        TEXT.replace(b"size 9", b"size -9"),
        TEXT.replace(b"sha256:", b"sha256:../"),
        b"version \xff\xfe",
    ],
)
def test_what_is_none(data):
    assert read_pointer(data) is None
