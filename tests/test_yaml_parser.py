"""YAML reads the same with ruamel.yaml's C extension and without it, and as MkDocs reads it."""

from pathlib import Path

import pytest
import yaml  # which MkDocs brings
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError

from gitrepo import git
from manualsmith import yaml_parser
from manualsmith.errors import UserError
from manualsmith.markdown.checks.front_matter_check import front_problems
from manualsmith.markdown.reading.front_matter import BadFrontMatter, read_entries
from manualsmith.records.yaml.read_yaml import Document, read
from parsers import each_parser, without_c

__all__ = ["each_parser"]

ROOT = Path(__file__).parents[1]
FILES = [
    path
    for path in git(ROOT, "ls-files", "*.yaml", "*.yml", "manuals/*.md", "docs/*.md").splitlines()
    if ".template." not in path  # what it leaves open is no YAML yet
]
# plain YAML, and what one parser or another has read in its own way; ¦ stands between two
_PLAIN = """a¦字¦😀¦k: v¦k: 'v'¦k: "v¦k: |¦- v¦- ¦: ¦:¦, ¦[¦]¦{¦}¦?¦? ¦'¦"¦#¦ # c¦~¦null¦%¦@¦`¦|\
¦\\¦\\q¦\\u4e00¦"\\ud800"¦"\\Uffffffff"\
¦-¦---¦...¦: >¦: >-¦: |+¦: |2¦字？¦why? so¦http://x¦[a?, b]¦{a: b?}¦[a:b]¦[a:]¦[?]\
¦{? }¦　¦：¦k:\tv¦v\t# c¦<<¦=¦|\t# c¦\n¦\n¦\n  ¦\n  ¦\n    ¦\n\t¦\r\n¦\r\n  ¦\r¦\t¦ """
_DECORATED = "&x ¦*x¦*字¦!¦!t ¦!!str ¦!\t¦!t &x ¦%YAML 1.2\n---\n¦%TAG ! t:\n---\n"
_LINES = "a: 1¦b:\n  c: [d, e]¦  - f¦- g¦h: |\n  i\n   j¦k: l: m¦  n¦o: 'p¦a: 2¦{¦]"
PIECES, DECORATED, LINES = (some.split("¦") for some in (_PLAIN, _DECORATED, _LINES))
ODD = ["\ufeff", "\x85", "\u2028", "\u2029", "\xa0", "\x07", "\x7f", "\ufffe"]


def texts(*more):
    pieces = st.lists(st.sampled_from([*PIECES, *more]), max_size=10)
    lines = st.lists(st.sampled_from([*LINES, *PIECES]), max_size=6)
    return st.one_of(pieces.map("".join), lines.map("\n".join))


def twice(found, text):
    """Return what *found* makes of a text, which is the same without the C extension."""
    with_c = found(text)
    with without_c():
        assert found(text) == with_c
    return with_c


def events(text):
    """Return what a text is parsed to, an error with its place as the last of it."""
    told = []

    def take(parsed):
        told.clear()
        told.extend(seen(event) for event in parsed)

    try:
        yaml_parser.parsed(text, take)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        told.append((str(error).split("\n")[0], mark and (mark.index, mark.line, mark.column)))
    return told


def seen(event):
    names = ("anchor", "value", "style", "flow_style")
    fields = [getattr(event, name, None) or "" for name in names]
    return type(event).__name__, *fields, event.start_mark.index, event.end_mark.index


def document(text):
    try:
        found = read(text, "f")
    except UserError as error:
        return list(map(str, error.problems))
    return nodes(found.root), list(map(str, found.problems)), found.broken


def nodes(node):
    children = node.children
    pairs = children.items() if isinstance(children, dict) else enumerate(children)
    keys = [(name, key.start, key.end) for name, key in node.keys.items()]
    return node.value, node.style, node.start, keys, [(part, nodes(one)) for part, one in pairs]


def front_matter(text):
    page = f"---\n{text}\n---\n"
    try:
        entries = read_entries(page)
    except BadFrontMatter as error:
        entries = (str(error), error.line, error.column)
    return entries, list(map(str, front_problems(page, "p.md")))


@pytest.mark.parametrize("path", FILES)
def test_every_file_here(path):
    text = (ROOT / path).read_text("utf-8")
    if path.endswith(".md"):
        text = text.partition("---\n")[2].partition("\n---\n")[0] + "\n"
    found = twice(events, text)
    assert twice(document, text)
    assert twice(front_matter, text)
    if path != "mkdocs.yml":
        assert found == [*map(seen, yaml.parse(text, Loader=yaml.CSafeLoader))]


@settings(max_examples=400)
@given(texts(*DECORATED, *ODD))
def test_any_text(text):
    twice(events, text)
    twice(document, text)
    twice(front_matter, text)


@settings(max_examples=400)
@given(texts())
def test_what_mkdocs_reads_is_read_as_it_does(text):
    found = twice(events, text)
    try:
        theirs = [*map(seen, yaml.parse(text, Loader=yaml.CSafeLoader))]
    except yaml.YAMLError:
        assert "Event" not in found[-1][0]
    else:
        assert found == theirs


READ = {
    "a tab before a comment": ("a: b\t# c\n", {"a": "b"}),
    "a tab after a text": ("a: b\t\n", {"a": "b"}),
    "a tab within a text": ("a: b\tc\n", {"a": "b\tc"}),
    "a tab after a colon": ("a:\tb\n", {"a": "b"}),
    "a tab after a block's mark": ("a: |\t\n  b\n", {"a": "b\n"}),
    "a tab that a line goes on after": ("a: b\n  \tc\n", {"a": "b c"}),
    "a comment beside a block's mark": ("a: |# c\n  b\n", {"a": "b\n"}),
    "an empty line of some blanks": ("a: |\n \n  b\n", {"a": "\nb\n"}),
    "question marks within brackets": ("a: [b?, c? d, 嗎?]\n", {"a": ["b?", "c? d", "嗎?"]}),
    "colons within brackets": ("a: [b:c, http://d]\n", {"a": ["b:c", "http://d"]}),
    "numbers and answers": ("a: yes\nb: 010\nc: 0o10\n", {"a": "yes", "b": "010", "c": "0o10"}),
    "a version": ("%YAML 1.2\n---\na: b\n", {"a": "b"}),
    "a question": ("? a\n: b\n", {"a": "b"}),
}  # fmt: skip


@pytest.mark.usefixtures("each_parser")
@pytest.mark.parametrize(("text", "value"), READ.values(), ids=READ)
def test_what_libyaml_takes_is_taken(text, value):
    found: Document = read(text, "f")
    assert (found.value, found.problems) == (value, ())


@pytest.mark.usefixtures("each_parser")
def test_nothing_is_read_twice_that_is_common(monkeypatch):
    used = []
    monkeypatch.setattr(yaml_parser, "_events", lambda text: used.append(text) or iter(()))
    text = (ROOT / "mkdocs.yml").read_text("utf-8").replace("!", "")
    yaml_parser.parsed(text, lambda events: list(events))
    assert bool(used) == (yaml_parser.CParser is None)
