"""What the search index holds of a page, and the vocabulary that goes with it."""

import json

from manualsmith.site.search.page_sections import sections_of
from manualsmith.words.vocabulary import own_vocabulary
from small_site import PAGES, Site, write_site

PAGE = "manuals/operation/new.md"


def built(folder, page: str, settings: str = "") -> Site:
    site = write_site(folder / "repository", {**PAGES, PAGE: page})
    file = site.root / "mkdocs.yml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("  - manualsmith:\n", f"  - manualsmith:\n{settings}"), "utf-8")
    done = site.build()
    assert done.returncode == 0, done.stderr
    return site


def raw(site: Site):
    return json.loads((site.out / "search/search_index.json").read_text("utf-8"))


def test_what_readers_see_of_a_section_is_its_own_text(site: Site) -> None:
    entry = site.index()["manuals/troubleshooting/sign-in/#無法登入"]
    assert entry == {
        "location": "manuals/troubleshooting/sign-in/#無法登入",
        "title": "無法登入",
        "text": "重新啟動雲端伺服器並重設密碼。（VPN）",
    }


def test_a_page_says_where_it_is_and_of_what_kind(site: Site) -> None:
    index = site.index()
    assert index["manuals/troubleshooting/sign-in/"]["path"] == ["障礙排除手冊"]
    assert index["manuals/troubleshooting/sign-in/"]["kind"] == "troubleshooting"
    trash = index["manuals/operation/files/trash/"]
    assert (trash["path"], trash["kind"], trash["boost"]) == (["操作手冊", "檔案"], "operation", 1)
    assert index["manuals/operation/"]["boost"] < index["staff/"]["boost"] < 1


def test_environment_is_no_text_to_search(site: Site) -> None:
    assert not [entry for entry in site.index().values() if "Safari" in entry["text"]]


def test_keywords_stand_on_a_page_and_on_a_heading(tmp_path) -> None:
    page = (
        "---\nkeywords: [登不進去, SSO]\n---\n# 新的一頁\n\n## 一節\n\n"
        "<!-- keywords: 手機掉了, 換手機 -->\n\n文字。\n\n## 二節\n\n<!-- 別的 -->\n\n文字。\n"
    )
    index = built(tmp_path, page).index()
    assert index["manuals/operation/new/"]["keywords"] == "登不進去 SSO"
    assert index["manuals/operation/new/#一節"]["keywords"] == "手機掉了 換手機"
    assert "keywords" not in index["manuals/operation/new/#二節"]
    assert "手機掉了" not in index["manuals/operation/new/#一節"]["text"]


def test_sections_have_lines_as_readers_see_them() -> None:
    html = (
        '<h1 id="a">甲<a class="headerlink" href="#a">¶</a></h1><p>一 &amp;\n二</p>'
        '<h2 id="b">乙 <code>x</code></h2><p data-search-exclude>不找</p><ol><li>步驟</li></ol>'
        "<table><tr><th>丙</th><td>丁</td></tr></table><script>no()</script>"
    )
    found = [(one.id, one.level, one.title, one.text) for one in sections_of(html)]
    assert found == [("a", 1, "甲", "一 & 二"), ("b", 2, "乙 x", "步驟\n丙 丁")]


def test_the_index_folds_its_own_characters_only(site: Site) -> None:
    index = raw(site)
    pairs = dict(zip(index["simplified"][::2], index["simplified"][1::2], strict=True))
    assert pairs["錄"] == "录"
    assert pairs["臺"] == "台" if "臺" in json.dumps(index["docs"]) else "臺" not in pairs
    assert "龘" not in pairs


def test_a_team_adds_words_in_one_file(tmp_path) -> None:
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository/words.yaml").write_text(
        "same:\n  - [雲朵, 雲端]\ntrouble: [哭哭]\n", "utf-8"
    )
    site = built(tmp_path, "# 新的\n", "      vocabulary: words.yaml\n")
    vocabulary = raw(site)["vocabulary"]
    assert ["雲朵", "雲端"] in vocabulary["same"]
    assert len(vocabulary["same"]) == len(own_vocabulary().same) + 1
    assert vocabulary["trouble"][-1] == "哭哭"


def test_a_build_tells_of_a_vocabulary_that_is_not_there(tmp_path) -> None:
    site = write_site(tmp_path / "repository")
    file = site.root / "mkdocs.yml"
    text = file.read_text("utf-8")
    setting = "  - manualsmith:\n      vocabulary: gone.yaml\n"
    file.write_text(text.replace("  - manualsmith:\n", setting), "utf-8")
    done = site.build()
    assert done.returncode == 1
    assert "gone.yaml" in done.stderr
    assert "Traceback" not in done.stderr
