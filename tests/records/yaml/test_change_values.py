"""A rewrite changes the value that is named, and not a character more."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from manualsmith.errors import UserError
from manualsmith.records.yaml.change_values import rewrite
from manualsmith.records.yaml.read_yaml import load
from manualsmith.records.yaml.template import confirmation_template

FILES = {
    "template": confirmation_template("ENV-2026-0007", "2026-11-20", "nextcloud", "S-0412"),
    "odd spacing": "a:   1   # one\n\n\nb:\n- x\n-   y # two\n#end",
    "deep lists": "a:\n    b:\n        - c:   [ 1,2 , 3 ]\n          d: 'it''s'\n",
    "blocks": "a: |  # keep\n  one\n\n  two  \n\n# c\nb: >-\n   fold\n   ed\n"
    "c: |+\n  x\n\n\nd: 1\n",
    "long line": "a: " + "字" * 300 + " " + "word " * 60 + "end\nb: {x: 1,   y: [a, b]}\n",
    "document marks": "---\n# first\na: 1\n...\n",
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_nothing_changed_nothing_moved(text, newline, bom):
    text = bom + text.replace("\n", newline)
    same = [((name,), value) for name, value in load(text, "f").value.items()]
    assert rewrite(text, same) == text


CASES = {
    "plain": ("a: 1 # c\nb: 2\n", ("a",), "3.10", "a: 3.10 # c\nb: 2\n"),
    "plain that needs quotes": ("a: 1 # c\n", ("a",), "x: y", 'a: "x: y" # c\n'),
    "plain to empty text": ("a: 1\n", ("a",), "", 'a: ""\n'),
    "plain to nothing": ("a: 1 # c\n", ("a",), None, "a: null # c\n"),
    "single quotes": ("a: 'x'   # c\n", ("a",), "it's", "a: 'it''s'   # c\n"),
    "double quotes": ('a: "3.13"\n', ("a",), "3.16", 'a: "3.16"\n'),
    "emoji in double quotes": ('a: "x"\n', ("a",), "好 😀", 'a: "好 😀"\n'),
    "several lines": ("a: x # c\n", ("a",), "1\n2\n", 'a: "1\\n2\\n" # c\n'),
    "empty": ("a:\nb: 1\n", ("a",), "x", "a: x\nb: 1\n"),
    "empty with a comment": ("a:   # why\nb: 1\n", ("a",), "x", "a: x   # why\nb: 1\n"),
    "in braces": ("a: {b: 1, c: '2'} # c\n", ("a", "c"), "3", "a: {b: 1, c: '3'} # c\n"),
    "bracket in braces": ("a: {b: 1}\n", ("a", "b"), "x]", 'a: {b: "x]"}\n'),
    "list item": ("a:\n- x # c\n- y\n", ("a", 0), "z", "a:\n- z # c\n- y\n"),
    "literal": ("a: |  # c\n   one\n\nb: 1\n", ("a",), "1\n2\n", "a: |  # c\n   1\n   2\n\nb: 1\n"),
    "literal to a word": ("a: |-\n  one\n  two\n# c\nb: 1\n", ("a",), "x", "a: x\n# c\nb: 1\n"),
    "new key": ("a: 1 # c\n\n# end\n", ("b",), "2", 'a: 1 # c\nb: "2"\n\n# end\n'),
    "new key, no last line end": ("a: 1\nz: 2", ("b",), "x", "a: 1\nz: 2\nb: x"),
    "new key in braces": ("a: {b: 1 }\n", ("a", "c"), "x", "a: {b: 1, c: x }\n"),
    "new key after a kept block": ("a: |+\n  x\n\n", ("b",), "v", "a: |+\n  x\n\nb: v\n"),
    "new mapping": ("a: 1\n", ("b", "c"), "x", "a: 1\nb:\n  c: x\n"),
    "new key in depth": ("a:\n    b: x\nz: 1\n", ("a", "c"), "v", "a:\n    b: x\n    c: v\nz: 1\n"),
    "append": ("a:\n- x # c\nb: 1\n", ("a", 1), "v", "a:\n- x # c\n- v\nb: 1\n"),
    "append in brackets": ("a: [x]\n", ("a", 1), "v", "a: [x, v]\n"),
    "fill an empty list": (
        "f: [] # c\nb: 1\n", ("f", 0), {"id": 1, "t": "x"}, "f: # c\n  - id: 1\n    t: x\nb: 1\n",
    ),
    "fill a key, as the file's other lists": (
        "a:\n- x\nf:\n# c\n", ("f", 0), {"t": ["p\nq"]},
        "a:\n- x\nf:\n- t:\n  - |-\n    p\n    q\n# c\n",
    ),
    "decision": (
        "a: 1\n# end\n", ("d",), {"state": "accepted", "reason": "好\n"},
        "a: 1\nd:\n  state: accepted\n  reason: |\n    好\n# end\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "path", "value", "after"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_change(text, path, value, after, newline):
    assert rewrite(text.replace("\n", newline), [(path, value)]) == after.replace("\n", newline)


def test_several_changes_at_once():
    text = "# top\na: 1 # one\nb:\n  - {c: 2} # two\n"
    after = "# top\na: 9 # one\nb:\n  - {c: 8} # two\nd: x\n"
    assert rewrite(text, [(("a",), "9"), (("b", 0, "c"), "8"), (("d",), "x")]) == after


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("a:\n  b: 1\n", ("a",), "x"),
        ("a: 1\n", (), {"b": "1"}),
        ("a: [x]\n", ("a", 5), "y"),
        ("a: x\n", ("a", "b"), "y"),
    ],
)
def test_what_cannot_be_set(text, path, value):
    with pytest.raises(ValueError):  # noqa: PT011 - its text is for programmers
        rewrite(text, [(path, value)])


def test_what_cannot_be_read():
    with pytest.raises(UserError):
        rewrite("a: [\n", [(("a",), "x")])


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(TEXT, st.sampled_from(["a: 1 # c", "a: 'x' # c", 'a: "x" # c', "a: # c", "a: {b: x} # c"]))
def test_any_text_can_be_set_and_the_comment_stays(value, line):
    path = ("a", "b") if "{" in line else ("a",)
    after = rewrite(f"# top\n{line}\nz: 1\n", [(path, value)])
    for read in (load(after, "f").value["a"], yaml.load(after, Loader=yaml.BaseLoader)["a"]):
        assert (read["b"] if "{" in line else read) == value
    assert after.startswith("# top\na:")
    assert after.endswith(" # c\nz: 1\n")
