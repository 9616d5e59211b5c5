"""The desk and the review page show pages as the site has them: by mkdocs.yml's own extensions."""

import json
import re

import pytest

from gitrepo import commit, git, make_repo, show
from manuals import FACT, PAGES, STEP, write
from manualsmith.cli.group import run
from rooms import STEP_ID, alone, post

EXTENSIONS = """
abbr def_list footnotes pymdownx.blocks.admonition pymdownx.blocks.details pymdownx.blocks.tab
pymdownx.tasklist pymdownx.mark
"""
PATH = "manuals/operation/sign-in.md"
SETTINGS = "site_name: 手冊\nmarkdown_extensions:\n" + "".join(
    f"  - {name}\n" for name in EXTENSIONS.split()
)
MORE = """
/// note | 注意
一段說明。
///

/// details | 收起來的
裡面。
///

- [x] 做了

VPN[^1] ==亮==

詞
:   解釋

### 小節 {#small}

[^1]: 註腳的文字。

*[VPN]: 虛擬網路
"""
SHOWN = (
    '<div class="admonition note">',
    "<details",
    'type="checkbox"',
    '<abbr title="虛擬網路">',
    'class="footnote"',
    "<mark>亮</mark>",
    "<dt>詞</dt>",
    "小節 {#small}",
)


@pytest.fixture
def repo(tmp_path):
    text = PAGES[PATH].replace(" {#first}", "") + MORE
    repo = make_repo(tmp_path, {**PAGES, "mkdocs.yml": SETTINGS, PATH: text})
    git(repo, "config", "manualsmith.staff", "S-0412")
    write(repo, findings=(STEP,), facts=FACT)
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    return repo


def looked_at(repo, capsys):
    """Return each place where the page is shown, as HTML."""
    capsys.readouterr()
    assert run(["-C", str(repo), "review", "show", STEP_ID, "--rendered", "-"]) == 0
    yield "review show", capsys.readouterr().out
    asks = alone(repo)
    for address in (f"/review/{STEP_ID}", "/manual/operation/sign-in.md"):
        answer = asks.get(address)
        assert answer.status_code == 200
        yield address, answer.text


def test_pages_are_shown_by_the_sites_own_extensions(repo, capsys):
    for where, html in looked_at(repo, capsys):
        for part in SHOWN:
            assert part in html, (where, part)
        assert not re.search(r"///|\[\^1\]|\[x\]|==", html.partition("<body")[2]), where


def test_a_wording_and_a_new_finding_are_shown_so(repo):
    asks = alone(repo)
    answer = post(asks, f"/review/{STEP_ID}/wording", **{"wording.text": "按 ==同意== VPN。"})
    assert answer.status_code == 200
    assert "<mark>" in answer.text
    key = post(asks, "/confirmations", reported="不同").headers["location"].rpartition("/")[2]
    target = json.dumps({"section": ["第一次登入"], "step": 3}, ensure_ascii=False)
    edit = {"page": "operation/sign-in.md", "action": "replace-step", "target": target}
    at = f"/confirmations/drafts/{key}/try"
    answer = post(asks, at, text="按 ==同意== 。", **edit)
    assert answer.status_code == 200
    assert "<mark>" in answer.text


def test_what_the_settings_are_today_counts(repo, capsys):
    commit(repo, {"mkdocs.yml": SETTINGS + "  - attr_list\n"})
    for where, html in looked_at(repo, capsys):
        assert re.search(r'<h3 id="small">小節', html), where


def test_a_headings_link_to_itself_is_no_text_of_the_page(repo, capsys):
    commit(repo, {"mkdocs.yml": SETTINGS + "  - toc: {permalink: 鏈, permalink_class: own}\n"})
    for where, html in looked_at(repo, capsys):
        assert "鏈" not in html, where


def test_settings_that_cannot_be_read_hide_no_page(repo, capsys):
    commit(repo, {"mkdocs.yml": "site_name: [\n"})
    for _where, html in looked_at(repo, capsys):
        assert "小節" in html


def test_a_page_that_cannot_be_rendered_is_shown_as_text(repo, capsys):
    faulty = SETTINGS + "  - manualsmith.nothing\n"
    commit(
        repo, {"mkdocs.yml": faulty, PATH: f"{show(repo, f'main:{PATH}').decode()}\n<b>後</b>\n"}
    )
    for _where, html in looked_at(repo, capsys):
        assert "&lt;b&gt;後&lt;/b&gt;" in html
