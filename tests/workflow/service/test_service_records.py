"""Requests and incidents: what can be done when, who did it, and that nothing is lost."""

import itertools
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

import forking
from desks import incident, make_desk, ms, request, said
from gitrepo import commit, git, make_repo, show
from httpgit import git_server
from manuals import confirmation
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.records.models.incident import MOVES, Incident, Move, moved
from manualsmith.records.models.moments import instant
from manualsmith.records.models.request import Request
from manualsmith.records.record_files import dump_record, parse_record
from manualsmith.workflow.service.service_records import read_desk
from manualsmith.workflow.verify.verify_records import verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace


@pytest.fixture
def repo(tmp_path):
    return make_desk(tmp_path)


# A way to each state, by the moves after it was opened.
WAYS = {
    "open": (),
    "waiting": ("wait",),
    "escalated": ("escalate",),
    "resolved": ("resolve",),
    "explained": ("resolve", "explain"),
}
AT = "2026-11-20T09:00:00+08:00"
STAFF = ("manualsmith.staff", "S-0412")


def at_state(state):
    log = [Move(at=AT, by="S-1", move=move) for move in ("open", *WAYS[state])]
    return Incident(id="INC-2026-0001", product="p", due=AT, symptom="s", log=tuple(log))


@pytest.mark.parametrize(
    ("state", "move"),
    list(itertools.product(MOVES, sorted(set().union(*MOVES.values())))),
)
def test_each_state_allows_its_moves_and_no_others(state, move):
    before = at_state(state)
    assert before.state == state
    wanted = MOVES[state].get(move)
    if wanted:
        assert moved(before, Move(at=AT, by="S-1", move=move)).state == wanted
        return
    with pytest.raises(UserError) as caught:
        moved(before, Move(at=AT, by="S-1", move=move))
    hint = caught.value.problems[0].hint
    assert all(allowed in hint for allowed in MOVES[state])


def test_a_log_that_cannot_have_happened_is_refused_when_it_is_read():
    text = dump_record(at_state("resolved")).replace("move: resolve", "move: explain")
    with pytest.raises(UserError, match="explain"):
        parse_record(Incident, text.encode(), "f")


def test_from_request_to_explained(repo, capsys):
    first, second = request(repo, capsys), request(repo, capsys, "也登不進去", "--severity", "high")
    name = incident(repo, capsys, first)
    assert ms(repo, "incident", "join", name, second) == 0
    assert ms(repo, "incident", "log", name, "--note", "換瀏覽器也一樣") == 0
    assert ms(repo, "incident", "wait", name, "--note", "請傳畫面") == 0
    assert ms(repo, "incident", "answer", name, "--note", "傳來了") == 0
    assert ms(repo, "incident", "escalate", name, "--to", "architect", "--reason", "網路？") == 0
    listed = said(capsys, repo, "incident", "list", "--waiting-on", "architect")["incidents"]
    assert [one["id"] for one in listed] == [name]
    assert ms(repo, "incident", "resolve", name, "--step", "x") == 1
    assert "answer" in capsys.readouterr().err
    assert ms(repo, "incident", "answer", name, "--note", "改好了", "--staff", "架構規劃師") == 0
    assert ms(repo, "incident", "resolve", name, "--cause", "逾時", "--step", "重新登入") == 0
    assert ms(repo, "incident", "explain", name, "--note", "已說明") == 0
    shown = said(capsys, repo, "incident", "show", name)
    assert shown["requests"] == [first, second]
    assert shown["state"] == "explained"
    assert [move["by"] for move in shown["log"]] == ["S-0412"] * 6 + ["架構規劃師"] + ["S-0412"] * 2
    assert [move["move"] for move in shown["log"]][1] == "join"
    desk = read_desk(open_workspace(repo))
    assert {one.incident for one in desk.requests.values()} == {name}
    assert git(repo, "status", "--porcelain").strip() == ""


def test_due_dates_follow_the_severity_and_the_settings(repo, capsys):
    commit(repo, {"pyproject.toml": "[tool.manualsmith]\ndue_hours = {high = 2}\n"})
    late = "2026-01-05T09:00"
    name = request(repo, capsys, "慢", "--severity", "high")
    made = said(capsys, repo, "incident", "open", name, "--at", late)["record"]
    opened = datetime.fromisoformat(f"{late}+08:00")  # the organisation's zone
    assert instant(made["due"]) == opened + timedelta(hours=2)
    other = incident(repo, capsys)
    overdue = said(capsys, repo, "incident", "list", "--overdue")["incidents"]
    assert [one["id"] for one in overdue] == [made["id"]]
    assert other in [o["id"] for o in said(capsys, repo, "incident", "list", "--open")["incidents"]]


