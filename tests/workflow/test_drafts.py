"""Incidents and walkthroughs become confirmations: nothing retyped, and nothing unlooked at."""

import pytest
from desks import PAGE, incident, make_desk, ms, request, said

from gitrepo import commit, git, show
from manualsmith.records.confirmation import parse_confirmation
from manualsmith.workflow.opening import open_workspace
from manualsmith.workflow.tracing import trace

ENTRY = "sync.md#卡住"


@pytest.fixture
def repo(tmp_path):
    return make_desk(tmp_path)


def drafted(repo, name, *more, kind="incident"):
    assert ms(repo, kind, "to-confirmation", name, *more) == 0
    [file] = (repo / "records/confirmations").glob("*.yaml")
    return parse_confirmation(file.read_bytes(), file.name)


def resolved(repo, capsys, *how):
    name = incident(repo, capsys, request(repo, capsys, "檔案一直卡住不動"))
    assert ms(repo, "incident", "resolve", name, *how) == 0
    return name


def test_no_entry_gives_a_new_one(repo, capsys):
    how = ("--cause", "網路逾時", "--step", "重新連線", "--step", "再同步一次")
    made = drafted(repo, resolved(repo, capsys, *how))
    [finding] = made.findings
    assert (finding.manual, finding.page, finding.edit.action) == (
        "troubleshooting",
        "sync.md",
        "add-entry",
    )
    assert finding.edit.entry.symptom == "檔案一直卡住不動"
    assert finding.edit.entry.resolution == ("重新連線", "再同步一次")
    assert made.draft


def test_an_entry_that_did_not_work_is_corrected(repo, capsys):
    made = drafted(repo, resolved(repo, capsys, "--entry", ENTRY, "--step", "改用網頁版"))
    [finding] = made.findings
    assert finding.edit.action == "replace-entry"
    assert finding.edit.section == ("卡住",)
    assert finding.edit.entry.resolution == ("改用網頁版",)


def test_an_entry_that_worked_is_confirmed_and_nothing_else(repo, capsys):
    made = drafted(repo, resolved(repo, capsys, "--entry", ENTRY))
    assert made.findings == ()
    [held] = made.confirmed
    assert (held.manual, held.page, held.section) == ("troubleshooting", "sync.md", ("卡住",))


def test_a_draft_makes_no_suggestion_before_somebody_has_looked(repo, capsys):
    name = resolved(repo, capsys, "--step", "重新連線")
    made = drafted(repo, name)
    path = f"records/confirmations/{made.id}.yaml"
    assert ms(repo, "suggest", str(repo / path)) == 1
    assert f"confirm finish {made.id}" in capsys.readouterr().err
    assert ms(repo, "suggest", "--all") == 0
    assert "suggest/" not in git(repo, "branch", "--list")
    file = repo / path
    file.write_text(file.read_text("utf-8").replace("重新連線", "拔掉網路線再插回去"), "utf-8")
    assert ms(repo, "confirm", "finish", made.id) == 0
    assert "拔掉網路線" in show(repo, f"main:{path}").decode()
    assert ms(repo, "confirm", "finish", made.id) == 1
    assert ms(repo, "suggest", "--all") == 0
    assert ms(repo, "review", "accept", f"{made.id}-1") == 0
    assert "拔掉網路線再插回去" in show(repo, "main:manuals/troubleshooting/sync.md").decode()


def test_the_whole_chain_is_traced_from_either_end(repo, capsys):
    asked = request(repo, capsys, "檔案一直卡住不動")
    name = incident(repo, capsys, asked)
    ms(repo, "incident", "resolve", name, "--step", "重新連線")
    made = drafted(repo, name)
    ms(repo, "confirm", "finish", made.id)
    ms(repo, "suggest", "--all")
    chain = [asked, name, made.id, f"{made.id}-1", "manuals/troubleshooting/sync.md"]
    workspace = open_workspace(repo)
    for end in (*chain, "troubleshooting/sync.md"):
        [node] = trace(workspace, end)
        found = []
        while node:
            found.append(node.name)
            node = node.after[0] if node.after else None
        assert found == chain
    assert ms(repo, "trace", "INC-2026-0099") == 1
    assert name in capsys.readouterr().err


