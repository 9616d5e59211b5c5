"""Which words the search index holds, and how text is cut into them."""

import re

import pytest
from manualsmith.site.search.chinese_words import WordCutter, marked_terms

from small_site import PAGES, Site, write_site

BREAKS = re.compile(r"[\s\u200b，。、：；！？「」（）]+|<[^>]*>")


def words_of(entry: dict[str, str]) -> set[str]:
    fields = (entry.get(name, "") for name in ("title", "text", "words"))
    return {word for field in fields for word in BREAKS.split(field)}


@pytest.mark.parametrize(
    ("word", "location"),
    [
        ("登入", "manuals/operation/web-sign-in/#用網頁登入"),
        ("密碼", "manuals/operation/web-sign-in/#用網頁登入"),
        ("密碼", "manuals/troubleshooting/sign-in/#無法登入"),
        ("重新啟動", "manuals/troubleshooting/sign-in/#無法登入"),
        ("啟動", "manuals/troubleshooting/sign-in/#無法登入"),
        ("重設", "manuals/troubleshooting/sign-in/#無法登入"),
        ("無法登入", "manuals/troubleshooting/sign-in/#無法登入"),
        ("VPN", "manuals/troubleshooting/sign-in/#無法登入"),
        ("VPN", "manuals/operation/webdav/"),
        ("WebDAV", "manuals/operation/webdav/"),
        ("資源回收筒", "manuals/operation/files/trash/"),
        ("回收筒", "manuals/operation/files/trash/"),
    ],
)
def test_word_is_in_the_index(site: Site, word: str, location: str) -> None:
    assert word in words_of(site.index()[location])


def test_what_readers_see_of_a_section_is_its_own_text(site: Site) -> None:
    entry = site.index()["manuals/troubleshooting/sign-in/#無法登入"]
    assert entry["title"].replace("\u200b", "") == "無法登入"
    assert entry["text"].replace("\u200b", "") == "<p>重新啟動雲端伺服器並重設密碼。（VPN）</p>"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("臺北的服務臺", "台北"),
        ("版本１２", "版本"),
        ("輸入ＶＰＮ", "VPN"),
        ("DAVx⁵ 登入", "DAVx5"),
    ],
)
def test_other_writings_are_found(tmp_path, text: str, word: str) -> None:
    site = write_site(tmp_path / "repository", {**PAGES, "manuals/operation/new.md": f"# {text}\n"})
    assert site.build().returncode == 0
    assert word in words_of(site.index()["manuals/operation/new/"])


def test_a_page_is_found_by_its_keywords(tmp_path) -> None:
    page = "---\nkeywords: [登不進去, SSO]\n---\n# 新的一頁\n\n## 一節\n"
    site = write_site(tmp_path / "repository", {**PAGES, "manuals/operation/new.md": page})
    assert site.build().returncode == 0
    assert {"SSO", "不進"} & words_of(site.index()["manuals/operation/new/"])
    assert "SSO" not in words_of(site.index()["manuals/operation/new/#一節"])


def test_environment_is_no_text_to_search(site: Site) -> None:
    assert not [entry for entry in site.index().values() if "Safari" in entry["text"]]


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("重新啟動雲端伺服器並重設密碼", "重新 啟動 雲端 伺服器 並 重設 密碼"),
        ("瀏覽器並按下", "瀏覽器 並 按下"),
        ("處理步驟", "處理 步驟"),
        ("在桌面版用戶端輸入應用程式密碼", "在 桌面版 用戶端 輸入 應用程式 密碼"),
    ],
)
def test_cut(run: str, words: str) -> None:
    assert WordCutter().cut(run).words == tuple(words.split())


def test_unknown_characters_are_found_in_pairs() -> None:
    cut = WordCutter().cut("鼉龘鱻")
    assert cut.words == ("鼉", "龘", "鱻")
    assert cut.more == ("鼉龘", "龘鱻")


def test_a_marked_term_is_a_word() -> None:
    assert "鼉龘鱻" not in WordCutter().cut("按鼉龘鱻後").words
    assert "鼉龘鱻" in WordCutter(["鼉龘鱻"]).cut("按鼉龘鱻後").words


def test_a_marked_phrase_is_found_beside_its_words() -> None:
    cut = WordCutter(["登入失敗"]).cut("登入失敗")
    assert cut.words == ("登入", "失敗")
    assert cut.more == ("登入失敗",)


def test_order_of_terms_changes_nothing() -> None:
    terms = ["登入失敗", "鼉龘", "鼉龘鱻", "失敗"]
    runs = ["鼉龘鱻登入失敗", "登入失敗鼉龘"]
    there, back = WordCutter(terms), WordCutter(reversed(terms))
    assert [there.cut(run) for run in runs] == [back.cut(run) for run in runs]


def test_marked_terms() -> None:
    page = "## 登入失敗 (SSO)\n\n按「授權存取」，再按 **確認**。一般文字 「太長太長太長太長的」\n"
    assert marked_terms(page, "網頁登入") == {"登入失敗", "授權存取", "確認", "網頁登入"}
