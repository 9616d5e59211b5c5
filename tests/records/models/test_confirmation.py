"""A confirmation as it should be, and what is told about one that is not."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from manualsmith.errors import UserError
from manualsmith.markdown.action_table import Edit
from manualsmith.records.models.confirmation import (
    Confirmation,
    parse_confirmation,
    read_confirmation,
)
from manualsmith.records.problems import allowed_by
from manualsmith.records.yaml.read_yaml import load

GOOD = """\
schema: manualsmith/confirmation/v1
id: ENV-2026-0007           # 編號
date: 2026-11-20
product: nextcloud
staff: S-0412
reported: 使用者反映桌面版登入畫面與手冊不符
request: REQ-2026-0012
environment:
  hardware: []
  software:
    - {fact: desktop-client.version, documented: "3.13", observed: 3.10}
  network: []
  roles:
  procedures: []
confirmed:
  - {page: web-sign-in.md, section: 用網頁登入}
findings:
  - id: 1
    summary: 桌面版改用瀏覽器授權
    manual: operation
    page: sign-in.md
    reason: 3.16 起登入改由瀏覽器完成
    edit:
      action: replace-step
      section: [桌面版用戶端, 第一次登入]
      step: 3
      text: 在跳出的瀏覽器視窗按「授權存取」。
