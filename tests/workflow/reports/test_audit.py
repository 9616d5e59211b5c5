"""Audit: each kind of thing to look after, and nothing where all is well."""

import json
from datetime import date

import pytest

from gitrepo import commit, make_bare, make_repo
from manuals import FACT, PAGES, STEP, confirmation, write
from manualsmith.cli.group import run
from manualsmith.workflow.reports.audit import audit
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import suggest

SIGN_IN = "manuals/operation/sign-in.md"
ENV = "records/confirmations/ENV-2026-0001.yaml"
HELD = FACT.replace("3.16", "3.13")


@pytest.fixture
def repo(tmp_path):
    pages = {path: text for path, text in PAGES.items() if "other" not in path}
    return make_repo(tmp_path, pages)


def found(repo, today=date(2026, 12, 1), days=90, waiting=400):
    remarks = audit(open_workspace(repo), today, days, waiting)
    return {(remark.kind, remark.where): remark.message for remark in remarks}


def test_pages_that_nobody_confirmed(repo):
    assert ("unconfirmed", SIGN_IN) in found(repo)
    commit(repo, {ENV: confirmation(facts=HELD, findings=())})
    assert found(repo) == {}
    late = found(repo, date(2027, 3, 1))
    assert late["unconfirmed", SIGN_IN] == "last confirmed 2026-11-20, 101 days ago"
    held = confirmation(2, findings=(), confirmed="- page: sign-in.md").replace("11-20", "12-31")
    commit(repo, {"records/confirmations/ENV-2026-0002.yaml": held})
    assert ("unconfirmed", SIGN_IN) not in found(repo, date(2027, 3, 1))


def test_pages_that_disagree(repo):
    commit(repo, {SIGN_IN: PAGES[SIGN_IN].replace('"3.13"', '"3.14"')})
    message = found(repo)["disagree", "nextcloud client.version"]
    assert message == f"3.13: manuals/troubleshooting/sync.md; 3.14: {SIGN_IN}"


def test_a_page_that_is_beside_its_manual_for_the_case_of_its_letters(repo):
    commit(repo, {ENV: confirmation(facts=HELD, findings=())})
    commit(repo, {"Manuals/operation/x.md": "# x\n", "manuals/Operation/y.md": "# y\n"})
    beside = [("page", "Manuals/operation/x.md"), ("page", "manuals/Operation/y.md")]
    assert list(found(repo)) == beside


def test_suggestions_that_wait_and_findings_that_were_lost(repo):
    file = write(repo, facts=HELD)
    commit(repo, {})
    assert ("lost", ENV) in found(repo)
    suggest(repo, file)
    assert found(repo) == {}
    waits = found(repo, date(2027, 1, 30), waiting=14)
    assert waits["waiting", "ENV-2026-0001-1"] == "open for 15 days: 改用瀏覽器"


def test_what_joined_is_not_lost(repo):
    write(repo, 1, facts=HELD)
    write(repo, 2)
    commit(repo, {})
    suggest(repo)
    assert found(repo) == {}


def test_records_that_do_not_validate(repo):
    bad = confirmation(facts=HELD, findings=(STEP,)).replace("staff:", "staf:")
    commit(repo, {ENV: bad, "suggestions/operation/x.yaml": "a: b\n"})
    kinds = found(repo)
    assert ("invalid", f"{ENV}:5:1") in kinds
    assert any(where.startswith("suggestions/operation/x.yaml") for _, where in kinds)


def test_the_command(repo, capsys):
    bare = make_bare(repo)
    assert run(["-C", str(bare), "audit"]) == 0
    assert "to look after: 2" in capsys.readouterr().out
    assert run(["-C", str(bare), "audit", "--strict", "--json"]) == 1
    assert {one["kind"] for one in json.loads(capsys.readouterr().out)} == {"unconfirmed"}
    commit(repo, {ENV: confirmation(facts=HELD, findings=())})
    assert run(["-C", str(repo), "audit", "--strict", "--today", "2026-12-01"]) == 0
    assert "all is well" in capsys.readouterr().out


def test_a_repository_without_a_manual(tmp_path):
    repo = make_repo(tmp_path, {"docs/index.md": "# 首頁\n", "manuals/operation/a.png": b"x"})
    assert "looked in manuals/operation" in found(repo)["page", "main"]
    commit(repo, {"manuals/operation/a.md": "# 甲\n"})
    assert ("page", "main") not in found(repo)