@pytest.mark.parametrize(
    "hours", ["4", "{grave = 4}", '{high = "4"}', "{high = 0}", "{high = true}"]
)
def test_settings_that_are_no_hours_are_told(repo, capsys, hours):
    commit(repo, {"pyproject.toml": f"[tool.manualsmith]\ndue_hours = {hours}\n"})
    assert ms(repo, "incident", "list") == 1
    assert "due_hours" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("incident", "log", "INC-2026-0009", "--note", "x"), "there is no record INC-2026-0009"),
        (("incident", "open", "REQ-2026-0009"), "there is no record REQ-2026-0009"),
        (("incident", "open", "../../etc"), "there is no record"),
        (("incident", "resolve", "{}", "--worked", "as-written"), "which entry"),
        (("incident", "resolve", "{}"), "what resolved it is missing"),
        (("incident", "resolve", "{}", "--entry", "none.md#x"), "no page none.md"),
        (("incident", "resolve", "{}", "--entry", "sync.md#nothing"), "nothing"),
        (("incident", "log", "{}", "--note", "x", "--at", "2020-01-01T00:00"), "--at"),
        (("incident", "log", "{}", "--note", "打 0912345678 給他"), "a phone number"),
        (("incident", "log", "{}", "--note", " "), "note"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(repo, capsys, arguments, told):
    name = incident(repo, capsys)
    before = git(repo, "rev-parse", "main")
    assert ms(repo, *(argument.format(name) for argument in arguments)) == 1
    assert told in capsys.readouterr().err
    assert git(repo, "rev-parse", "main") == before


def test_a_request_is_taken_up_once_and_closed_with_a_reason(repo, capsys):
    name = request(repo, capsys)
    made = incident(repo, capsys, name)
    assert ms(repo, "incident", "open", name) == 1
    assert made in capsys.readouterr().err
    assert ms(repo, "request", "close", name, "--reason", "x") == 1
    other = request(repo, capsys)
    assert ms(repo, "request", "close", other, "--reason", "自行解決") == 0
    assert ms(repo, "incident", "open", other) == 1
    assert "自行解決" in capsys.readouterr().err
    listed = said(capsys, repo, "request", "list", "--open")["requests"]
    assert listed == []


def test_personal_data_is_refused_or_masked(repo, capsys):
    detail = "身分證 A123456789，信箱 user@corp.com.tw，主機 192.168.1.20"
    assert ms(repo, "request", "new", "--symptom", "慢", "--product", "p", "--detail", detail) == 1
    err = capsys.readouterr().err
    assert "detail" in err
    assert "--mask" in err
    assert "A123456789" not in err
    name = request(repo, capsys, "慢", "--detail", detail, "--mask")
    text = show(repo, f"main:records/requests/{name}.yaml").decode()
    assert "［身分證號］" in text
    assert "［內部位址］" in text
    assert "A123456789" not in git(repo, "log", "-p", "--all")


ALLOWED = "寄到 desk@corp.com.tw，或 user@corp.com.tw"
MASKED = "寄到 desk@corp.com.tw，或 ［電子郵件］"
SETTINGS = '[tool.manualsmith]\nallow_personal = ["desk@corp.com.tw"]\n'


def test_masking_leaves_what_the_settings_allow(repo, capsys):
    commit(repo, {"pyproject.toml": SETTINGS})
    name = request(repo, capsys, "慢", "--detail", ALLOWED, "--mask")
    assert MASKED in show(repo, f"main:records/requests/{name}.yaml").decode()
    incident_id = incident(repo, capsys, name)
    assert ms(repo, "incident", "log", incident_id, "--note", ALLOWED, "--mask") == 0
    assert MASKED in show(repo, f"main:records/incidents/{incident_id}.yaml").decode()


def test_a_file_with_changes_of_its_own_is_not_lost(repo, capsys):
    name = incident(repo, capsys)
    file = repo / f"records/incidents/{name}.yaml"
    file.write_text(file.read_text("utf-8") + "# 手寫的\n", "utf-8")
    assert ms(repo, "incident", "log", name, "--note", "x") == 1
    assert "手寫的" in file.read_text("utf-8")
    git(repo, "commit", "-qam", "by hand")
    assert ms(repo, "incident", "log", name, "--note", "x") == 0


def test_a_record_that_cannot_be_read_is_told_and_the_others_stand(repo, capsys):
    name = incident(repo, capsys)
    commit(repo, {"records/incidents/INC-2026-0099.yaml": "schema: [\n"})
    assert ms(repo, "incident", "list") == 0
    told = capsys.readouterr()
    assert name in told.out
    assert "INC-2026-0099.yaml" in told.err
    assert ms(repo, "incident", "show", "INC-2026-0099") == 1
    assert "INC-2026-0099.yaml:" in capsys.readouterr().err


def test_a_record_under_another_name_is_told(repo):
    text = dump_record(at_state("open"))
    commit(repo, {"records/incidents/INC-2026-0007.yaml": text})
    desk = read_desk(open_workspace(repo))
    assert not desk.incidents
    assert "INC-2026-0001" in desk.problems[0].message


def test_eight_at_once_lose_nothing(repo, capsys):
    name = incident(repo, capsys)

    def log(number):
        command = [sys.executable, "-m", "manualsmith", "-C", str(repo), "incident", "log", name]
        command += ["--note", f"第 {number} 次"]
        done = forking.run(command, capture_output=True, encoding="utf-8")
        return done.returncode, done.stderr

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(log, range(16))) == {(0, "")}
    notes = {move.note for move in read_desk(open_workspace(repo)).incidents[name].log}
    assert {f"第 {number} 次" for number in range(16)} <= notes
    assert git(repo, "status", "--porcelain").strip() == ""