"""
LEAST = """\
schema: manualsmith/confirmation/v1
id: ENV-2026-0007-kqzwt
date: 2028-02-29
product: nextcloud
reported: x
environment:
"""


def problems(text):
    with pytest.raises(UserError) as refused:
        parse_confirmation(text.encode(), "f")
    return refused.value.problems


def test_good():
    read = parse_confirmation(GOOD.encode(), "f")
    (fact,) = read.environment.software
    (finding,) = read.findings
    (held,) = read.confirmed
    assert (read.date, fact.observed, fact.documented) == (date(2026, 11, 20), "3.10", "3.13")
    assert (finding.id, finding.edit.action, finding.edit.step) == (1, "replace-step", "3")
    assert (held.section, held.manual) == (("用網頁登入",), "operation")
    assert read.environment.roles == ()


def test_the_least():
    read = parse_confirmation(LEAST.encode(), "f")
    assert (read.staff, read.request, read.findings, read.confirmed) == (None, None, (), ())


def test_crlf_and_byte_order_mark_change_nothing():
    data = "\ufeff".encode() + GOOD.replace("\n", "\r\n").encode()
    assert parse_confirmation(data, "f") == parse_confirmation(GOOD.encode(), "f")


def test_places_come_with_it():
    _, document = read_confirmation(GOOD.encode(), "f")
    assert str(document.place(("findings", 0, "edit", "step"))) == "f:26:13"


# what is written instead of what in GOOD; line:column, message and hint
WRONG = {
    "missing": (
        "product: nextcloud\n", "",
        "f:1:1: product is missing", None),
    "missing in depth": (
        "    page: sign-in.md\n", "",
        "f:18:5: findings[1].page is missing", None),
    "unknown field": (
        "staff:", "staf:",
        "f:5:1: there is no field staf; allowed: schema, id, date, product, release, draft,"
        " staff, reported, request, environment, checked, confirmed, findings, conclusion",
        "nearest: staff"),
    "unknown field of an action": (
        "      step: 3", "      step: 3\n      stpe: 3",
        "f:27:7: findings[1].edit has no field stpe; allowed: action, section, step, list, quote,"
        " text, picture", "nearest: step"),
    "unknown category": (
        "  network:", "  networks:",
        "f:12:3: environment has no field networks; allowed: hardware, software, network, roles,"
        " procedures", "nearest: network"),
    "no space in braces": (
        "{fact: desktop", "{fact:desktop",
        "f:11:8: environment.software[1] has no field fact:desktop-client.version; allowed: fact,"
        " label, documented, observed, note", "write : and a space between a name and its value"),
    "unknown action": (
        "replace-step", "replace-stp",
        'f:24:15: findings[1].edit.action is "replace-stp"; allowed: replace-text, insert-text,'
        " delete-text, replace-step, insert-step, delete-step, move-step, replace-entry,"
        " append-to-section, replace-section, rename-section, insert-section, add-entry,"
        " delete-section, set-cell, add-row, delete-row, add-page, move-page, remove-page,"
        " set-front-matter", "nearest: replace-step"),
    "misspelt action field": (
        "action:", "actoin:",
        "f:24:7: findings[1].edit.action is missing", "is actoin meant for it?"),
    "unknown manual": (
        "manual: operation", "manual: Operations",
        'f:20:13: findings[1].manual is "Operations"; allowed: operation, troubleshooting',
        "nearest: operation"),
    "another schema": (
        "confirmation/v1", "confirmation/v9",
        'f:1:9: schema is "manualsmith/confirmation/v9"; allowed: manualsmith/confirmation/v1',
        "nearest: manualsmith/confirmation/v1"),
    "no such day": (
        "2026-11-20", "2026-02-30",
        'f:3:7: date is "2026-02-30"; allowed: a day of the calendar, such as 2026-11-20', None),
    "another way to write a day": (
        "2026-11-20", "20261120",
        'f:3:7: date is "20261120"; allowed: a day of the calendar, such as 2026-11-20', None),
    "id": (
        "ENV-2026-0007 ", "ENV-26-7 ",
        'f:2:5: id is "ENV-26-7"; allowed: an id such as ENV-2026-0007', None),
    "request": (
        "REQ-2026-0012", "12",
        'f:7:10: request is "12"; allowed: an id such as REQ-2026-0012', None),
    "finding id": (
        "id: 1\n", "id: 一\n",
        'f:18:9: findings[1].id is "一"; allowed: a whole number', None),
    "finding id zero": (
        "id: 1\n", "id: 0\n",
        'f:18:9: findings[1].id is "0"; allowed: a number of at least 1', None),
    "fact name": (
        "desktop-client.version", "desktop.lock",
        'f:11:14: environment.software[1].fact is "desktop.lock"; allowed: small letters and'
        " digits, joined by . or -, such as server.version", None),
    "blank": (
        "reported: 使用者反映桌面版登入畫面與手冊不符", 'reported: " "',
        'f:6:11: reported is " "; allowed: a text that is not blank', None),
    "empty": (
        "reported: 使用者反映桌面版登入畫面與手冊不符", "reported:",
        "f:6:1: reported is empty; allowed: a text", None),
    "two lines": (
        "summary: 桌面版改用瀏覽器授權", 'summary: "a\\nb"',
        'f:19:14: findings[1].summary is "a b"; allowed: one line of text that is not blank', None),
    "too long": (
        "staff: S-0412", "staff: " + "x" * 301,
        f'f:5:8: staff is "{"x" * 39}…"; allowed: at most 300 characters', None),
    "list for a text": (
        "staff: S-0412", "staff: [S-0412]",
        "f:5:8: staff is a list; allowed: a text", None),
    "text for a list": (
        "  hardware: []", "  hardware: x",
        'f:9:13: environment.hardware is "x"; allowed: a list', None),
    "text for a mapping": (
        "    - {fact: desktop-client.version, documented: \"3.13\", observed: 3.10}", "    - x",
        'f:11:7: environment.software[1] is "x"; allowed: a mapping', None),
    "text for an edit": (
        "    edit:\n      action: replace-step\n", "    edit: x\nother:\n",
        'f:23:11: findings[1].edit is "x"; allowed: a mapping', None),
    "empty section": (
        "[桌面版用戶端, 第一次登入]", "[]",
        "f:25:16: findings[1].edit.section is an empty list; allowed: at least 1 items", None),
    "step": (
        "step: 3", "step: 三",
        'f:26:13: findings[1].edit.step is "三"; allowed: a step\'s number, such as 3 or 3.2',
        None),
    "escaped control character": (
        "使用者反映桌面版登入畫面與手冊不符", '"a\\u001b"',
        "f:6:11: reported holds the control character U+001B", "delete it"),
    "escaped control character in an edit": (
        "在跳出的瀏覽器視窗按「授權存取」。", '"a\\u202e"',
        "f:27:13: findings[1].edit.text holds the control character U+202E", "delete it"),
    "anchor": (
        "S-0412", "&x S-0412",
        "f:5:8: an anchor (&x) is not allowed here", "text that begins with & needs quotes"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message", "hint"), WRONG.values(), ids=WRONG)
def test_wrong(old, new, message, hint):
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    if old.startswith("    edit"):
        found = problems(text)[0]
    elif "fact:desktop" in new:
        found = problems(text)[1]
    else:
        (found,) = problems(text)
    assert (str(found), found.hint) == (message, hint)


PAGES = [
    "../x.md", "a/../x.md", "/x.md", "a\\x.md", "x.txt", "x", ".md", ".x.md", "a/.b/x.md",
    "a//x.md",
    "./x.md", "C:x.md", "x?.md", "-x.md", "a /x.md", "a./x.md", "git~1/x.md", "a" * 200 + ".md",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_page_that_leaves_the_manual_or_is_no_file_name(page):
    (found,) = problems(GOOD.replace("page: sign-in.md", f"page: '{page}'"))
    assert found.message.startswith("findings[1].page is ")
    assert "a page's path within its manual" in found.message


@pytest.mark.parametrize("page", ["sign-in.md", "手機/登入.md", "a b/c.d.md", "x.y.md"])
def test_page(page):
    text = GOOD.replace("page: sign-in.md", f"page: '{page}'")
    assert parse_confirmation(text.encode(), "f").findings[0].page == page


def test_everything_at_once_in_the_order_of_the_file():
    text = GOOD.replace("2026-11-20", "soon").replace("manual: operation", "manual: x")
    text = text.replace("S-0412", "!t S-0412").replace("product:", "produkt:")
    text += "  - id: 1\n    edit: {action: add-row, cells: [a, {b: c}]}\n"
    text = text.replace("  hardware: []", "  hardware: [{fact: desktop-client.version}]")
    messages = [(p.place.line, p.message.split(";")[0]) for p in problems(text)]
    assert messages == [
        (1, "product is missing"),
        (3, 'date is "soon"'),
        (4, "there is no field produkt"),
        (5, "a tag (!t) is not allowed here"),
        (9, "environment.hardware[1].observed is missing"),
        (11, "environment.software[1].fact is desktop-client.version, which stands already"
             " at f:9:21"),
        (20, 'findings[1].manual is "x"'),
        (28, "findings[2].summary is missing"),
        (28, "findings[2].manual is missing"),
        (28, "findings[2].page is missing"),
        (28, "findings[2].reason is missing"),
        (28, "findings[2].id is 1, which stands already at f:18:9"),
        (29, "findings[2].edit.cells[2] is a mapping"),
    ]  # fmt: skip


def test_a_union_names_all_that_it_takes():
    text = GOOD.replace("replace-step", "add-row").replace("      step: 3\n", "      cells: x\n")
    found = [p for p in problems(text) if "cells" in p.message and "field" not in p.message]
    assert [p.message for p in found] == [
        'findings[1].edit.cells is "x"; allowed: a list or a mapping'
    ]


def test_a_field_named_like_its_action_does_not_confuse_the_path():
    text = GOOD.replace("      step: 3\n", "      replace-step: {text: 3}\n")
    messages = [p.message.split(";")[0] for p in problems(text)]
    assert messages == ["findings[1].edit.step is missing",
                        "findings[1].edit has no field replace-step"]  # fmt: skip


def test_a_wrong_entry_of_an_action():
    text = GOOD[: GOOD.index("    edit:")]
    text += "    edit: {action: add-entry, entry: {symptom: x, resolution: [], cuase: z}}\n"
    messages = [p.message.split(";")[0] for p in problems(text)]
    assert messages == [
        "findings[1].edit.entry.resolution is an empty list",
        "findings[1].edit.entry has no field cuase",
    ]


def _patterns(schema):
    if isinstance(schema, dict):
        yield from ([schema["pattern"]] if isinstance(schema.get("pattern"), str) else ())
        for inner in schema.values():
            yield from _patterns(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _patterns(inner)


def test_every_pattern_of_the_actions_is_told_in_words():
    found = set(_patterns(TypeAdapter(Edit).json_schema()))
    assert found
    for pattern in found:
        told = allowed_by("string_pattern_mismatch", {"pattern": pattern})
        assert told is not None
        assert pattern not in told


def told(data):
    """Return what is told about a confirmation's bytes; nothing where it is one."""
    try:
        assert isinstance(parse_confirmation(data, "f"), Confirmation)
    except UserError as error:
        return error.problems
    return ()


