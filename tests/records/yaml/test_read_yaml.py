"""What a YAML text reads as, and what is told where it cannot be read."""

import pytest

from manualsmith.errors import UserError
from manualsmith.records.yaml.read_yaml import Limits, load
from parsers import each_parser

__all__ = ["each_parser"]
pytestmark = pytest.mark.usefixtures("each_parser")

VALUES = {
    "plain scalars stay text": (
        "a: 3.10\nb: on\nc: 2026-11-20\nd: 0o17\ne: true\nf: 1_000\n",
        {"a": "3.10", "b": "on", "c": "2026-11-20", "d": "0o17", "e": "true", "f": "1_000"},
    ),
    "only plain nulls are None": (
        "a:\nb: ~\nc: null\nd: ''\ne: 'null'\nf: \"~\"\n",
        {"a": None, "b": None, "c": None, "d": "", "e": "null", "f": "~"},
    ),
    "a null key is its text": ("~: 1\nnull: 2\n", {"~": "1", "null": "2"}),
    "byte order mark and CRLF": ("\ufeffa: |\r\n  x\r\n  z\r\n", {"a": "x\nz\n"}),
    "a marked document": ("---\na: [1, {b: 2}]\n...\n", {"a": ["1", {"b": "2"}]}),
    "full-width punctuation in a text": ("a: 按「登入」：好\n", {"a": "按「登入」：好"}),
    "empty collections": ("a: []\nb: {}\n", {"a": [], "b": {}}),
}


@pytest.mark.parametrize(("text", "value"), VALUES.values(), ids=VALUES)
def test_value(text, value):
    assert load(text.encode(), "f").value == value


# each: bytes, then line:column, and a word of the message or hint
REFUSED = {
    "nothing": (b"", "f", "empty"),
    "blank": (b" \n\n", "f", "empty"),
    "a comment alone": (b"# x\n", "f", "empty"),
    "null": (b"null\n", "f", "empty"),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0", "f", "not a text file"),
    "UTF-16": ("a: 1".encode("utf-16"), "f", "UTF-16"),
    "Big5": (b"a: 1\nb: " + "帳號".encode("big5"), "f:2:4", "save the file as UTF-8"),
    "control character": (b"a: 1\nb: \x1b[31m\n", "f:2:4", "U+001B"),
    "line separator": ("a: x\u2028y\n".encode(), "f:1:5", "U+2028"),
    "a list": (b"- a\n", "f:1:1", "mapping"),
    "a text": (b"hello\n", "f:1:1", "mapping"),
    "two documents": (b"a: 1\n---\nb: 2\n", "f:2:1", "second document"),
    "duplicate key": (b"a: 1\nb: 2\na: 3\n", "f:3:1", "first at f:1:1"),
    "duplicate in braces": (b"a: {b: 1, b: 2}\n", "f:1:11", "first at f:1:5"),
    "anchor": (b"a: &x 1\n", "f:1:4", "anchor"),
    "alias": (b"a: *x\n", "f:1:4", "alias"),
    "tag": (b"a: !!python/object/apply:os.system [ls]\n", "f:1:4", "tag"),
    "local tag": (b"a: !secret 1\n", "f:1:4", "tag"),
    "bare tag": (b"a: ! 1\n", "f:1:4", "tag"),
    "tagged mapping": (b"!!omap\na: 1\n", "f:1:1", "tag"),
    "list as key": (b"? [a]\n: b\n", "f:1:3", "plain text"),
    "mapping as key": (b"{{a}}: b\n", "f:1:1", "plain text"),
    "no key": (b": b\n", "f:1:1", "a name is missing"),
    "tab": (b"a:\n\tb: 1\n", "f:2:1", "a tab stands here"),
    "tab after spaces": (b"a:\n  \tb: 1\n", "f:2:3", "a tab"),
    "no space after colon": (b"a: 1\nb:2\nc: 3\n", "f:2:3", "space after the colon"),
    "no space after the first colon": (b"id:ENV\nb: 1\n", "f:1:4", "space after the colon"),
    "full-width colon": ("a: 1\nstaff：S\nb: 2\n".encode(), "f:2:6", "full-width colon"),
    "full-width colon first": ("id：x\nb: 2\n".encode(), "f:1:3", "full-width colon"),
    "full-width colon alone": ("id：x\n".encode(), "f:1:3", "full-width colon"),
    "full-width indentation": ("a:\n\u3000b: 1\n".encode(), "f:2:1", "ordinary spaces"),
    "full-width indentation of a text": (
        "a:\nb: 1\n\u3000x\nc: 1\n".encode(), "f:3:1", "full-width",
    ),
    "open quote": (b'a: 1\nb: "x\nc: 2\n', "f:2:4", "not closed"),
    "quote in quotes": (b"a: 'it's'\nb: 1\n", "f:1:8", "inside, write the quote twice"),
    "percent": (b"a: %x\n", "f:1:4", "cannot begin with %"),
    "at": (b"a: @x\n", "f:1:4", "cannot begin with @"),
    "backtick": (b"a: `x`\n", "f:1:4", "cannot begin with `"),
    "star": ("a: *按*\n".encode(), "f:1:4", "cannot begin with *"),
    "open bracket": (b"a: [x\nb: 2\n", "f:1:4", "the [ that opens here"),
    "colon in a text": (b"a: b: c\n", "f:1:5", "in quotes"),
    "escape": (b'a: "C:\\q"\n', "f:1:7", "single quotes"),
    "escape of half a character": (b'a: "x\\ud800"\n', "f:1:6", "no such escape"),
    "escape of no character": (b'a: "\\Uffffffff"\n', "f:1:5", "no such escape"),
    "indentation": (b"a:\n  - x\n - z\n", "f:3:2", "same column"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "place", "words"), REFUSED.values(), ids=REFUSED)