def test_records_may_be_another_repository(tmp_path, repo, capsys):
    private = make_repo(tmp_path, {"README.md": "# records\n"}, name="private")
    git(private, "config", "manualsmith.staff", "S-0412")
    commit(repo, {"pyproject.toml": '[tool.manualsmith]\nrecords = "../private"\n'})
    before = git(repo, "rev-parse", "main")
    name = incident(repo, capsys)
    assert ms(repo, "incident", "resolve", name, "--step", "重新登入") == 0
    assert ms(repo, "incident", "to-confirmation", name, "--page", "sync.md") == 0
    assert git(repo, "rev-parse", "main") == before
    assert (private / f"records/incidents/{name}.yaml").is_file()
    [draft] = (private / "records/confirmations").glob("*.yaml")
    assert ms(repo, "confirm", "finish", draft.stem) == 0
    assert ms(repo, "suggest", "--all", "--dry-run") == 0
    assert f"{draft.stem}-1" in capsys.readouterr().out
    assert ms(repo, "suggest", str(draft)) == 0
    assert ms(repo, "confirm", "check", "--all") == 0
    assert ms(repo, "confirm", "new") == 0
    assert len([*(private / "records/confirmations").glob("*.yaml")]) == 2
    assert not (repo / "records").exists()
    capsys.readouterr()
    assert ms(repo, "trace", name) == 0
    assert f"{draft.stem}-1" in capsys.readouterr().out
    assert ms(repo, "find", "登入不了") == 0
    assert name in capsys.readouterr().out
    commit(repo, {"pyproject.toml": '[tool.manualsmith]\nrecords = "../none"\n'})
    assert ms(repo, "incident", "list") == 1
    assert "records" in capsys.readouterr().err


def test_a_bare_repository_holds_records_too(tmp_path, repo, capsys):
    git(tmp_path, "clone", "-q", "--bare", str(repo), "bare.git")
    bare = tmp_path / "bare.git"
    git(bare, "remote", "remove", "origin")
    for key, value in (("user.name", "s"), ("user.email", "s@example.org"), STAFF):
        git(bare, "config", key, value)
    name = incident(bare, capsys)
    assert "open" in show(bare, f"main:records/incidents/{name}.yaml").decode()


def test_the_desks_commits_are_no_change_of_a_manual(repo, capsys):
    before = git(repo, "rev-parse", "main").strip()
    incident(repo, capsys)
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        found = list(verify_range(workspace, reader, before, workspace.main.tip))
    assert len(found) == 2
    assert not [fault for one in found for fault in one.faults]


def test_records_are_the_same_bytes_again():
    record = Request.model_validate(
        {"id": "REQ-2026-0001", "at": AT, "product": "p", "symptom": ["「引號」: # 與", "換行"][0]}
    )
    text = dump_record(record)
    assert dump_record(parse_record(Request, text.encode(), "f")) == text


