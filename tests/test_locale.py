"""The catalogue has every message in Taiwan's words, and what ships is what it says."""

import ast
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parent.parent / "tools" / "manualsmith"
FOLDER = PACKAGE / "locale" / "zh_TW" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def catalogue():
    return read_po(io.BytesIO((FOLDER / "manualsmith.po").read_bytes()), locale="zh_TW")


def test_every_message_is_translated(catalogue):
    sources = [("**.py", "python"), ("desk/templates/**.html", "jinja2")]
    sources.append(("site/preview/review/rows.html", "jinja2"))
    keywords = {"t": None, "marked": None}
    used = {found[2] for found in extract_from_dir(str(PACKAGE), sources, keywords=keywords)}
    translated = {message.id for message in catalogue if message.id and message.string}
    assert sorted(used - translated) == [], "run: make messages"
    assert sorted(translated - used) == [], "run: make messages"


def test_translations_keep_the_fields(catalogue):
    for message in catalogue:
        if message.id:
            assert set(re.findall(r"\{\w*\}", message.string)) == set(
                re.findall(r"\{\w*\}", message.id)
            ), message.id


_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
# What a translation may not have; what is in a catalogue's Chinese and looks like it, and is right.
FAULTS = {
    "a straight quote beside Chinese": rf'[{_HAN}，。、：；」]"|"[{_HAN}「]',
    "half-width punctuation between Chinese": rf"[{_HAN}」）][,;:!?()] ?[{_HAN}「（]",
    "half-width punctuation after Chinese": rf"[{_HAN}」）][,;!?.](?=\s|$)",
    "a blank between Chinese": rf"[{_HAN}，。、：；「」] +[{_HAN}，。、：；「」]",
    "three dots": rf"[{_HAN}]\.\.\.",
    "你 beside 您": "你",
}
# what is to be written so: YAML, JSON and commands
ALLOWED = r"名稱: 值|\n {2,}[^\n]*"
# What is said on the mainland, and what Taiwan says.
_PAIRS = Path(__file__).with_name("elsewhere.txt").read_text("utf-8").splitlines()[1:]
ELSEWHERE = dict(pair.split(" → ") for pair in _PAIRS)


def test_the_catalogue_is_written_as_taiwan_writes(catalogue):
    told = []
    for message in catalogue:
        text = re.sub(ALLOWED, "", message.string) if message.id else ""
        told += [f"{name}: {text}" for name, fault in FAULTS.items() if re.search(fault, text)]
        told += [
            f"{found[0]} → {said}: {text}"
            for word, said in ELSEWHERE.items()
            if (found := re.search(word, text))
        ]
    assert told == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ('項目 是"甲"', False),
        ("先儲存,再送出", False),
        ("頁面 不在", False),
        ("完成.", False),
        ("等一下...", False),
        ("請你再試", False),
        ("開啟 Wi-Fi 設定", True),
        ("存到 records/a.yaml，再送出", True),
    ],
)
def test_a_fault_is_seen(text, right):
    assert any(re.search(fault, text) for fault in FAULTS.values()) != right


def test_what_ships_is_current(catalogue):
    shipped = read_mo(io.BytesIO((FOLDER / "manualsmith.mo").read_bytes()))
    assert {m.id: m.string for m in shipped if m.id} == {
        m.id: m.string for m in catalogue if m.id
    }, "run: make messages"


# messages for those who write commands, not for those who use them
_FOR_PROGRAMMERS = re.compile(
    "declarations?|decl|DeprecationWarning|Shell completion|Bash|Editing failed|defined twice"
    "|colour|^Choice|standard stream|UUID|iterable|Windows error|start character"
    "|values are required|No options"
    "|Confirm the action|^d$|^{value} is not in"
)


def test_clicks_own_messages_are_translated(catalogue):
    """What click says of itself: a new version of it may bring messages."""
    used = extract_from_dir(
        str(Path(click.__file__).parent), keywords={"_": None, "ngettext": (1, 2)}
    )
    wanted = {found[2] if isinstance(found[2], str) else found[2][0] for found in used}
    read = read_mo(io.BytesIO((FOLDER / "click.mo").read_bytes()))
    ids = {m.id if isinstance(m.id, str) else m.id[0] for m in read if m.id}
    assert sorted(one for one in wanted - ids if not _FOR_PROGRAMMERS.search(one)) == []


def test_a_wrong_call_is_told_in_chinese():
    environment = {**os.environ, "MANUALSMITH_LANG": "zh_TW"}
    for arguments in (["review", "reject", "X"], ["nothing"], ["find", "--most", "many", "x"]):
        command = [sys.executable, "-m", "manualsmith", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        assert done.returncode == 2
        told = done.stderr.replace("[OPTIONS]", "").replace("COMMAND [ARGS]...", "")
        assert not re.search(r"Usage|Error|Missing|Try|No such|Invalid|valid", told), told


def _said_at_import(nodes):
    """Yield the lines where a message is put into words as its module is imported."""
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            yield from _said_at_import(node.body)
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            now = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        else:
            now = [node]
        while now:
            one = now.pop()
            if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "t":
                yield one.lineno
            now += [] if isinstance(one, ast.Lambda) else ast.iter_child_nodes(one)


def test_a_message_is_put_into_words_where_it_is_shown():
    """But for the help of commands: a command speaks one language to its end, a desk does not."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE)
        is_help = path.parts[0] == "cli" and path.parts[1] != "output"
        if not is_help and (lines := list(_said_at_import(ast.parse(file.read_text()).body))):
            found[path.as_posix()] = lines
    assert found == {}, "marked(…), and t(…) where it is shown"
