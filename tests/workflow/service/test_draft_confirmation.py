"""Incidents and walkthroughs become confirmations: nothing retyped, and nothing unlooked at."""

import pytest

from desks import PAGE, incident, make_desk, ms, request, said
from gitrepo import commit, git, show
from manualsmith.records.models.confirmation import parse_confirmation
from manualsmith.workflow.reports.trace import trace
from manualsmith.workflow.workspace.open_workspace import open_workspace

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
    assert finding.edit.section == ("同步問題", "卡住")
    assert finding.edit.entry.resolution == ("改用網頁版",)


def test_an_entry_that_worked_is_confirmed_and_nothing_else(repo, capsys):
    made = drafted(repo, resolved(repo, capsys, "--entry", ENTRY))
    assert made.findings == ()
    [held] = made.confirmed
    assert (held.manual, held.page, held.section) == (
        "troubleshooting",
        "sync.md",
        ("同步問題", "卡住"),
    )


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


def draft(repo, capsys, *change):
    """Return a draft's id and file, its text changed as *change* says."""
    made = drafted(repo, resolved(repo, capsys, "--step", "重新連線"))
    file = repo / f"records/confirmations/{made.id}.yaml"
    if change:
        file.write_text(file.read_text("utf-8").replace(*change), "utf-8")
    return made.id, file


def test_what_cannot_be_finished_stays_a_draft_as_it_was(repo, capsys):
    name, file = draft(repo, capsys, "重新連線", "打 0912-345-678")
    before = file.read_bytes()
    assert ms(repo, "confirm", "finish", name) == 1
    assert "a phone number" in capsys.readouterr().err
    assert file.read_bytes() == before
    file.write_bytes(before.replace("打 0912-345-678".encode(), "重新連線".encode()))
    assert ms(repo, "confirm", "finish", name, "--dry-run") == 0
    assert b"draft: true" in file.read_bytes()
    assert ms(repo, "confirm", "finish", name) == 0
    assert "draft" not in file.read_text("utf-8")


@pytest.mark.parametrize("mark", ["draft: True", "draft:  yes", '"draft": true   # 我看過了'])
def test_a_mark_is_taken_off_however_it_is_written(repo, capsys, mark):
    name, file = draft(repo, capsys, "draft: true", mark)
    assert ms(repo, "confirm", "finish", name) == 0
    assert "draft" not in file.read_text("utf-8")


def test_the_file_of_another_branch_is_not_what_is_finished(repo, capsys):
    name, file = draft(repo, capsys)
    git(repo, "switch", "-qc", "other")
    commit(repo, {f"records/confirmations/{name}.yaml": file.read_text("utf-8") + "# 舊的\n"})
    assert ms(repo, "confirm", "finish", name) == 0
    text = show(repo, f"main:records/confirmations/{name}.yaml").decode()
    assert "draft" not in text
    assert "舊的" not in text


def test_an_incident_that_is_taken_up_again_may_lead_to_another_confirmation(repo, capsys):
    name = resolved(repo, capsys, "--entry", ENTRY)
    first = drafted(repo, name)
    assert ms(repo, "incident", "explain", name, "--note", "說明過了") == 0
    assert ms(repo, "incident", "reopen", name, "--reason", "又發生") == 0
    shown = said(capsys, repo, "incident", "show", name)
    assert not {"entry", "worked", "explained", "confirmation"} & set(shown)
    assert ms(repo, "incident", "resolve", name, "--entry", ENTRY, "--step", "改用網頁版") == 0
    assert ms(repo, "incident", "to-confirmation", name) == 0
    second = said(capsys, repo, "incident", "show", name)["confirmation"]
    assert second != first.id


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (("--entry", ENTRY, "--worked", "no-entry", "--step", "x"), "do not agree"),
        (("--worked", "corrected", "--step", "x"), "which entry, or which place"),
        (("--entry", ENTRY, "--place", "sign-in.md"), "one of the two"),
    ],
)
def test_what_contradicts_itself_is_refused(repo, capsys, how, told):
    name = incident(repo, capsys)
    assert ms(repo, "incident", "resolve", name, *how) == 1
    assert told in capsys.readouterr().err


