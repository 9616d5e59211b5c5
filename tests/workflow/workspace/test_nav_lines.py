"""A site's own nav keeps up with its pages: each edit that makes, moves or removes one tells it."""

import pytest

from desks import ms
from gitrepo import commit, git, make_repo
from manuals import confirmation

LAYOUT = '[tool.manualsmith.manuals.guide]\nfolder = "docs"\nkind = "operation"\n'
PAGES = {
    "docs/index.md": "# 首頁\n\n見 [登入](in/sign-in.md)。\n",
    "docs/in/sign-in.md": "# 登入\n\n文字。\n",
    "docs/in/out.md": "# 登出\n\n文字。\n",
    "docs/z.md": "# 其他\n\n文字。\n",
}
HEAD = "# 註解留著\nsite_name:   手冊   # 與空白\n"
TAIL = "plugins: [search]\nextra: {a: !ENV [X, 1]}\n"
TITLED = """nav:
  - 首頁: index.md
  - 帳號:
      - 登入: in/sign-in.md   # 常用
      - 登出: "in/out.md"
  - 其他: z.md
"""
BARE = """nav:
- index.md
- In:
  - in/sign-in.md
  - in/out.md
- z.md
"""
FLOW = "nav: [index.md, {帳號: [{登入: in/sign-in.md}, {登出: in/out.md}]}, z.md]\n"
ADD = "{action: add-page, title: 密碼, text: 見首頁。}"
# the nav, the page, the edit, and what of the nav is another line, by the line before
CASES = {
    "a page of a folder": (
        TITLED, "in/password.md", ADD,
        ('      - 登出: "in/out.md"\n',
         '      - 登出: "in/out.md"\n      - 密碼: in/password.md\n'),
    ),
    "a page at the top": (
        TITLED, "password.md", ADD,
        ("  - 其他: z.md\n", "  - 其他: z.md\n  - 密碼: password.md\n"),
    ),
    "a page of a folder that no other is in": (
        TITLED, "in/a/b/password.md", ADD,
        ('      - 登出: "in/out.md"\n',
         '      - 登出: "in/out.md"\n      - 密碼: in/a/b/password.md\n'),
    ),
    "where none has a title": (
        BARE, "in/password.md", ADD, ("  - in/out.md\n", "  - in/out.md\n  - in/password.md\n"),
    ),
    "in one line": (
        FLOW, "in/password.md", ADD,
        ("{登出: in/out.md}", "{登出: in/out.md}, {密碼: in/password.md}"),
    ),
    "a title that YAML would take for more": (
        TITLED, "password.md", ADD.replace("密碼", "'密碼: a #b'"),
        ("  - 其他: z.md\n", '  - 其他: z.md\n  - "密碼: a #b": password.md\n'),
    ),
    "a move": (
        TITLED, "in/sign-in.md", "{action: move-page, to: login.md}",
        ("登入: in/sign-in.md   # 常用", "登入: login.md   # 常用"),
    ),
    "a move of a quoted one": (
        TITLED, "in/out.md", "{action: move-page, to: in/leave.md}",
        ('登出: "in/out.md"', '登出: "in/leave.md"'),
    ),
    "a removal": (
        TITLED, "in/out.md", "{action: remove-page, replaced_by: z.md}",
        ('      - 登出: "in/out.md"\n', ""),
    ),
    "the removal of the last of its list": (
        "nav:\n  - A: [in/out.md]\n  - B:\n      - in/sign-in.md\n  - z.md\n",
        "in/sign-in.md", "{action: remove-page, replaced_by: z.md}",
        ("      - in/sign-in.md\n", "      - z.md\n"),
    ),
    "a folder whose pages stand in several lists": (
        "nav:\n  - A:\n      - in/sign-in.md\n      - index.md\n      - in/x.md\n"
        "  - B:\n      - in/out.md\n  - z.md\n",
        "in/password.md", ADD, ("      - in/x.md\n", "      - in/x.md\n      - in/password.md\n"),
    ),
    "lines of Windows": (
        TITLED.replace("\n", "\r\n"), "password.md", ADD,
        ("  - 其他: z.md\r\n", "  - 其他: z.md\r\n  - 密碼: password.md\r\n"),
    ),
}  # fmt: skip