def test_two_desks_that_worked_apart_are_brought_together(tmp_path, repo, capsys):
    name = incident(repo, capsys)
    with git_server(tmp_path, repo) as server:
        for desk in ("one", "two"):
            git(tmp_path, "clone", "-q", server.address, desk)
            git(tmp_path / desk, "config", *STAFF)
        one, two = tmp_path / "one", tmp_path / "two"
        first = request(one, capsys, "門市的電腦登入不了", "--staff", "S-1")
        second = request(two, capsys, "總公司的電腦登入不了", "--staff", "S-2")
        assert first != second
        assert ms(one, "sync") == 0
        assert ms(two, "sync") == 0
        assert ms(one, "sync") == 0
        for desk in (one, two):
            found = read_desk(open_workspace(desk))
            assert {first, second} <= set(found.requests)
            assert git(desk, "status", "--porcelain").strip() == ""
        assert git(one, "rev-parse", "main") == git(two, "rev-parse", "main")
        for desk in (one, two):
            assert ms(desk, "incident", "log", name, "--note", f"在 {desk.name}") == 0
        assert ms(one, "sync") == 0
        capsys.readouterr()
        ms(two, "sync")
        assert "different ways" in capsys.readouterr().err
        assert "在 two" in show(two, f"main:records/incidents/{name}.yaml").decode()


@pytest.mark.parametrize("named", ["private", "../inside"])
def test_records_never_go_to_a_repository_that_is_not_the_one_named(tmp_path, repo, capsys, named):
    (repo / "private").mkdir()
    (tmp_path / "inside").mkdir()
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, {"README.md": "# above\n"})
    commit(repo, {"pyproject.toml": f'[tool.manualsmith]\nrecords = "{named}"\n'})
    before = git(repo, "rev-parse", "main"), git(tmp_path, "rev-parse", "main")
    wanted = ("request", "new", "--symptom", "x", "--product", "p")
    assert ms(repo, *wanted) == 1
    assert "no repository of its own" in capsys.readouterr().err
    assert (git(repo, "rev-parse", "main"), git(tmp_path, "rev-parse", "main")) == before


def test_a_refusal_does_not_print_what_it_refuses(repo, capsys):
    detail = "第一行\n0912-345-678 請打"
    new = ("request", "new", "--symptom", "慢", "--product", "p", "--detail", detail)
    assert ms(repo, *new) == 1
    err = capsys.readouterr().err
    assert "detail: a phone number" in err
    assert "0912-345" not in err


def test_who_works_here_is_a_number_and_never_gits_author(repo, capsys):
    git(repo, "config", "--unset", "manualsmith.staff")
    assert ms(repo, "request", "new", "--symptom", "慢", "--product", "p") == 1
    assert "manualsmith.staff" in capsys.readouterr().err
    assert ms(repo, "request", "new", "--symptom", "慢", "--product", "p", "--staff", "S-1") == 0
    capsys.readouterr()
    assert ms(repo, "request", "new", "--help") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "without it, git's manualsmith.staff. One of the two is needed." in told


def test_a_record_with_a_control_character_is_told(repo, capsys):
    name = incident(repo, capsys)
    assert ms(repo, "incident", "log", name, "--note", "\x1b]0;x") == 1
    assert "U+001B" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["close", "join"])
def test_a_dry_run_writes_nothing(repo, capsys, command):
    name, other = incident(repo, capsys), request(repo, capsys)
    before = git(repo, "rev-parse", "main")
    asked = {
        "close": ("request", "close", other, "--reason", "自行解決"),
        "join": ("incident", "join", name, other),
    }
    assert ms(repo, *asked[command], "--dry-run") == 0
    assert git(repo, "rev-parse", "main") == before


@pytest.mark.parametrize("at", ["2099-01-01T10:00", "9999-12-31T23:59", "0001-01-01T00:00"])
def test_a_time_that_cannot_be_is_refused(repo, capsys, at):
    name = incident(repo, capsys)
    assert ms(repo, "incident", "log", name, "--note", "x", "--at", at) == 1
    assert ms(repo, "incident", "log", name, "--note", "x") == 0
    assert ms(repo, "incident", "open", request(repo, capsys), "--at", at) == 1
    early = ("--at", "2001-01-01T10:00")
    assert ms(repo, "request", "close", request(repo, capsys), "--reason", "x", *early) == 1


def test_what_cannot_be_read_is_told_wherever_it_is_left_out(repo, capsys):
    name = request(repo, capsys)
    commit(repo, {f"records/requests/{name}.yaml": "broken: [\n"})
    for command in (("request", "list"), ("report",)):
        capsys.readouterr()
        assert ms(repo, *command) == 0
        assert f"{name}.yaml:" in capsys.readouterr().err