def test_an_incident_leads_to_one_confirmation(repo, capsys):
    name = incident(repo, capsys)
    assert ms(repo, "incident", "to-confirmation", name) == 1
    assert "incident resolve" in capsys.readouterr().err
    ms(repo, "incident", "resolve", name, "--step", "重新連線")
    drafted(repo, name, "--page", "sync.md")
    assert ms(repo, "incident", "to-confirmation", name) == 1
    assert "led to" in capsys.readouterr().err


def walk(repo, capsys, *more):
    return said(capsys, repo, "walkthrough", "new", "--page", "operation/sign-in.md", *more)[
        "record"
    ]


def test_a_walkthrough_takes_the_steps_as_they_are(repo, capsys):
    made = walk(repo, capsys)
    assert [step["text"] for step in made["steps"]] == [
        "打開用戶端 3.13。",
        "輸入帳號。",
        "按登入。",
    ]
    assert made["blob"] == git(repo, "rev-parse", f"main:{PAGE}").strip()
    assert made["product"] == "nextcloud"


def test_what_differed_becomes_findings_with_their_edits(repo, capsys):
    name = walk(repo, capsys)["id"]
    assert ms(repo, "walkthrough", "step", name, "1", "as-written") == 0
    assert ms(repo, "walkthrough", "step", name, "2", "differs") == 1
    assert "--seen" in capsys.readouterr().err
    more = ("--before", "按「使用瀏覽器登入」。")
    assert ms(repo, "walkthrough", "step", name, "2", "differs", "--seen", "輸入信箱。", *more) == 0
    assert ms(repo, "walkthrough", "to-confirmation", name) == 1
    assert ms(repo, "walkthrough", "step", name, "3", "failed", "--note", "沒有按鈕") == 0
    capsys.readouterr()
    made = drafted(repo, name, kind="walkthrough")
    assert "nobody said" in capsys.readouterr().err
    actions = [finding.edit.action for finding in made.findings]
    assert actions == ["insert-step", "replace-step"]
    ms(repo, "confirm", "finish", made.id)
    ms(repo, "suggest", "--all")
    for number in (1, 2):
        assert ms(repo, "review", "accept", f"{made.id}-{number}") == 0
    text = show(repo, f"main:{PAGE}").decode()
    assert "2. 按「使用瀏覽器登入」。\n3. 輸入信箱。\n4. 按登入。" in text


def test_a_walkthrough_that_held_confirms_the_section(repo, capsys):
    name = walk(repo, capsys)["id"]
    for number in "123":
        ms(repo, "walkthrough", "step", name, number, "as-written")
    made = drafted(repo, name, kind="walkthrough")
    assert made.findings == ()
    assert made.confirmed[0].section[-1] == "第一次登入"


def test_a_walkthrough_in_the_terminal(repo, monkeypatch, capsys):
    answers = iter(["y", "d", "輸入信箱。", "", "n", "沒有按鈕"])
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))
    arguments = ("walkthrough", "new", "--page", "operation/sign-in.md", "--interactive")
    assert ms(repo, *arguments) == 0
    [file] = (repo / "records/walkthroughs").glob("*.yaml")
    shown = said(capsys, repo, "walkthrough", "show", file.stem)
    assert [step["result"] for step in shown["steps"]] == ["as-written", "differs", "failed"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--page", "none.md"), "no page none.md"),
        (("--page", "operation/sign-in.md", "--section", "沒有"), "沒有"),
        (("--page", "troubleshooting/none.md"), "none.md"),
        (("--page", "operation/sign-in.md", "--request", "REQ-2026-0009"), "REQ-2026-0009"),
        (("--page", "operation/plain.md", "--product", "p"), "no numbered steps"),
        (("--page", "operation/bare.md"), "which product"),
    ],
)
def test_a_walkthrough_of_nothing_is_refused(repo, capsys, arguments, told):
    pages = {
        "manuals/operation/plain.md": "# 甲\n\n文字。\n",
        "manuals/operation/bare.md": "# 乙\n\n1. 一\n",
    }
    commit(repo, pages)
    assert ms(repo, "walkthrough", "new", *arguments) == 1
    assert told in capsys.readouterr().err