@pytest.fixture
def repo(tmp_path):
    made = make_repo(tmp_path, {"pyproject.toml": LAYOUT, **PAGES})
    git(made, "config", "manualsmith.staff", "S-0412")
    return made


def ask(repo, page, edit):
    finding = (
        f"- id: 1\n    summary: 改頁\n    manual: guide\n    page: {page}\n    reason: 理由\n"
        f"    edit: {edit}\n"
    )
    commit(repo, {"records/confirmations/ENV-2026-0001.yaml": confirmation(findings=(finding,))})
    return ms(repo, "suggest", "--all")


@pytest.mark.parametrize("name", CASES)
def test_the_nav_goes_along(repo, capsys, name):
    nav, page, edit, (before, after) = CASES[name]
    newline = "\r\n" if "\r\n" in nav else "\n"
    text = f"{HEAD}{nav}{TAIL}".replace("\r\n", "\n").replace("\n", newline)
    commit(repo, {"mkdocs.yml": text})
    assert ask(repo, page, edit) == 0, capsys.readouterr()
    capsys.readouterr()
    assert ms(repo, "review", "show", "ENV-2026-0001-1") == 0
    assert "mkdocs.yml" in capsys.readouterr().out
    tip = git(repo, "rev-parse", "main")
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0, capsys.readouterr()
    made = (repo / "mkdocs.yml").read_bytes().decode()
    assert text.count(before) == 1
    assert made == text.replace(before, after)
    assert ms(repo, "verify", "--range", f"{tip}..main") == 0, capsys.readouterr()
    record = (repo / "suggestions/guide/ENV-2026-0001-1.yaml").read_text("utf-8")
    assert "path: mkdocs.yml" in record


@pytest.mark.parametrize(
    "settings",
    [None, "site_name: x\n", "nav: !ENV NAV\n", "nav: {}\n", "nav: []\n", "nav: [\n", "nav:\n"],
)
def test_where_there_is_no_nav_to_keep(repo, settings):
    commit(repo, {"mkdocs.yml": settings} if settings else {})
    if settings == "nav: [\n":  # no settings that read: nothing is suggested
        assert ask(repo, "password.md", ADD) == 1
        return
    assert ask(repo, "password.md", ADD) == 0
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    if settings:
        assert (repo / "mkdocs.yml").read_text("utf-8") == settings


def test_two_pages_at_once_are_both_in_the_nav(repo):
    commit(repo, {"mkdocs.yml": TITLED})
    findings = tuple(
        f"- id: {n}\n    summary: 頁\n    manual: guide\n    page: in/{name}.md\n    reason: 理由\n"
        f"    edit: {{action: add-page, title: {name}, text: 字}}\n"
        for n, name in enumerate("ab", start=1)
    )
    commit(repo, {"records/confirmations/ENV-2026-0001.yaml": confirmation(findings=findings)})
    assert ms(repo, "suggest", "--all") == 0
    assert ms(repo, "review", "accept", "ENV-2026-0001-2", "ENV-2026-0001-1") == 0
    made = (repo / "mkdocs.yml").read_text("utf-8")
    assert "- b: in/b.md\n" in made.replace('"', "")
    assert "- a: in/a.md\n" in made.replace('"', "")


ODD = {
    "an anchor": "nav:\n  - A: &x in/sign-in.md\n  - Again: *x\n",
    "two keys": "nav:\n  - A: in/sign-in.md\n    B: z.md\n",
    "a block": "nav:\n  - A: |\n      in/sign-in.md\n",
}


@pytest.mark.parametrize("name", ODD)
def test_a_nav_that_is_written_oddly_is_left_alone(repo, name):
    """What would come out is read again: it names what it should, or nothing is written."""
    commit(repo, {"mkdocs.yml": ODD[name]})
    assert ask(repo, "in/sign-in.md", "{action: move-page, to: in/login.md}") == 0
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    assert (repo / "mkdocs.yml").read_text("utf-8") == ODD[name]
