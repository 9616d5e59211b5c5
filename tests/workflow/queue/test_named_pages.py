"""A page is meant by its path, its file's name or its title, in every command alike."""

import pytest

from desks import incident, make_desk, ms, said
from gitrepo import commit
from manualsmith.errors import UserError
from manualsmith.workflow.queue.named_pages import (
    is_like,
    page_of_main,
    pages_like,
    pages_wanted,
)
from manualsmith.workflow.workspace.open_workspace import open_workspace

MORE = {
    "manuals/operation/sharing.md": "# 分享檔案\n\n## 設定期限\n\n1. 按「分享」。\n",
    "manuals/troubleshooting/sharing.md": "# 分享問題\n\n## 失效\n\n**處理步驟**：\n\n1. 重開。\n",
    "manuals/operation/taipei.md": "---\ntitle: 臺北的 ＶＰＮ\n---\n\n# 連線\n\n1. 連線。\n",
    "manuals/operation/two.md": "# 同名\n",
    "manuals/operation/other/two.md": "# 同名\n",
}


@pytest.fixture
def repo(tmp_path):
    return make_desk(tmp_path, MORE)


@pytest.mark.parametrize(
    ("called", "kind", "found"),
    [
        ("sharing", "operation", ("operation", "sharing.md")),
        ("sharing.md", "troubleshooting", ("troubleshooting", "sharing.md")),
        ("operation/sharing.md", "troubleshooting", ("operation", "sharing.md")),
        ("operation/sharing", "troubleshooting", ("operation", "sharing.md")),
        ("manuals/operation/sharing.md", "operation", ("operation", "sharing.md")),
        ("分享檔案", "operation", ("operation", "sharing.md")),
        ("分享檔案", "troubleshooting", ("operation", "sharing.md")),
        ("台北的VPN", "operation", ("operation", "taipei.md")),
        ("ＳＨＡＲＩＮＧ", "operation", ("operation", "sharing.md")),
    ],
)
def test_what_people_call_it(repo, called, kind, found):
    manual, page = page_of_main(open_workspace(repo), called, kind)
    assert (manual.name, page) == found


def test_what_is_unknown_is_answered_with_the_nearest_titles(repo):
    with pytest.raises(UserError) as told:
        page_of_main(open_workspace(repo), "分享檔安", "operation")
    assert "has no page 分享檔安" in str(told.value)
    assert "分享檔案 (operation/sharing.md)" in (told.value.problems[0].hint or "")
    with pytest.raises(UserError) as several:
        page_of_main(open_workspace(repo), "同名", "operation")
    hint = several.value.problems[0].hint or ""
    assert "operation/two.md" in hint
    assert "operation/other/two.md" in hint


def test_half_a_title_offers_those_that_have_it():
    titles = {"operation/a.md": "分享檔案", "operation/b.md": "臺北 VPN", "operation/c.md": "檔案"}
    assert pages_like("檔案", titles) == ["operation/c.md", "operation/a.md"]
    assert pages_like("台北ＶＰ", titles) == ["operation/b.md"]
    assert pages_like("分享檔按", titles)[0] == "operation/a.md"
    assert is_like("manuals/operation/a.md", "operation/a.md", "分享檔案")


def test_each_command_takes_a_title(repo, capsys):
    made = said(capsys, repo, "walkthrough", "new", "--page", "分享檔案", "--product", "x")[
        "record"
    ]
    assert made["page"] == "sharing.md"
    asked = ("--symptom", "連結打不開", "--product", "nextcloud", "--page", "sharing")
    assert said(capsys, repo, "request", "new", *asked)["record"]["page"] == "operation/sharing.md"
    name = incident(repo, capsys)
    assert ms(repo, "incident", "resolve", name, "--step", "重開") == 0
    assert ms(repo, "incident", "to-confirmation", name, "--page", "分享檔案") == 1
    assert "no page of a troubleshooting manual" in capsys.readouterr().err
    assert ms(repo, "incident", "to-confirmation", name, "--page", "分享問題") == 0
    assert ms(repo, "facts", "--guess", "分享檔案", "--json") == 0
    assert ms(repo, "review", "list", "--page", "分享檔安") == 1
    assert "分享檔案 (operation/sharing.md)" in capsys.readouterr().err
    assert ms(repo, "review", "list", "--page", "分享檔案") == 0
    assert ms(repo, "trace", "分享檔案") in (0, 1)


def test_a_filter_means_the_page_in_every_manual_and_what_was_there(repo):
    workspace = open_workspace(repo)
    both = ("manuals/operation/sharing.md", "manuals/troubleshooting/sharing.md")
    assert pages_wanted(workspace, "sharing.md") == both
    assert "manuals/operation/gone.md" in pages_wanted(workspace, "gone.md")
    commit(repo, {"manuals/operation/gone.md": "# 又有了\n"})
    assert pages_wanted(open_workspace(repo), "又有了") == ("manuals/operation/gone.md",)
