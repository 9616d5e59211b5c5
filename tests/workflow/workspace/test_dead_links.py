"""A suggestion may not bring a link onto a page that leads nowhere."""

import re
from pathlib import Path

import pytest

from gitrepo import commit, make_repo
from manuals import write
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_links import added_links, anchors
from manualsmith.site.pages.render_page import render
from reviewing import accept, page, statuses, suggest

ROOT = Path(__file__).parents[3]
PAGES = {
    "docs/index.md": "# 首頁\n",
    "manuals/operation/a.md": "# 甲\n\n## 登入 {#sign-in}\n\n文字。\n\n## 常見\n\n## 常見\n",
    "manuals/operation/images/x.png": b"\x89PNG",
    "manuals/troubleshooting/b.md": "# 乙\n\n## 無法登入\n\n[甲](../operation/a.md)\n",
}
RIGHT = (
    "[甲](#sign-in)",
    "[乙](../troubleshooting/b.md)",
    "[乙](../troubleshooting/b.md#無法登入)",
    "[乙](../troubleshooting/b.md#%E7%84%A1%E6%B3%95%E7%99%BB%E5%85%A5)",
    "[二](#常見_1)",
    "[這](#新的一節)",
    "[首頁](<../../docs/index.md>)",
    "[外](https://example.org/none.md#x)",
    "![圖](images/x.png)",
    "`[碼](none.md)`",
)
DEAD = {
    "[乙](../troubleshooting/bb.md)": "there is no manuals/troubleshooting/bb.md",
    "[乙](../troubleshooting/b.md#無法登錄)": "無法登入",
    "[三](#常見_2)": "常見_1",
    "![圖](images/y.png)": "images/x.png",
    "[外](../../../etc/none.md)": "there is no",
    "[怪](%00%0A../-x.md)": "there is no",
    "[參][r]\n\n[r]: none.md": "there is no manuals/operation/none.md",
}


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, PAGES)


def finding(text):
    return f"""- id: 1
    summary: 補充
    manual: operation
    page: a.md
    reason: 少了一句
    edit:
      action: append-to-section
      section: [登入]
      text: |
{"".join(f"        {line}" + chr(10) for line in text.splitlines())}"""


@pytest.mark.parametrize("text", RIGHT)
def test_links_that_lead_somewhere(repo, text):
    more = "\n\n### 新的一節" if "新的一節" in text else ""
    write(repo, findings=(finding(text + more),))
    assert list(statuses(suggest(repo)).values()) == ["created"]


@pytest.mark.parametrize("text", DEAD)
def test_dead_links_are_refused_with_what_is_nearest(repo, text):
    write(repo, findings=(finding(text),))
    [outcome] = suggest(repo).outcomes
    assert outcome.status == "refused"
    assert DEAD[text] in str(outcome.problems[0].hint)


def test_a_link_that_died_while_it_waited_is_not_accepted(repo):
    write(repo, findings=(finding(RIGHT[2]),))
    [name] = statuses(suggest(repo))
    commit(repo, {"manuals/troubleshooting/b.md": "# 乙\n"})
    assert statuses(accept(repo, name)) == {name: "refused"}


ENTRY = """- id: 1
    summary: 改掉
    manual: troubleshooting
    page: b.md
    reason: 沒有這回事
    edit: {action: %s, section: [無法登入]%s}
"""
LINKING = {
    "manuals/operation/c.md": "# 丙\n\n看[這裡](../troubleshooting/b.md#無法登入)。\n",
    "docs/d.md": "[a](../manuals/troubleshooting/b.md#%E7%84%A1%E6%B3%95%E7%99%BB%E5%85%A5)\n",
}


def test_a_heading_that_pages_link_to_is_not_taken_away(repo):
    commit(repo, LINKING)
    write(repo, findings=(ENTRY % ("delete-section", ""),))
    [outcome] = suggest(repo).outcomes
    assert outcome.status == "refused"
    told = [str(problem) for problem in outcome.problems]
    assert len(told) == 2
    assert "docs/d.md:1 links to it" in told[0]
    assert "manuals/operation/c.md:3 links to it" in told[1]
    commit(repo, dict.fromkeys(LINKING))
    assert list(statuses(suggest(repo)).values()) == ["created"]


def test_one_that_got_a_link_while_it_waited_is_not_accepted_away(repo):
    write(repo, findings=(ENTRY % ("delete-section", ""),))
    [name] = statuses(suggest(repo))
    commit(repo, LINKING)
    assert statuses(accept(repo, name)) == {name: "refused"}


def test_a_heading_that_is_renamed_is_still_found_by_links(repo):
    commit(repo, LINKING)
    more = ", heading: 登不進去, text: 重開。"
    write(repo, findings=(ENTRY % ("replace-section", more),))
    [name] = statuses(suggest(repo))
    assert statuses(accept(repo, name)) == {name: "accepted"}
    assert "## 登不進去 {#無法登入}" in page(repo, path="manuals/troubleshooting/b.md")


def test_links_that_were_there_are_nobody_s_fault():
    assert added_links("[x](none.md)", "[x](none.md) 改過") == []
    assert [str(link) for link in added_links("[x](a.md)", "[x](a.md) [x](a.md)")] == ["a.md"]


@pytest.mark.parametrize("file", sorted(ROOT.glob("manuals/*/*.md")), ids=lambda file: file.stem)
def test_ids_are_those_of_the_site(file):
    text = file.read_text("utf-8")
    body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    rendered = set(re.findall(r'<h[1-6] id="([^"]+)"', render("a.md", body)))
    assert rendered
    assert rendered <= anchors(Page(text))
