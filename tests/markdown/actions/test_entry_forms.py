"""Troubleshooting entries in other words, other languages and other shapes."""

from dataclasses import dataclass
from time import perf_counter

import pytest

from manualsmith.markdown.apply_edit import Applied, resolve
from manualsmith.markdown.dialect import COMMON_MARK, DEFAULT, Dialect
from manualsmith.markdown.edit_models import AddEntry, ReplaceEntry
from manualsmith.markdown.entries.entry_places import entries_of
from manualsmith.markdown.entries.troubleshooting_entry import is_entry, read_parts
from manualsmith.markdown.entry_form import EntryForm
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page

ENGLISH = EntryForm(language="en")
OWN = EntryForm(language="en", words={"resolution": ("Fix", "Solution"), "cause": ("Why",)})
HEADINGS = EntryForm(
    "headings", "en", {"resolution": ("Solution",), "environment": ("Applies to",)}
)
ANSWER = EntryForm("answer", "en")


@dataclass(frozen=True)
class Case:
    form: EntryForm
    page: str
    added: str
    replaced: str


NEW = {"symptom": "It is slow", "cause": "Too many files.", "resolution": ["Wait.", "Try again."]}
CHANGE = {"cause": "Cookies are off.", "resolution": ["Allow cookies."]}
CASES = {
    "English": Case(
        ENGLISH,
        "# Sign-in\n",
        "# Sign-in\n\n## It is slow\n\n**Cause**: Too many files.\n\n**Resolution**:\n\n"
        "1. Wait.\n2. Try again.\n",
        "",
    ),
    "as the page's own entries": Case(
        ENGLISH,
        "# Sign-in\n\n## Sent back\n\n**原因**：不明。\n\n**解決方法**：\n\n1. Wait.\n",
        "# Sign-in\n\n## Sent back\n\n**原因**：不明。\n\n**解決方法**：\n\n1. Wait.\n"
        "\n## It is slow\n\n**原因**: Too many files.\n\n**解決方法**:\n\n"
        "1. Wait.\n2. Try again.\n",
        "# Sign-in\n\n## Sent back\n\n**原因**：Cookies are off.\n\n**解決方法**：\n\n"
        "1. Allow cookies.\n",
    ),
    "own words": Case(
        OWN,
        "# Sign-in\n\n## Sent back\n\n**Solution**: wait.\n",
        "# Sign-in\n\n## Sent back\n\n**Solution**: wait.\n"
        "\n## It is slow\n\n**Why**: Too many files.\n\n**Solution**:\n\n1. Wait.\n2. Try again.\n",
        "# Sign-in\n\n## Sent back\n\n**Why**: Cookies are off.\n\n**Solution**: Allow cookies.\n",
    ),
    "headings": Case(
        HEADINGS,
        "# Sign-in\n\n## Sent back\n\nWords.\n\n### Solution\n\n1. Wait.\n\n## Other\n\nText.\n",
        "# Sign-in\n\n## Sent back\n\nWords.\n\n### Solution\n\n1. Wait.\n\n## Other\n\nText.\n"
        "\n## It is slow\n\n### Cause\n\nToo many files.\n\n"
        "### Solution\n\n1. Wait.\n2. Try again.\n",
        "# Sign-in\n\n## Sent back\n\nWords.\n\n### Cause\n\nCookies are off.\n\n"
        "### Solution\n\n1. Allow cookies.\n\n## Other\n\nText.\n",
    ),
    "questions and answers": Case(
        ANSWER,
        "# FAQ\n\n## Sent back\n\nWait a while.\n\nThen wait more.\n",
        "# FAQ\n\n## Sent back\n\nWait a while.\n\nThen wait more.\n"
        "\n## It is slow\n\n**Cause**: Too many files.\n\n1. Wait.\n2. Try again.\n",
        "",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_entry_is_written_as_the_manual_writes_them(name):
    case = CASES[name]
    dialect = DEFAULT.with_entries(case.form)
    add = AddEntry.model_validate({"action": "add-entry", "entry": NEW})
    made = resolve(case.page, add, dialect=dialect).text
    assert made == case.added
    page = Page(made, dialect)
    [new] = [one for one in page.sections if one.title == "It is slow"]
    assert is_entry(page, new)
    if case.replaced:
        change = ReplaceEntry.model_validate(
            {"action": "replace-entry", "section": ["Sent back"], "entry": CHANGE}
        )
        assert resolve(case.page, change, dialect=dialect).text == case.replaced


def test_an_answer_is_what_stands_under_a_question():
    dialect = DEFAULT.with_entries(ANSWER)
    page = Page(
        "# FAQ\n\nAbout.\n\n## One\n\n1. Wait.\n2. Go.\n\n## Group\n\n### Two\n\nYes.\n", dialect
    )
    assert [one.title for one in page.sections if is_entry(page, one)] == ["One", "Two"]
    change = ReplaceEntry.model_validate(
        {"action": "replace-entry", "section": ["One"], "entry": {"resolution": ["Go at once."]}}
    )
    made = resolve(page.text, change, dialect=dialect).text
    assert made == page.text.replace("1. Wait.\n2. Go.", "1. Go at once.")


def test_a_part_that_is_empty_is_filled_beneath_its_heading():
    dialect = DEFAULT.with_entries(HEADINGS)
    text = "# P\n\n## Sent back\n\n### Cause\n\n### Solution\n\n1. Wait.\n"
    change = ReplaceEntry.model_validate(
        {"action": "replace-entry", "section": ["Sent back"], "entry": {"cause": "Because."}}
    )
    made = resolve(text, change, dialect=dialect).text
    assert made == text.replace("### Cause\n", "### Cause\n\nBecause.\n")


def test_every_language_is_read_whatever_is_written():
    text = "# 頁\n\n## 一\n\n**Environment**: x\n\n**原因**：y\n\n**Resolution**: z\n"
    for form in (EntryForm(), ENGLISH, OWN):
        page = Page(text, DEFAULT.with_entries(form))
        assert [*read_parts(page, page.sections[1])] == ["environment", "cause", "resolution"]


def test_a_manual_has_one_dialect_of_its_form():
    assert DEFAULT.with_entries(OWN) is DEFAULT.with_entries(OWN)
    assert DEFAULT.with_entries(EntryForm()) is DEFAULT


TABLE, DETAILS = EntryForm("table"), EntryForm("details")
ROWS = """# 問題

| 症狀 | 原因 | 處理方式 |
|------|------|----------|
| 登入 `a|b` 之後 | 擋下 \\| 關掉 | 允許 |
| 空的 |  | |

## 別的表

| 檔案 | 大小 |
|------|------|
| 登入 | 3 |
"""
FOLDED = """# 問題

??? question "登入"

    **原因**：擋下。

    1. 允許。

??? tip "很慢"
    等一下。

文字

```
??? question "不是"

    真的。
```
"""
HTML = """# 問題

<details>
<summary>登入 &amp; 登出</summary>

**原因**：擋下。

**處理步驟**：

1. 允許。

</details>

<details><summary>很慢</summary>

等一下。

</details>

<details><summary>一行</summary>寫完</details>
"""


def titles(text: str, form: EntryForm, dialect: Dialect = DEFAULT) -> list[tuple[str, ...]]:
    return [one.path for one in entries_of(Page(text, dialect.with_entries(form)))]


def change(text: str, form: EntryForm, path: list[str], dialect: Dialect = DEFAULT, **entry) -> str:
    asked = {"action": "replace-entry", "section": path, "entry": entry}
    edit = ReplaceEntry.model_validate(asked)
    return resolve(text, edit, dialect=dialect.with_entries(form)).text


def added(text: str, form: EntryForm, dialect: Dialect = DEFAULT, **more) -> Applied:
    section = {"section": more.pop("section")} if "section" in more else {}
    asked = {"action": "add-entry", "entry": {**NEW, **more}, **section}
    return resolve(text, AddEntry.model_validate(asked), dialect=dialect.with_entries(form))


def test_entries_are_found_in_rows_and_in_what_unfolds():
    assert titles(ROWS, TABLE) == [("問題", "登入 a|b 之後"), ("問題", "空的")]
    assert titles(FOLDED, DETAILS) == [("問題", "登入"), ("問題", "很慢")]
    assert titles(HTML, DETAILS) == [("問題", "登入 & 登出"), ("問題", "很慢")]
    swapped = "| 原因 | 症狀 | 處理方式 |\n|--|--|--|\n| a | b | c |\n\n# 一\n"
    assert titles(swapped, TABLE) == [("b",)]
    own = EntryForm("table", words={"resolution": ("怎麼辦",), "symptom": ("狀況",)})
    assert titles("| 編號 | 狀況 | 怎麼辦 |\n|--|--|--|\n| 1 | 慢 | 等 |\n", own) == [("慢",)]
    assert titles("| 原因 | 處理方式 |\n|--|--|\n| a | c |\n", TABLE) == []


def test_a_cell_is_changed_and_pipes_are_escaped():
    row = "| 登入 `a|b` 之後 | 擋下 \\| 關掉 | 允許 |"
    made = change(ROWS, TABLE, ["登入 a|b 之後"], cause="x|y", resolution=["按 `a|b`"])
    assert made == ROWS.replace(row, "| 登入 `a|b` 之後 | x\\|y | 按 `a|b` |")
    made = change(
        ROWS, TABLE, ["問題", "空的"], symptom="滿了", cause="忘了", resolution=["一", "二"]
    )
    assert made == ROWS.replace("| 空的 |  | |", "| 滿了 | 忘了 | 1. 一<br>2. 二 |")
    with pytest.raises(TargetLost, match="no column for 環境"):
        change(ROWS, TABLE, ["空的"], environment="x")
    with pytest.raises(TargetLost, match="says so already"):
        change(ROWS, TABLE, ["登入 a|b 之後"], resolution=["允許"])


def test_a_row_is_added_to_the_table_of_entries():
    done = added(ROWS, TABLE, symptom="很|慢", environment="3.1", cause="多\n大")
    row = "| 空的 |  | |\n"
    assert done.text == ROWS.replace(
        row, f"{row}| 很\\|慢 | 多<br>大 | 1. Wait.<br>2. Try again. |\n"
    )
    assert done.notes == ("the table has no column for 環境: it is left out",)
    other = ROWS.replace("允許", "允許<br/>再試")
    assert "1. Wait.<br/>2. Try again." in added(other, TABLE).text
    with pytest.raises(TargetLost, match="an entry 空的 here already"):
        added(ROWS, TABLE, symptom="空的")
    with pytest.raises(TargetLost, match="says so already"):
        added(added(ROWS, TABLE).text, TABLE)


def test_where_no_table_of_entries_is_one_is_made():
    text = "# 問題\n\n## 同步\n\n說明。\n\n## 其他\n"
    head = (
        "| 症狀 | 原因 | 處理步驟 |\n| --- | --- | --- |\n| It is slow | Too many files. | Wait. |"
    )
    made = added(text, TABLE, section=["同步"], resolution="Wait.").text
    assert made == text.replace("說明。\n", f"說明。\n\n{head}\n")


def test_what_unfolds_is_changed_within_its_indent():
    made = change(FOLDED, DETAILS, ["登入"], environment="網頁", resolution=["一", "二\n\n續"])
    assert made == FOLDED.replace(
        "    **原因**：擋下。\n\n    1. 允許。",
        "    **環境**：網頁\n\n    **原因**：擋下。\n\n    1. 一\n    2. 二\n\n        續",
    )
    made = change(FOLDED, DETAILS, ["很慢"], cause="檔案太多", symptom="慢")
    assert made == FOLDED.replace(
        '??? tip "很慢"\n    等', '??? tip "慢"\n    **原因**：檔案太多\n\n    等'
    )
    with pytest.raises(TargetLost, match="says so already"):
        change(FOLDED, DETAILS, ["登入"], cause="擋下。")


def test_what_unfolds_is_added_as_the_last_one_is():
    made = added(FOLDED, DETAILS).text
    new = (
        '??? tip "It is slow"\n\n    **原因**：Too many files.\n\n    1. Wait.\n    2. Try again.\n'
    )
    assert made == FOLDED.replace("    等一下。\n", f"    等一下。\n\n{new}")
    first = added("# 問題\n", DETAILS).text
    assert first.startswith(
        '# 問題\n\n??? question "It is slow"\n\n    **原因**：Too many files.\n'
    )
    assert "    **處理步驟**：\n\n    1. Wait.\n" in first
    with pytest.raises(TargetLost, match="an entry 很慢 here already"):
        added(FOLDED, DETAILS, symptom="很慢")
    with pytest.raises(TargetLost, match="says so already"):
        added(made, DETAILS)


IN_HTML = Dialect(("toc", "tables", "fenced_code", "md_in_html"))
MARKED = HTML.replace("<details>", '<details markdown="1">')


@pytest.mark.parametrize(("dialect", "text"), [(COMMON_MARK, HTML), (IN_HTML, MARKED)])
def test_what_unfolds_in_html(dialect, text):
    made = change(
        text,
        DETAILS,
        ["登入 & 登出"],
        dialect,
        cause="新的",
        resolution=["一", "二"],
        symptom="<b>",
    )
    assert made == text.replace("登入 &amp; 登出", "&lt;b&gt;").replace("擋下。", "新的").replace(
        "1. 允許。", "1. 一\n2. 二"
    )
    last = "等一下。\n\n</details>\n"
    opening = text.split("\n")[2]
    assert added(text, DETAILS, dialect, symptom="A & B").text == text.replace(
        last,
        f"{last}\n{opening}\n<summary>A &amp; B</summary>\n\n"
        "**原因**：Too many files.\n\n1. Wait.\n2. Try again.\n\n</details>\n",
    )
    first = added("# 問題\n", DETAILS, dialect).text
    assert first.startswith(f"# 問題\n\n{opening}\n<summary>It is slow</summary>\n\n")


def test_html_that_the_site_does_not_read_is_refused():
    with pytest.raises(TargetLost, match="reads nothing of what stands"):
        change(HTML, DETAILS, ["很慢"], cause="x")
    with pytest.raises(TargetLost, match="reads nothing of what stands"):
        added("# 問題\n", DETAILS, Dialect())


def drifted(form: EntryForm, base: str, page: str, edit: AddEntry | ReplaceEntry) -> str:
    return resolve(page, edit, base, DEFAULT.with_entries(form)).text


@pytest.mark.parametrize(("form", "text"), [(TABLE, ROWS), (DETAILS, FOLDED)])
def test_entries_that_were_added_meanwhile_come_in_one_order(form, text):
    edits = [
        AddEntry.model_validate({"action": "add-entry", "entry": {**NEW, "symptom": symptom}})
        for symptom in ("B", "A", "C")
    ]
    made = set()
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        page = text
        for at in order:
            page = drifted(form, text, page, edits[at])
        made.add(page)
    assert len(made) == 1
    assert [path[-1] for path in titles(made.pop(), form)][2:] == ["A", "B", "C"]


@pytest.mark.parametrize(("form", "text"), [(TABLE, ROWS), (DETAILS, FOLDED)])
def test_an_entry_is_found_again_and_what_changed_since_is_refused(form, text):
    symptom = titles(text, form)[0][-1]
    asked = {"action": "replace-entry", "section": [symptom], "entry": {"cause": "新的"}}
    edit = ReplaceEntry.model_validate(asked)
    more = change(added(text, form).text, form, [symptom], resolution=["別的"])
    moved = more.replace("# 問題", "# 全部的問題\n\n前言。")
    assert drifted(form, text, moved, edit) == change(moved, form, [symptom], cause="新的")
    other = change(text, form, [symptom], cause="另一個")
    with pytest.raises(TargetLost, match="was changed since"):
        drifted(form, text, other, edit)
    gone = change(text, form, [symptom], symptom="改名了")
    with pytest.raises(TargetLost):
        drifted(form, text, gone, edit)


@pytest.mark.parametrize(("form", "text"), [(TABLE, ROWS), (DETAILS, FOLDED)])
def test_line_ends_are_the_pages_own(form, text):
    crlf = text.replace("\n", "\r\n")
    symptom = titles(text, form)[0][-1]
    entry = {"cause": "一", "environment": "網頁"} if form is DETAILS else {"cause": "一"}
    made = change(crlf, form, [symptom], resolution=["二", "三\n四"], **entry)
    assert made == change(text, form, [symptom], resolution=["二", "三\n四"], **entry).replace(
        "\n", "\r\n"
    )
    assert added(crlf, form).text == added(text, form).text.replace("\n", "\r\n")


def test_blocks_that_are_not_closed_take_no_long_time():
    text = "<details>\n<summary>x</summary>\n" * 20_000
    started = perf_counter()
    assert titles(text, DETAILS) == []
    assert perf_counter() - started < 20
    few = "<details>\n<summary>x</summary>\n" * 3 + "a\n</details>\n"
    assert titles(few, DETAILS, COMMON_MARK) == [("x",)]


def test_what_unfolds_within_what_unfolds_is_the_outer_ones():
    inner = "<details>\n<summary>內</summary>\n\n字\n\n</details>"
    text = f"<details>\n<summary>外</summary>\n\n{inner}\n\n</details>\n"
    assert titles(text, DETAILS, COMMON_MARK) == [("外",)]
