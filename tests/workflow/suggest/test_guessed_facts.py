"""From a version that pages mention to the fact in their front matter, as people type it."""

import json

import pytest

from desks import ms, said
from gitrepo import commit, git, make_bare, make_repo, show

SETTINGS = """[tool.manualsmith.manuals.guide]
folder = "docs"
kind = "operation"
product = "nextcloud"

[tool.manualsmith.manuals.faq]
folder = "faq"
kind = "troubleshooting"
product = "nextcloud"

[[tool.manualsmith.manuals.guide.facts]]
pages = ["admin/*"]
software.server.version = "28.0"
"""
PAGES = {
    "pyproject.toml": SETTINGS,
    "docs/admin/a.md": "# 安裝\n\n伺服器 server 28.0，用 Ubuntu 22.04。\n",
    "docs/b.md": "---\ntitle: 手機\n---\n# 手機\n\n在 Android 14 的手機上，Server version 28.0。\n",
    "docs/c.md": '---\nenvironment: {software: {windows.version: "10"}}\n---\nWindows 11\n',
    "docs/odd.md": "---\nenvironment: [\n---\nWindows 11\n",
    "docs/none.md": "---\nproduct: other\n---\n# 別的\n\nWindows 11\n",
    "faq/q.md": "# 問\n\n## 畫面全黑 {#black}\n\n用 Windows 11 的人。\n",
}
GUESSES = [
    ("admin/a.md", 3, "ubuntu.version", "22.04"),
    ("b.md", 6, "android.version", "14"),
    ("b.md", 6, "server.version", "28.0"),
    ("none.md", 6, "windows.version", "11"),
    ("q.md", 5, "windows.version", "11"),
]


@pytest.fixture
def repo(tmp_path):
    made = make_repo(tmp_path, PAGES)
    git(made, "config", "manualsmith.staff", "S-0412")
    return made


def guessed(capsys, repo, *pages):
    found = said(capsys, repo, "facts", "--guess", *pages)["guesses"]
    return [(one["page"], one["line"], one["fact"], one["value"]) for one in found]


def test_pages_and_lines_with_a_fact_for_each(repo, capsys):
    assert sorted(guessed(capsys, repo)) == sorted(GUESSES)
    assert guessed(capsys, repo, "faq/q.md") == [GUESSES[4]]
    assert ms(repo, "facts", "--guess", "faq/q.md") == 0
    told = capsys.readouterr().out
    assert told == "faq/q.md:5: Windows 11  software windows.version: 11\n"
    assert ms(repo, "facts", "--guess", "faq/x.md") == 1
    assert "has no page x.md" in capsys.readouterr().err


def test_what_is_stated_is_listed(repo, capsys):
    found = said(capsys, repo, "facts")["facts"]
    assert [(one["fact"], one["value"], one["pages"]) for one in found] == [
        ("server.version", "28.0", 1),
        ("windows.version", "10", 1),
    ]
    assert ms(repo, "facts") == 0
    assert "server.version" in capsys.readouterr().out


def test_each_guess_becomes_a_suggestion_that_verifies(repo, capsys):
    commit(repo, {"docs/odd.md": None})  # which suggest tells of
    before = git(repo, "rev-parse", "main")
    drafting = ("facts", "--guess", "--to-confirmation")
    assert ms(repo, *drafting) == 1
    assert "name it: nextcloud, other" in capsys.readouterr().err
    assert ms(repo, *drafting, "--product", "nextcloud", "--dry-run") == 0
    assert git(repo, "rev-parse", "main") == before
    assert ms(repo, *drafting, "--product", "nextcloud") == 0
    [file] = (repo / "records/confirmations").glob("*.yaml")
    one = file.stem
    assert ms(repo, "suggest", "--all") == 0  # nothing of a draft
    assert not git(repo, "for-each-ref", "refs/heads/suggest")
    assert ms(repo, "confirm", "finish", one) == 0
    assert ms(repo, "suggest", one) == 0, capsys.readouterr().err
    refs = git(repo, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/heads/suggest").split()
    assert refs == [*(f"O1.2.1-guide/{one}-{n}" for n in (1, 2, 3)), f"O1.2.2-faq/{one}-4"]
    page = show(repo, f"suggest/O1.2.1-guide/{one}-1:docs/admin/a.md").decode()
    new = '---\nenvironment:\n  software:\n    ubuntu.version: "22.04"\n---\n\n'
    assert page == new + PAGES["docs/admin/a.md"]
    assert ms(repo, "verify", "--all") == 0
    assert ms(repo, "review", "accept", *(f"{one}-{n}" for n in (1, 2, 3))) == 0
    assert ms(repo, "review", "reject", f"{one}-4", "--reason", "不分版本") == 0
    text = (repo / "docs/b.md").read_text("utf-8")
    assert text.startswith("---\ntitle: 手機\nenvironment:\n  software:\n")
    assert 'android.version: "14"' in text
    assert 'server.version: "28.0"' in text
    assert ms(make_bare(repo), "verify", "--range", f"{before}..main") == 0
    assert sorted(guessed(capsys, repo)) == sorted(GUESSES[3:])


def test_pages_of_no_product_are_left_out_and_told(repo, capsys):
    commit(repo, {"pyproject.toml": SETTINGS.replace('product = "nextcloud"', "", 1)})
    assert ms(repo, "facts", "--guess", "--to-confirmation", "--product", "nextcloud") == 0
    told = capsys.readouterr().err
    assert "of no product, and left out: docs/admin/a.md, docs/b.md" in told
    assert ms(repo, "facts", "--guess", "--to-confirmation", "--product", "none") == 1
    assert "mentions a version that it does not state" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["docs/b.md"], ["--to-confirmation"]])
def test_what_is_for_guesses_alone_is_told(repo, capsys, words):
    assert ms(repo, "facts", *words) == 2
    assert "only with --guess" in capsys.readouterr().err


def test_nothing_to_guess(tmp_path, capsys):
    repo = make_repo(tmp_path, {"manuals/operation/a.md": "# 一\n\n2026-11-20\n"})
    assert ms(repo, "facts", "--guess") == 0
    assert json.dumps(guessed(capsys, repo)) == "[]"
    assert ms(repo, "facts") == 0
    assert "no page states a fact" in capsys.readouterr().out