def _nearly_good():
    lines = st.sampled_from(
        [*GOOD.splitlines(), "\t", "- ", "a: &b *c", "：", "  ? [", "'", '"\\', "{"]
    )
    return st.lists(lines, max_size=30).map(lambda chosen: "\n".join(chosen).encode())


@given(st.one_of(st.binary(), st.text().map(str.encode), _nearly_good()))
def test_no_input_raises_anything_but_the_user_error(data):
    assert all(p.place.file == "f" and p.message for p in told(data))


@given(st.integers(0, len(GOOD)), st.integers(0, 12), st.text(max_size=6))
def test_no_slip_raises_anything_but_the_user_error(at, cut, new):
    text = GOOD[:at] + new + GOOD[at + cut :]
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= (p.place.line or 1) <= lines for p in told(text.encode()))


MANY = {
    "wrong items": LEAST + "findings: [" + "x, " * 40_000 + "]\n",
    "keys twice": LEAST + "staff: x\n" * 20_000,
    "ids twice": LEAST + "findings: [" + "{id: 1}, " * 12_000 + "]\n",
    "anchors": LEAST + "findings: [" + "&a x, " * 40_000 + "]\n",
    "unknown fields": LEAST + "".join(f"f{n}: x\n" for n in range(20_000)),
}


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_very_many_problems_take_seconds_not_minutes(text):
    start = time.process_time()
    assert len(problems(text)) > 10_000
    assert time.process_time() - start < 20


def test_fast_enough_to_check_hundreds():
    data = GOOD.encode()
    best = min(_seconds(data) for _ in range(20))
    assert best < 0.01, "ten times what it takes"


def _seconds(data):
    start = time.process_time()
    parse_confirmation(data, "f")
    return time.process_time() - start


def test_the_document_is_plain_values():
    assert load(GOOD, "f").value["environment"]["software"][0]["observed"] == "3.10"
