"""Facts that the settings bind to pages: as good as those that a page states itself."""

import json

import pytest

from desks import ms
from gitrepo import commit, git, make_bare, make_repo, show
from manuals import confirmation
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import MANUALS
from manualsmith.workflow.suggest.bound_facts import fact_index
from manualsmith.workflow.workspace.open_workspace import open_workspace

SETTINGS = """[tool.manualsmith.manuals.guide]
folder = "docs"
kind = "operation"
product = "nextcloud"

[[tool.manualsmith.manuals.guide.facts]]
pages = ["admin/**", "!admin/none.md"]
software = { server.version = "28.0" }
"""
FACT = '- {fact: server.version, documented: "28.0", observed: "29.0"}'
OWN = '---\nenvironment: {software: {server.version: "27.0"}}\n---\n# 自己的\n\n伺服器 27.0。\n'
PAGES = {
    "pyproject.toml": SETTINGS,
    "docs/index.md": "# 首頁\n\n伺服器 28.0。\n",
    "docs/admin/a.md": "# 安裝\n\n1. 下載伺服器 28.0。\n2. 安裝。\n",
    "docs/admin/b.md": "---\ntitle: 升級\n---\n# 升級\n\n升到 28.0，不是 28.0.1。\n",
    "docs/admin/none.md": "# 不算\n\n28.0\n",
    "docs/admin/other.md": "---\nproduct: other\n---\n# 別的產品\n\n28.0\n",
    "docs/admin/own.md": OWN,
}
ID = "ENV-2026-0001-guide-server.version"
BRANCH = f"suggest/O1.2.1-guide/{ID}"


def written(number: int = 1, fact: str = FACT, findings: tuple[str, ...] = ()) -> dict[str, str]:
    text = confirmation(number, facts=fact, findings=findings)
    return {f"records/confirmations/ENV-2026-{number:04}.yaml": text}


@pytest.fixture
def repo(tmp_path):
    made = make_repo(tmp_path, {**PAGES, **written()})
    git(made, "config", "manualsmith.staff", "S-0412")
    return made


def verified(repo) -> int:
    first = git(repo, "rev-list", "--max-parents=0", "main")
    return ms(repo, "verify", "--range", f"{first}..main")


def test_pages_that_match_get_the_value_that_was_seen(repo, capsys):
    assert ms(repo, "suggest", "--all") == 0, capsys.readouterr().err
    changed = git(repo, "diff", "--name-only", "main", BRANCH, "--", "docs").splitlines()
    assert changed == ["docs/admin/a.md", "docs/admin/b.md"]
    new = 'environment:\n  software:\n    server.version: "29.0"\n'
    assert show(repo, f"{BRANCH}:docs/admin/a.md").decode() == (
        f"---\n{new}---\n\n# 安裝\n\n1. 下載伺服器 29.0。\n2. 安裝。\n"
    )
    assert show(repo, f"{BRANCH}:docs/admin/b.md").decode() == (
        f"---\ntitle: 升級\n{new}---\n# 升級\n\n升到 29.0，不是 28.0.1。\n"
    )
    told = capsys.readouterr().out
    assert "docs/admin/own.md" in told  # it says 27.0
    assert "none.md:3" in told
    assert ms(repo, "verify", "--all") == 0
    assert ms(make_bare(repo), "verify", "--all") == 0


def test_it_verifies_whatever_the_settings_say_afterwards(repo, capsys):
    assert ms(repo, "suggest", "--all") == 0
    assert ms(repo, "review", "accept", ID) == 0, capsys.readouterr().err
    assert verified(repo) == 0
    for text in (SETTINGS.replace("28.0", "30.0"), SETTINGS.split("[[")[0]):
        commit(repo, {"pyproject.toml": text}, "Other facts")
        assert verified(repo) == 0, capsys.readouterr().err
        assert ms(repo, "verify", "--all") == 0
    assert ms(repo, "review", "revert", ID, "--reason", "沒有升級") == 0, capsys.readouterr().err
    assert (repo / "docs/admin/a.md").read_text("utf-8") == PAGES["docs/admin/a.md"]
    assert verified(repo) == 0


def test_an_open_one_verifies_and_is_put_on_a_newer_main(repo, capsys):
    assert ms(repo, "suggest", "--all") == 0
    text = PAGES["docs/admin/a.md"].replace("安裝。", "照畫面安裝。")
    settings = SETTINGS.replace("28.0", "28.5")
    commit(repo, {"pyproject.toml": settings, "docs/admin/a.md": text}, "Meanwhile")
    assert ms(repo, "verify", "--all") == 0, capsys.readouterr().err
    assert ms(repo, "review", "refresh") == 0, capsys.readouterr().err
    assert ms(repo, "verify", "--all") == 0, capsys.readouterr().err
    assert ms(repo, "review", "accept", ID) == 0
    page = (repo / "docs/admin/a.md").read_text("utf-8")
    assert "29.0" in page
    assert "照畫面安裝" in page
    assert ms(repo, "verify", "--range", "main~1..main") == 0