def test_ids_of_private_records_are_not_those_of_the_manuals(tmp_path, repo, capsys):
    year = datetime.now().astimezone().year
    text = confirmation(findings=()).replace("ENV-2026-0001", f"ENV-{year}-0004")
    commit(repo, {f"records/confirmations/ENV-{year}-0004.yaml": text})
    private = make_repo(tmp_path, {"README.md": "# records\n"}, name="private")
    git(private, "config", *STAFF)
    git(repo, "config", "manualsmith.records", "../private")
    name = incident(repo, capsys)
    assert ms(repo, "incident", "resolve", name, "--step", "重新登入") == 0
    assert ms(repo, "incident", "to-confirmation", name, "--page", "sync.md") == 0
    [file] = (private / "records/confirmations").glob("*.yaml")
    assert file.stem == f"ENV-{year}-0005"
    assert ms(repo, "confirm", "finish", file.stem) == 0
    assert f"suggest {file.stem}" in capsys.readouterr().err
    assert ms(repo, "suggest", file.stem) == 0
    assert f"{file.stem}-1" in git(repo, "branch", "--list")


@pytest.mark.parametrize("mark", ["1. ", "2) ", "- ", "## ", "1、"])
def test_a_typed_number_is_no_part_of_a_step(repo, capsys, mark):
    name = incident(repo, capsys)
    assert ms(repo, "incident", "resolve", name, "--step", f"{mark}重新登入") == 0
    assert said(capsys, repo, "incident", "show", name)["resolution"] == ["重新登入"]


def test_a_number_that_belongs_to_a_step_stays(repo, capsys):
    name = incident(repo, capsys)
    assert ms(repo, "incident", "resolve", name, "--step", "3.16 版以上請升級") == 0
    assert said(capsys, repo, "incident", "show", name)["resolution"] == ["3.16 版以上請升級"]


def test_as_written_has_no_steps_of_its_own(repo, capsys):
    name = incident(repo, capsys)
    how = ("--entry", "sync.md#卡住", "--worked", "as-written", "--step", "其實要這樣")
    assert ms(repo, "incident", "resolve", name, *how) == 1


def test_a_new_entry_goes_to_a_page_that_is_there(repo, capsys):
    name = incident(repo, capsys)
    assert ms(repo, "incident", "resolve", name, "--step", "x") == 0
    assert ms(repo, "incident", "to-confirmation", name, "--page", "nosuch.md") == 1
    full = "manuals/troubleshooting/sync.md"
    assert ms(repo, "incident", "to-confirmation", name, "--page", full) == 0
    [file] = (repo / "records/confirmations").glob("*.yaml")
    assert "page: sync.md" in file.read_text("utf-8")


@pytest.mark.parametrize("name", ["E" * 300, "../../etc/passwd", "INC-2026-0001", "ENV-2026-0999"])
def test_only_a_confirmation_is_finished(repo, name):
    assert ms(repo, "confirm", "finish", name) == 1


def test_a_terminal_that_has_no_chinese_shows_codes(repo, capsys):
    request(repo, capsys)
    command = [sys.executable, "-m", "manualsmith", "-C", str(repo), "request", "list"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "MANUALSMITH_LANG": "en"}
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u767b" in done.stdout


def test_readers_are_told_in_words_of_their_own_until_it_is_over(repo, capsys):
    name = incident(repo, capsys)
    told = ("incident", "announce", name)
    assert ms(repo, *told) == 2
    assert ms(repo, *told, "--end") == 1
    assert ms(repo, *told, "--notice", "有事請打 0912-345-678") == 1
    before = git(repo, "rev-parse", "main")
    assert ms(repo, *told, "--notice", "目前無法登入", "--dry-run") == 0
    assert git(repo, "rev-parse", "main") == before
    assert ms(repo, *told, "--notice", "目前無法登入", "--at", "2026-01-05T09:00") == 1  # too early
    assert ms(repo, *told, "--notice", "目前無法登入") == 0
    assert ms(repo, *told, "--notice", "已恢復一部分") == 0
    desk = read_desk(open_workspace(repo))
    found = desk.incidents[name]
    assert (found.notice, found.announced) == ("已恢復一部分", found.log[1].at)
    assert ms(repo, *told, "--end") == 0
    assert read_desk(open_workspace(repo)).incidents[name].announced is None
    assert ms(repo, *told, "--notice", "又來了") == 0
    assert ms(repo, "incident", "resolve", name, "--step", "x") == 0
    assert read_desk(open_workspace(repo)).incidents[name].announced is None
    assert ms(repo, *told, "--notice", "晚了") == 1
    assert ms(repo, "incident", "reopen", name, "--reason", "又發生") == 0
    assert read_desk(open_workspace(repo)).incidents[name].notice is None
