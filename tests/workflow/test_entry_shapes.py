"""Troubleshooting manuals whose entries are rows or unfold: from a call to the page, verified."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from desks import incident, ms, said
from gitrepo import commit, git, make_bare, make_repo
from manuals import confirmation

SETTINGS = """[tool.manualsmith.manuals.guide]
folder = "docs"
kind = "operation"
leave_out = ["faq/"]

[tool.manualsmith.manuals.faq]
folder = "docs/faq"
kind = "troubleshooting"

[tool.manualsmith.manuals.faq.entries]
shape = "{shape}"
"""


@dataclass(frozen=True)
class Case:
    """A shape: the page of two entries, and what it is once the edits of `EDITS` are accepted."""

    shape: str
    page: str
    after: str
    site: str = "site_name: x\nmarkdown_extensions: [attr_list, pymdownx.details]\n"


ROWS = """# 同步問題

說明。

| 症狀 | 原因 | 處理方式 |
|------|------|----------|
| 卡住 | 檔案太多 | 等待 |
| 連不上 | | 檢查網路 |
"""
FOLDED = """# 同步問題

說明。

??? question "卡住"

    **原因**：檔案太多

    等待

??? question "連不上"

    檢查網路
"""
HTML = """# 同步問題

說明。

<details markdown="1">
<summary>卡住</summary>

**原因**：檔案太多

等待

</details>

<details markdown="1">
<summary>連不上</summary>

檢查網路