def test_the_value_of_two_facts_is_edited_in_the_front_matter_alone(tmp_path):
    two = SETTINGS.replace('= "28.0" }', '= "28.0", app.version = "28.0" }')
    repo = make_repo(tmp_path, {**PAGES, "pyproject.toml": two, **written()})
    assert ms(repo, "suggest", "--all") == 0
    page = show(repo, f"{BRANCH}:docs/admin/a.md").decode()
    assert 'server.version: "29.0"' in page
    assert "下載伺服器 28.0" in page
    assert ms(repo, "verify", "--all") == 0


def test_a_second_confirmation_changes_what_the_page_states_by_now(repo, capsys):
    assert ms(repo, "suggest", "--all") == 0
    assert ms(repo, "review", "accept", ID) == 0
    commit(repo, written(2, FACT.replace("29.0", "30.0").replace("28.0", "29.0")))
    assert ms(repo, "suggest", "--all") == 0, capsys.readouterr().err
    assert ms(repo, "review", "accept", ID.replace("0001", "0002")) == 0
    assert '"30.0"' in (repo / "docs/admin/a.md").read_text("utf-8")
    assert verified(repo) == 0


def test_a_fact_joins_the_finding_that_gives_the_same_pages(tmp_path, capsys):
    value = "key: [environment, software, server.version], value: '29.0'"
    finding = f"""- id: 1
    summary: 寫明版本
    manual: guide
    page: admin/b.md
    reason: 沒有寫
    edit: {{action: set-front-matter, {value}}}
"""
    text = PAGES["docs/admin/b.md"].replace("28.0，", "新的，")
    pages = {**PAGES, "docs/admin/b.md": text, "docs/admin/a.md": None}
    files = {path: text for path, text in pages.items() if text}
    repo = make_repo(tmp_path, {**files, **written(1, "", (finding,)), **written(2)})
    assert ms(repo, "suggest", "--all") == 0, capsys.readouterr().err
    assert git(repo, "for-each-ref", "--format=%(refname:lstrip=4)", "refs/heads/suggest") == (
        "ENV-2026-0001-1"
    )
    assert ms(repo, "verify", "--all") == 0, capsys.readouterr().err


def test_a_page_in_toml_is_told(tmp_path, capsys):
    pages = {**PAGES, "docs/admin/a.md": '+++\ntitle = "x"\n+++\n# 安裝\n\n28.0\n'}
    repo = make_repo(tmp_path, {**pages, **written()})
    assert ms(repo, "suggest", "--all") == 0
    told = capsys.readouterr().out
    assert "docs/admin/a.md" in told
    assert "TOML" in told


def test_what_is_documented_counts_them(repo):
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader, fact_index(workspace, reader) as index:
        found = index.documented()
        pages = index.pages(MANUALS["guide"], ("nextcloud", "software", "server.version"))
        other = index.pages(MANUALS["guide"], ("other", "software", "server.version"))
    fact = ("software", "server.version")
    assert found == {"nextcloud": {fact: ("28.0", "27.0")}, "other": {fact: ("28.0",)}}
    assert pages == {"admin/a.md": "28.0", "admin/b.md": "28.0", "admin/own.md": "27.0"}
    assert other == {"admin/other.md": "28.0"}


def test_the_audit_compares_them_and_tells_patterns_without_pages(repo, capsys):
    more = SETTINGS.replace('"!admin', '"gone/", "!admin') + 'network.vpn = "1"\n'
    commit(repo, {"pyproject.toml": more})
    ms(repo, "audit", "--json")
    told = json.loads(capsys.readouterr().out)
    [disagree] = [one["message"] for one in told if one["kind"] == "disagree"]
    assert disagree == "27.0: docs/admin/own.md; 28.0: docs/admin/a.md, docs/admin/b.md"
    unconfirmed = [one["where"] for one in told if one["kind"] == "unconfirmed"]
    assert "docs/admin/a.md" in unconfirmed
    assert "docs/index.md" not in unconfirmed
    assert [(one["where"], one["message"]) for one in told if one["kind"] == "page"] == [
        ("pyproject.toml:7", "no page of guide matches gone/, to which facts are bound")
    ]
