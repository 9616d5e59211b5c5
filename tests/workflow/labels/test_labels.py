"""``manualsmith labels`` on a real repository: what a product renamed becomes findings."""

import json
from pathlib import Path

import pytest

from desks import ms, said
from gitrepo import commit, git, make_repo, refs, show
from manualsmith.records.models.confirmation import parse_confirmation

SETTINGS = (
    '[tool.manualsmith.manuals.operation]\nfolder = "manuals/operation"\nkind = "operation"\n'
)
PAGE = """\
---
title: 登入
product: nextcloud
---
# 登入

## 開啟兩步驟驗證

1. 按「設定」，再按「安全性」。
2. 按「啟用 TOTP」；按過「安全性」就不必再按。

| 鈕 | 作用 |
|----|------|
| 「產生備用碼」 | 得到十組備用碼 |

## 在「安全性」登出

按「登出」。
"""
OLD = {
    "settings/l10n/zh_TW.json": {
        "Security": "安全性",
        "Enable TOTP": "啟用 TOTP",
        "Generate backup codes": "產生備用碼",
        "Settings": "設定",
        "Log out": "登出",
        "%n device": "%n 部裝置",
    }
}
NEW = {"settings/l10n/zh_TW.json": {**OLD["settings/l10n/zh_TW.json"], "Security": "安全與隱私"}}
FILE = "manuals/operation/sign-in.md"


def lay_out(folder: Path, catalogue: dict[str, dict[str, str]]) -> str:
    for name, words in catalogue.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"translations": words}, ensure_ascii=False), "utf-8")
    return str(folder)


@pytest.fixture
def releases(tmp_path):
    return lay_out(tmp_path / "31", OLD), lay_out(tmp_path / "32", NEW)


@pytest.fixture
def repo(tmp_path):
    made = make_repo(tmp_path, {FILE: PAGE})
    git(made, "config", "manualsmith.staff", "S-0412")
    return made


def drafted(repo: Path, path: str):
    return parse_confirmation(show(repo, f"main:{path}"), path)


def test_what_was_renamed_is_accepted_into_the_page(repo, releases, capsys):
    made = said(capsys, repo, "labels", *releases)
    assert [one["standing"] for one in made["labels"]] == ["renamed"] * 3
    assert {one["key"] for one in made["labels"]} == {"settings/l10n.json › Security"}
    draft = drafted(repo, made["path"])
    assert draft.draft
    assert draft.staff == "S-0412"
    assert [one.edit.action for one in draft.findings] == [
        "replace-text", "replace-text", "rename-section"
    ]  # fmt: skip
    assert "31 → 32" in draft.reported
    assert "「安全性」→「安全與隱私」" in draft.reported
    assert all("settings/l10n.json › Security" in one.reason for one in draft.findings)

    assert ms(repo, "confirm", "finish", made["confirmation"]) == 0
    assert ms(repo, "suggest", "--all") == 0
    names = [name.rpartition("/")[2] for name in refs(repo) if "/suggest/" in name]
    assert len(names) == 3
    for name in names:
        assert ms(repo, "review", "accept", name) == 0
    page = show(repo, f"main:{FILE}").decode()
    changed = page.replace(" {#在安全性登出}", "")
    assert changed == PAGE.replace("安全性", "安全與隱私")
    assert said(capsys, repo, "labels", *releases)["labels"] == []


def test_twice_is_once_and_what_was_rejected_is_not_asked_again(repo, releases, capsys):
    first = said(capsys, repo, "labels", *releases)
    tip = git(repo, "rev-parse", "main")
    again = said(capsys, repo, "labels", *releases)
    assert again["confirmation"] is None
    assert again["said_already"] == [first["confirmation"]]
    assert git(repo, "rev-parse", "main") == tip
    assert ms(repo, "confirm", "finish", first["confirmation"]) == 0
    assert ms(repo, "suggest", "--all") == 0
    for name in [one.rpartition("/")[2] for one in refs(repo) if "/suggest/" in one]:
        assert ms(repo, "review", "reject", name, "--reason", "這裡指的是另一頁") == 0
    assert said(capsys, repo, "labels", *releases)["said_already"] == [first["confirmation"]]


