"""The one grammar of ids."""

import pytest

from manualsmith.errors import UserError
from manualsmith.naming import is_fact_name
from manualsmith.records.blob_id import blob_id
from manualsmith.records.ids import RecordId, next_id, parse_id

GOOD = {
    "ENV-2026-0007": RecordId("ENV", 2026, 7),
    "REQ-2026-12345": RecordId("REQ", 2026, 12345),
    "WLK-2026-0007-kqzwt": RecordId("WLK", 2026, 7, "kqzwt"),
}
BAD = ["", "ENV", "ENV-26-0007", "ENV-2026-007", "env-2026-0007", "ENV-2026-0007-",
       "ENV-2026-0007-abcd",
       "ENV-2026-0007-ABCDE", "ENV-2026-0007\n", "ENV-２０２６-0007", "XYZ-2026-0007",
       "ENV-2026-0007-1",
       "ENV-2026-0000000007", "../ENV-2026-0007"]  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), GOOD.items())
def test_id(text, parts):
    assert parse_id(text) == parts
    assert str(parts) == text


@pytest.mark.parametrize("text", BAD)
def test_no_id(text):
    with pytest.raises(UserError):
        parse_id(text)


NEXT = [
    ("ENV", [], None, "ENV-2026-0001"),
    ("ENV", ["ENV-2026-0007", "ENV-2026-0002"], None, "ENV-2026-0008"),
    ("ENV", ["ENV-2025-0042", "REQ-2026-0009", "README"], None, "ENV-2026-0001"),
    ("ENV", ["ENV-2026-0007-kqzwt"], "abcde", "ENV-2026-0008-abcde"),
    ("REQ", ["REQ-2026-9999"], None, "REQ-2026-10000"),
]


@pytest.mark.parametrize(("prefix", "taken", "letters", "expected"), NEXT)
def test_next_id(prefix, taken, letters, expected):
    assert next_id(prefix, 2026, taken, letters) == expected


@pytest.mark.parametrize("name", ["a", "server.version", "desktop-client.version", "2fa.method"])
def test_fact_name(name):
    assert is_fact_name(name)


@pytest.mark.parametrize(
    "name", ["", "A", "a..b", "a.", "-a", "a b", "a.lock", "a/b", "版本", "a\n", "a" * 101, "a@{b"]
)
def test_no_fact_name(name):
    assert not is_fact_name(name)


def test_blob_id_is_what_git_hash_object_says():
    assert blob_id(b"", "sha1") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert blob_id(b"hello\n", "sha1") == "ce013625030ba8dba906f756967f9e9ca394464a"