def test_a_long_symptom_is_drafted_too(repo, capsys):
    name = incident(repo, capsys, request(repo, capsys, "很長的情形" * 58))
    assert ms(repo, "incident", "resolve", name, "--step", "x") == 0
    assert (
        drafted(repo, name, "--page", "sync.md").findings[0].edit.entry.symptom == "很長的情形" * 58
    )


def test_records_of_a_releases_manual_are_on_todays_main(repo, capsys):
    git(repo, "branch", "release/30")
    page = ("walkthrough", "new", "--page", "operation/sign-in.md")
    made = said(capsys, repo, "--release", "30", *page)["record"]
    assert made["release"] == "30"
    assert show(repo, f"main:records/walkthroughs/{made['id']}.yaml")
    for number in range(1, len(made["steps"]) + 1):
        step = ("walkthrough", "step", made["id"], str(number))
        assert ms(repo, *step, "differs", "--seen", f"第 {number} 步") == 0
    assert ms(repo, "walkthrough", "to-confirmation", made["id"]) == 0
    [file] = (repo / "records/confirmations").glob("*.yaml")
    assert ms(repo, "confirm", "finish", file.stem) == 0
    assert ms(repo, "--release", "30", "suggest", str(file)) == 0
    assert "suggest/O1.2.1@30/" in git(repo, "branch", "--list")


def test_a_step_of_another_tab_is_told_and_counts_for_nothing(tmp_path, capsys):
    tabs = "# 手機\n\n## 登入\n\n" + "\n\n".join(
        f'=== "{name}"\n\n    1. 打開 {name}。\n    2. 登入。' for name in ("Android", "iPhone")
    )
    repo = make_desk(tmp_path, {"manuals/operation/phone.md": f"---\nproduct: p\n---\n{tabs}\n"})
    made = said(capsys, repo, "walkthrough", "new", "--page", "operation/phone.md")["record"]
    assert [step["tab"] for step in made["steps"]] == ["Android", "Android", "iPhone", "iPhone"]
    results = ("not-applicable", "not-applicable", "as-written", "as-written")
    for number, result in enumerate(results, start=1):
        assert ms(repo, "walkthrough", "step", made["id"], str(number), result) == 0
    capsys.readouterr()
    assert ms(repo, "walkthrough", "list") == 0
    assert "4/4" in capsys.readouterr().out
    assert ms(repo, "walkthrough", "list", "--open") == 0
    assert "no walkthrough" in capsys.readouterr().out
    assert ms(repo, "walkthrough", "to-confirmation", made["id"]) == 0
    [file] = (repo / "records/confirmations").glob("*.yaml")
    assert "section: [手機, 登入]" in file.read_text("utf-8")


NESTED = """---
product: p
---
# 設定

## 語言

1. 選語言：

    1. 打開設定。
    2. 選中文。

2. 按「確定」：
    - 會重新登入
3. 完成。
"""


def test_what_a_step_holds_stays_when_its_words_change(tmp_path, capsys):
    repo = make_desk(tmp_path, {"manuals/operation/nested.md": NESTED})
    made = said(capsys, repo, "walkthrough", "new", "--page", "operation/nested.md")["record"]
    name = made["id"]
    assert ms(repo, "walkthrough", "step", name, "1", "differs", "--seen", "1. 選語系：") == 0
    assert ms(repo, "walkthrough", "step", name, "2", "differs", "--seen", "按「套用」：") == 0
    assert ms(repo, "walkthrough", "step", name, "3", "as-written") == 0
    assert ms(repo, "walkthrough", "to-confirmation", name) == 0
    [file] = (repo / "records/confirmations").glob("*.yaml")
    assert ms(repo, "confirm", "finish", file.stem) == 0
    assert ms(repo, "suggest", "--all") == 0
    assert ms(repo, "review", "accept", "--all") == 0
    page = show(repo, "main:manuals/operation/nested.md").decode()
    assert page == NESTED.replace("選語言：", "選語系：").replace("「確定」", "「套用」")