def test_refused(data, place, words):
    with pytest.raises(UserError) as refused:
        load(data, "f")
    problem = refused.value.problems[0]
    assert str(problem.place) == place, problem
    assert words in f"{problem.message} {problem.hint}"


def test_several_problems_at_once():
    with pytest.raises(UserError) as refused:
        load("a: &x 1\nb: *x\nb: !t 2\n", "f")
    assert [str(p.place) for p in refused.value.problems] == ["f:1:4", "f:2:4", "f:3:1", "f:3:4"]


def test_the_problems_before_a_syntax_error_are_told_too():
    with pytest.raises(UserError) as refused:
        load("a: 1\na: 2\nb: [\n", "f")
    assert [str(p.place) for p in refused.value.problems] == ["f:2:1", "f:3:4"]


BOMBS = {
    "large": (b"a: " + b"x" * 50_000_000, "larger than 1048576 bytes"),
    "deep lists": (b"a: " + b"[" * 500_000, "deeper than 32"),
    "deep mappings": (b"{a: " * 200_000, "deeper than 32"),
    "many values": (b"a: [" + b"," .join([b"x"] * 60_000) + b"]", "more than 50000"),
    "aliases": (b"a: &a [x]\n" + b"".join(b"b%d: [*a, *a]\n" % i for i in range(9)), "anchor"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "words"), BOMBS.values(), ids=BOMBS)
def test_bombs(data, words):
    with pytest.raises(UserError, match=words):
        load(data, "f")


def test_the_limit_is_the_last_that_passes():
    deep = "a: " + "[" * 31 + "]" * 31
    assert load(deep, "f").value
    with pytest.raises(UserError):
        load(deep.replace("[", "[[", 1).replace("]", "]]", 1), "f")
    assert load("a: [1, 2]", "f", Limits(nodes=5)).value
    with pytest.raises(UserError):
        load("a: [1, 2]", "f", Limits(nodes=4))


TEXT = "\ufeff名: 值\r\nlist:\r\n  - x\r\n  - {k: v, e: }\r\nnone:\r\nlast: |\r\n  a😀b\r\nz: 1\r\n"
PLACES = {
    (): "f:1:1",
    ("名",): "f:1:4",
    ("list",): "f:3:3",
    ("list", 1): "f:4:5",
    ("list", 1, "k"): "f:4:9",
    ("list", 1, "e"): "f:4:12",
    ("none",): "f:5:1",
    ("last",): "f:6:7",
    ("z",): "f:8:4",
    ("list", 1, "missing", 3): "f:4:5",
    ("list", 7): "f:3:3",
}


@pytest.mark.parametrize(("path", "place"), PLACES.items())
def test_place(path, place):
    assert str(load(TEXT, "f").place(path)) == place


def test_key_place():
    document = load(TEXT, "f")
    assert str(document.key_place(("list", 1, "k"))) == "f:4:6"
    assert str(document.key_place(("list", 1))) == "f:4:5"