def test_a_dry_run_writes_nothing_and_says_what_would_be(repo, releases, capsys):
    before = refs(repo)
    assert ms(repo, "labels", *releases, "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "安全性 → 安全與隱私" in shown
    assert f"{FILE}:9" in shown
    assert "replace-text" in shown
    assert refs(repo) == before


def changes(repo, tmp_path, capsys, old: dict, new: dict) -> list[dict]:
    folders = [lay_out(tmp_path / name, one) for name, one in (("old", old), ("new", new))]
    return said(capsys, repo, "labels", *folders, "--dry-run")["labels"]


ONE = "app/zh_TW.json"
# why a label is not edited: the words of the two releases, and the page's line
DOUBTS = {
    "a short word of which nothing else is quoted": (
        {ONE: {"Save": "儲存"}}, {ONE: {"Save": "存檔"}}, "按「儲存」。", "unsure"),
    "a word that nothing else on the page tells the product of": (
        {ONE: {"Security": "安全性"}}, {ONE: {"Security": "安全"}}, "按「安全性」。", "unsure"),
    "several places that went different ways": (
        {ONE: {"A": "安全性", "B": "安全性", "C": "登出帳號"}},
        {ONE: {"A": "安全", "B": "隱私", "C": "登出帳號"}},
        "按「安全性」、「登出帳號」。", "unsure"),
    "one place that was renamed and one that stays": (
        {ONE: {"A": "安全性", "B": "安全性", "C": "登出帳號"}},
        {ONE: {"A": "安全", "B": "安全性", "C": "登出帳號"}},
        "按「安全性」、「登出帳號」。", "unsure"),
    "one place that was renamed and one that is gone": (
        {ONE: {"A": "安全性", "B": "安全性", "C": "登出帳號"}},
        {ONE: {"A": "安全", "C": "登出帳號"}},
        "按「安全性」、「登出帳號」。", "unsure"),
    "a value in the new wording": (
        {ONE: {"A": "更多選項", "C": "登出帳號"}}, {ONE: {"A": "還有 {n} 項", "C": "登出帳號"}},
        "按「更多選項」、「登出帳號」。", "unsure"),
    "no more there": (
        {ONE: {"A": "安全性頁面"}}, {ONE: {"B": "安全性頁籤"}}, "按「安全性頁面」。", "gone"),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTS)
def test_what_is_not_certain_is_listed_and_not_edited(name, repo, tmp_path, capsys):
    old, new, line, standing = DOUBTS[name]
    commit(repo, {FILE: f"---\nproduct: nextcloud\n---\n# 頁\n\n{line}\n"})
    [found] = changes(repo, tmp_path, capsys, old, new)
    assert found["standing"] == standing
    assert found["why"]
    assert found["wordings"]
    assert f"{FILE}:6" == f"manuals/operation/{found['page']}:{found['line']}"


# told by what else the section quotes, or no change of the label at all
TOLD = {
    "a short word beside another of its screen": (
        {ONE: {"Save": "儲存", "Other": "另存新檔"}}, {ONE: {"Save": "存檔", "Other": "另存新檔"}},
        "按「儲存」或「另存新檔」。", ["存檔"]),
    "the app whose words stand beside it": (
        {"a/zh_TW.json": {"S": "安全性", "T": "啟用鑰匙"}, "b/zh_TW.json": {"S": "安全性"}},
        {"a/zh_TW.json": {"S": "安全", "T": "啟用鑰匙"}, "b/zh_TW.json": {"S": "隱私"}},
        "按「安全性」，再按「啟用鑰匙」。", ["安全"]),
    "the app whose words stand beside it, which kept it": (
        {"a/zh_TW.json": {"S": "安全性", "T": "啟用鑰匙"}, "b/zh_TW.json": {"S": "安全性"}},
        {"a/zh_TW.json": {"S": "安全性", "T": "啟用鑰匙"}, "b/zh_TW.json": {"S": "隱私"}},
        "按「安全性」，再按「啟用鑰匙」。", []),
    "a key that was renamed and says the same": (
        {ONE: {"A": "安全性", "B": "登出帳號"}}, {ONE: {"C": "安全性", "B": "登出帳號"}},
        "按「安全性」、「登出帳號」。", []),
    "points at the end, written or not": (
        {ONE: {"A": "另存新檔…", "B": "匯出資料："}}, {ONE: {"A": "另存為…", "B": "匯出檔案："}},
        "按「另存新檔…」、「匯出資料」。", ["另存為…", "匯出檔案"]),
    "no label of the product": (
        {ONE: {"A": "安全性"}}, {ONE: {"A": "安全"}}, "按「連線網路磁碟機」。", []),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_what_is_told(name, repo, tmp_path, capsys):
    old, new, line, wordings = TOLD[name]
    commit(repo, {FILE: f"---\nproduct: nextcloud\n---\n# 頁\n\n{line}\n"})
    found = changes(repo, tmp_path, capsys, old, new)
    assert [one["wordings"][0] for one in found] == wordings
    assert all(one["standing"] == "renamed" for one in found)


def test_check_lists_what_the_product_does_not_have(repo, tmp_path, capsys):
    words = {**OLD["settings/l10n/zh_TW.json"], "Enable TOTP": "啟用 TOTP 驗證"}
    line = "\n登入了「3 部裝置」；「設定 > 安全性」；「處理步驟」。\n"
    commit(repo, {FILE: PAGE + line})
    folder = lay_out(tmp_path / "32", {ONE: words})
    found = said(capsys, repo, "labels", "--check", folder)["labels"]
    assert [(one["label"], one["near"]) for one in found] == [
        ("啟用 TOTP", ["啟用 TOTP 驗證"]), ("處理步驟", [])
    ]  # fmt: skip
    assert ms(repo, "labels", "--check", folder) == 0
    assert "啟用 TOTP 驗證" in capsys.readouterr().out


def test_the_settings_say_which_quotes_are_labels_and_what_audit_holds_them_against(
    repo, tmp_path, capsys
):
    lay_out(repo / "l10n", {"zh_TW.json": {"A": "安全性設定", "B": "登出", "C": "啟用 TOTP"}})
    set_ = (
        SETTINGS
        + '[tool.manualsmith.labels]\nmarks = ["bold"]\nignore = ["處理步驟"]\n'
        + '[tool.manualsmith.labels.catalogues]\nnextcloud = ["l10n"]\n'
    )
    own = "---\nproduct: nextcloud\nlabel_marks: corner\n---\n# 頁\n\n「安全性設置」「登出」\n"
    commit(repo, {"pyproject.toml": set_, FILE: PAGE + "\n**啟用 TOTP2** **處理步驟**\n",
                  "manuals/operation/own.md": own})  # fmt: skip
    found = said(capsys, repo, "labels", "--check")["labels"]
    assert {one["label"] for one in found} == {"啟用 TOTP2", "安全性設置"}
    ms(repo, "audit", "--json")
    remarks = json.loads(capsys.readouterr().out)
    where = [one["where"] for one in remarks if one["kind"] == "label"]
    assert sorted(where) == ["manuals/operation/own.md:7", "manuals/operation/sign-in.md:20"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["labels", "one"], 2, "OLD and NEW"),
        (["labels", "{31}", "nowhere"], 1, "no such file or folder"),
        (["labels", "{31}", "{32}", "--locale", "de"], 1, "no manual is in de"),
        (["labels", "--check"], 1, "which catalogue?"),
    ],
)
def test_what_is_refused(arguments, code, told, repo, releases, capsys):
    names = dict(zip(("{31}", "{32}"), releases, strict=True))
    assert ms(repo, *(names.get(one, one) for one in arguments)) == code
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('marks = ["italic"]', 2, "a list of: corner"),
        ("ignore = 3", 2, "a list of texts"),
        ("mark = []", 2, "no setting labels.mark"),
        ('[tool.manualsmith.labels.manuals]\nno-such = ["bold"]', 3, "no manual no-such"),
        ('[tool.manualsmith.labels.catalogues]\nnextcloud = "l10n"', 3, "a list of texts"),
    ],
)
def test_settings_that_are_none(text, line, told, repo, capsys):
    commit(repo, {"pyproject.toml": f"[tool.manualsmith.labels]\n{text}\n"})
    assert ms(repo, "labels", "--check", ".") == 1
    said = capsys.readouterr().err
    assert f"pyproject.toml:{line}:" in said
    assert told in said


def test_two_products_have_to_be_told_apart(repo, releases, capsys):
    other = PAGE.replace("nextcloud", "mail")
    commit(repo, {"manuals/operation/mail.md": other})
    assert ms(repo, "labels", *releases) == 1
    assert "mail, nextcloud" in capsys.readouterr().err
    made = said(capsys, repo, "labels", *releases, "--product", "mail", "--dry-run")
    assert {one["page"] for one in made["labels"]} == {"mail.md"}