</details>
"""
NEW = "**原因**：磁碟滿了\n\n1. 清出空間\n2. 再試一次"
CASES = {
    "rows": Case(
        "table",
        ROWS,
        ROWS.replace(
            "| 檔案太多 | 等待 |", "| 檔案\\|資料夾太多 | 1. 等待<br>2. 重新啟動 |"
        ).replace(
            "檢查網路 |\n", "檢查網路 |\n| 存不進去 | 磁碟滿了 | 1. 清出空間<br>2. 再試一次 |\n"
        ),
    ),
    "folded": Case(
        "details",
        FOLDED,
        FOLDED.replace(
            "：檔案太多\n\n    等待", "：檔案|資料夾太多\n\n    1. 等待\n    2. 重新啟動"
        )
        + '\n??? question "存不進去"\n\n'
        + "".join(f"    {line}\n" if line else "\n" for line in NEW.split("\n")),
    ),
    "HTML": Case(
        "details",
        HTML,
        HTML.replace("：檔案太多\n\n等待", "：檔案|資料夾太多\n\n1. 等待\n2. 重新啟動")
        + f'\n<details markdown="1">\n<summary>存不進去</summary>\n\n{NEW}\n\n</details>\n',
        "site_name: x\nmarkdown_extensions: [attr_list, md_in_html]\n",
    ),
}
EDITS = (
    "{action: replace-entry, section: [卡住],"
    " entry: {cause: 檔案|資料夾太多, resolution: [等待, 重新啟動]}}",
    "{action: add-entry,"
    " entry: {symptom: 存不進去, cause: 磁碟滿了, resolution: [清出空間, 再試一次]}}",
)


@pytest.fixture(params=CASES)
def case(request) -> Case:
    return CASES[request.param]


@pytest.fixture
def repo(case, tmp_path) -> Path:
    files = {
        "pyproject.toml": SETTINGS.format(shape=case.shape),
        "mkdocs.yml": case.site,
        "docs/index.md": "# 首頁\n",
        "docs/faq/sync.md": case.page,
    }
    made = make_repo(tmp_path, files)
    git(made, "config", "manualsmith.staff", "S-0412")
    return made


def finding(number: int, edit: str) -> str:
    return (
        f"- id: {number}\n    summary: 改 {number}\n    manual: faq\n    page: sync.md\n"
        f"    reason: 這樣才對\n    edit: {edit}\n"
    )


def confirmed(repo: Path, *findings: str, number: int = 1, **parts: str) -> None:
    text = confirmation(number, findings=findings, **parts)
    commit(repo, {f"records/confirmations/ENV-2026-{number:04}.yaml": text})


def verified(repo: Path) -> int:
    first = git(repo, "rev-list", "--max-parents=0", "main")
    return ms(repo, "verify", "--range", f"{first}..main")


def page_of(repo: Path) -> str:
    return (repo / "docs/faq/sync.md").read_text("utf-8")


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_entries_are_changed_and_added(case, repo, order, capsys):
    confirmed(repo, *(finding(n, edit) for n, edit in enumerate(EDITS, start=1)))
    assert ms(repo, "suggest", "--all") == 0, capsys.readouterr().out
    assert ms(repo, "verify", "--all") == 0
    for number in order:
        name = f"ENV-2026-0001-{number}"
        assert ms(repo, "review", "show", name) == 0
        assert ms(repo, "review", "accept", name) == 0, capsys.readouterr().err
    assert page_of(repo) == case.after
    assert verified(repo) == 0, capsys.readouterr().err
    assert verified(make_bare(repo)) == 0
    assert ms(repo, "review", "revert", "ENV-2026-0001-2", "--reason", "不對") == 0
    assert "存不進去" not in page_of(repo)
    assert verified(repo) == 0


def test_from_a_call_to_the_entry_that_did_not_help(case, repo, capsys):
    one = incident(repo, capsys)
    assert ms(repo, "incident", "resolve", one, "--entry", "sync.md#卡住", "--step", "換網路") == 0
    assert ms(repo, "incident", "to-confirmation", one) == 0
    [file] = (repo / "records/confirmations").glob("*.yaml")
    assert "section: [同步問題, 卡住]" in file.read_text("utf-8")
    assert ms(repo, "confirm", "finish", file.stem) == 0
    assert ms(repo, "suggest", file.stem) == 0, capsys.readouterr().out
    assert ms(repo, "review", "accept", f"{file.stem}-1") == 0
    assert page_of(repo) == case.page.replace(
        "等待", "換網路" if case.shape == "table" else "1. 換網路"
    )
    assert verified(repo) == 0
    assert ms(repo, "incident", "resolve", incident(repo, capsys), "--entry", "sync.md#沒有") == 1


def test_what_held_as_written(repo, capsys):
    confirmed(repo, confirmed="- {manual: faq, page: sync.md, section: [卡住]}")
    assert ms(repo, "suggest", "--all") == 0, capsys.readouterr().out
    confirmed(repo, number=2, confirmed="- {manual: faq, page: sync.md, section: [沒有]}")
    assert ms(repo, "suggest", "--all") == 1


def test_an_entry_is_found_as_one(repo, capsys):
    found = said(capsys, repo, "find", "檢查網路")["found"]
    assert [(one["kind"], one["name"]) for one in found] == [("entry", "faq/sync.md#連不上")]
    found = said(capsys, repo, "find", "說明")["found"]
    assert [(one["kind"], one["name"]) for one in found] == [("section", "faq/sync.md#同步問題")]


def test_a_new_entry_goes_where_the_nearest_is(case, repo, capsys):
    one = incident(repo, capsys)
    assert ms(repo, "incident", "resolve", one, "--cause", "網路斷線", "--step", "檢查網路線") == 0
    assert ms(repo, "incident", "to-confirmation", one, "--page", "sync.md") == 0
    [file] = (repo / "records/confirmations").glob("*.yaml")
    assert ms(repo, "confirm", "finish", file.stem) == 0
    assert ms(repo, "suggest", file.stem) == 0, capsys.readouterr().out
    assert ms(repo, "review", "accept", f"{file.stem}-1") == 0
    assert "登入不了" in page_of(repo)
    assert page_of(repo).startswith(case.page.rstrip("\n"))
    assert verified(repo) == 0


def test_parts_under_headings_are_no_results_of_their_own(tmp_path, capsys):
    page = (
        "# 同步\n\n## 卡住\n\n文字。\n\n### 原因\n\n檔案太多。\n\n### 處理步驟\n\n1. 重新整理。\n"
    )
    files = {"pyproject.toml": SETTINGS.format(shape="headings"), "docs/faq/sync.md": page}
    repo = make_repo(tmp_path, {**files, "docs/index.md": "# 首頁\n"})
    for words in ("重新整理", "檔案太多", "處理步驟"):
        found = said(capsys, repo, "find", words)["found"]
        assert [(one["kind"], one["name"]) for one in found] == [("entry", "faq/sync.md#卡住")]


def test_another_shape_in_the_settings_is_searched_anew(tmp_path, capsys):
    files = {"pyproject.toml": SETTINGS.format(shape="labels"), "docs/faq/sync.md": ROWS}
    repo = make_repo(tmp_path, {**files, "docs/index.md": "# 首頁\n"})
    assert said(capsys, repo, "find", "檢查網路")["found"][0]["kind"] == "section"
    commit(repo, {"pyproject.toml": SETTINGS.format(shape="table")})
    assert said(capsys, repo, "find", "檢查網路")["found"][0]["kind"] == "entry"


@pytest.mark.parametrize("shape", ["labels", "details"])
def test_html_is_let_in_by_the_shape_alone(shape, tmp_path, capsys):
    """What entries of a table or of what unfolds are written with, no other manual gets."""
    row = "{action: set-cell, table: 1, row: 卡住, column: 處理方式, text: '一<br>二'}"
    files = {"pyproject.toml": SETTINGS.format(shape=shape), "docs/faq/sync.md": ROWS}
    repo = make_repo(tmp_path, {**files, "docs/index.md": "# 首頁\n"})
    confirmed(repo, finding(1, row))
    assert ms(repo, "suggest", "--all", "--json") == 1
    [told] = json.loads(capsys.readouterr().out)["suggestions"]
    assert "raw HTML (<br>)" in told["problems"][0]["message"]


@pytest.mark.parametrize("language", ["en", "zh_TW"])
def test_what_a_table_has_no_column_for_is_told(language, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("MANUALSMITH_LANG", language)
    files = {"pyproject.toml": SETTINGS.format(shape="table"), "docs/faq/sync.md": ROWS}
    repo = make_repo(tmp_path, {**files, "docs/index.md": "# 首頁\n"})
    entry = "{symptom: 慢, environment: 網頁版, resolution: 等}"
    confirmed(
        repo,
        finding(1, f"{{action: add-entry, entry: {entry}}}"),
        finding(2, "{action: replace-entry, section: [卡住], entry: {environment: 網頁版}}"),
    )
    assert ms(repo, "suggest", "--all", "--json") == 1
    made, refused = json.loads(capsys.readouterr().out)["suggestions"]
    said = {"en": "no column for 環境", "zh_TW": "沒有「環境」這一欄"}[language]
    assert said in made["notes"][0]
    assert said in refused["problems"][0]["message"]
    monkeypatch.delenv("MANUALSMITH_LANG")
    assert ms(repo, "verify", "--all") == 0
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    assert page_of(repo) == ROWS + "| 慢 |  | 等 |\n"
    assert verified(repo) == 0
