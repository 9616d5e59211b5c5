"""The address that readers of the site may send to: it counts, is bounded, and tells nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from desks import ms, said
from gitrepo import commit, git, show
from manualsmith.desk.access import ProxyDoor
from manualsmith.desk.from_readers import ADDRESS, Pace
from manualsmith.workflow.reports.audit import audit
from manualsmith.workflow.service import reader_answers
from manualsmith.workflow.service.reader_answers import commit_answers, count_answer, read_answers
from manualsmith.workflow.workspace.open_workspace import open_workspace
from rooms import TEAM, client, make_rooms, member

SITE = "https://manuals.example.org"
PAGE = "manuals/operation/sign-in.md"
HELPED = "was the page of help?"
TODAY = datetime.now(UTC).astimezone().date()


@pytest.fixture
def repo(tmp_path):
    made = make_rooms(tmp_path)
    commit(made, {"pyproject.toml": f'[tool.manualsmith.desk]\nsites = ["{SITE}"]\n'})
    return made


@pytest.fixture
def asks(repo):
    return client(repo, ProxyDoor(TEAM))


def send(asks, origin=SITE, **fields):
    return asks.post(ADDRESS, data=fields, headers={"Origin": origin} if origin else {})


def answers(repo):
    workspace = open_workspace(repo)
    return read_answers(workspace, workspace.repository.common_dir)


def kept(repo):
    file = repo / ".git" / "manualsmith" / "answers.json"
    return json.loads(file.read_bytes()) if file.exists() else None


def test_an_answer_is_counted_by_page_and_day_and_nothing_else_is_kept(repo, asks):
    for answer in ("yes", "no", "no"):
        got = send(asks, page=PAGE, answer=answer)
        assert (got.status_code, got.text) == (204, "")
        assert got.headers["access-control-allow-origin"] == SITE
        assert "set-cookie" not in got.headers
    assert send(asks, searched="ＷＩＦＩ 連不上").status_code == 204
    day = TODAY.isoformat()
    assert kept(repo) == {
        "pages": {PAGE: {day: {"yes": 1, "no": 2}}},
        "searched": {"wifi 連不上": {day: 1}},
    }


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"page": "manuals/operation/nowhere.md", "answer": "yes"}, 422),
        ({"page": "../../etc/passwd", "answer": "yes"}, 422),
        ({"page": PAGE, "answer": "maybe"}, 422),
        ({"page": PAGE}, 422),
        ({"page": [PAGE, PAGE], "answer": "yes"}, 422),
        ({"answer": "yes"}, 422),
        ({"searched": "請打 0912-345-678"}, 422),
        ({"searched": "長" * 81}, 422),
        ({"searched": "a\x00b"}, 422),
        ({"a": "1", "b": "2", "c": "3", "d": "4", "e": "5"}, 400),
        ({"searched": "x" * 3000}, 413),
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_is_kept(repo, asks, fields, status):
    assert send(asks, **fields).status_code == status
    assert kept(repo) is None


def test_only_the_site_itself_may_send_and_only_by_the_proxy(repo, asks):
    for origin in (
        None,
        "null",
        "https://manuals.example.org.evil.example",
        "http://manuals.example.org",
    ):
        got = send(asks, origin, page=PAGE, answer="yes")
        assert got.status_code == 403
        assert "access-control-allow-origin" not in got.headers
    right = {"Origin": SITE}
    assert asks.get(ADDRESS, headers=right).status_code == 405
    assert asks.post(ADDRESS, json={"page": PAGE}, headers=right).status_code == 415
    elsewhere = client(repo, ProxyDoor(TEAM), client=("10.9.9.9", 1))
    assert send(elsewhere, page=PAGE, answer="yes").status_code == 403
    secret = client(repo, ProxyDoor(TEAM, secret=b"s" * 32))
    assert send(secret, page=PAGE, answer="yes").status_code == 403
    other = asks.post(
        ADDRESS, data={"page": PAGE, "answer": "yes"}, headers={**right, "Host": "evil.example"}
    )
    assert other.status_code == 421
    assert kept(repo) is None


def test_without_a_site_in_the_settings_there_is_no_such_address(tmp_path):
    asks = client(make_rooms(tmp_path), ProxyDoor(TEAM))
    assert send(asks, page=PAGE, answer="yes").status_code in (401, 403)


def test_it_lets_nobody_in_anywhere_else(repo, asks):
    assert send(asks, page=PAGE, answer="yes").status_code == 204
    assert asks.get("/").status_code == 401
    assert (
        asks.post("/requests", data={"symptom": "x"}, headers={"Origin": SITE}).status_code == 403
    )


def test_more_than_a_pace_is_refused_until_time_has_passed(repo, asks):
    now = [0.0]
    pace = Pace(60, lambda: now[0])
    assert [pace.allows() for _ in range(61)] == [True] * 60 + [False]
    now[0] += 2
    assert [pace.allows() for _ in range(3)] == [True, True, False]
    now[0] += 3600
    assert sum(pace.allows() for _ in range(100)) == 60
    with ThreadPoolExecutor(8) as pool:
        got = [
            one.status_code
            for one in pool.map(lambda _: send(asks, page=PAGE, answer="no"), range(140))
        ]
    counted = got.count(204)
    assert set(got) == {204, 429}
    assert counted >= 120
    assert answers(repo).helped(TODAY, TODAY) == {PAGE: (0, counted)}


def test_a_day_holds_so_much(repo, monkeypatch):
    monkeypatch.setattr(reader_answers, "MOST_QUESTIONS", 3)
    monkeypatch.setattr(reader_answers, "MOST_ANSWERS", 2)
    git_dir = repo / ".git"
    said = [reader_answers.count_question(git_dir, f"字{n}", (), TODAY) for n in (1, 2, 3, 4, 1, 1)]
    assert said == [True, True, True, False, True, True]
    for _ in range(5):
        count_answer(git_dir, PAGE, "yes", TODAY)
    assert answers(repo).helped(TODAY, TODAY) == {PAGE: (2, 0)}
    assert answers(repo).not_found(TODAY, TODAY) == {"字1": 2, "字2": 1, "字3": 1}


def test_what_was_answered_before_today_is_committed_once_and_stays_the_same(repo, asks):
    before = TODAY - timedelta(days=1)
    for _ in range(3):
        count_answer(repo / ".git", PAGE, "no", before)
    buffered = kept(repo)
    assert send(asks, page=PAGE, answer="yes").status_code == 204
    path = f"records/answers/{before:%Y-%m}.yaml"
    tip = git(repo, "rev-parse", "main")
    text = show(repo, f"main:{path}").decode()
    day = before.isoformat()
    assert f'"{day}":\n      "yes": 0\n      "no": 3\n' in text
    assert send(asks, page=PAGE, answer="yes").status_code == 204
    assert git(repo, "rev-parse", "main") == tip  # once a day
    assert git(repo, "status", "--porcelain") == ""
    # killed after the commit, before the file let go of it: nothing is counted twice
    (repo / ".git/manualsmith/answers.json").write_text(json.dumps(buffered), "utf-8")
    workspace = open_workspace(repo)
    commit_answers(workspace, workspace.repository.common_dir, TODAY)
    assert answers(repo).helped(date.min, date.max) == {PAGE: (0, 3)}
    assert kept(repo) == {"pages": {}, "searched": {}}
    assert ms(repo, "verify", "--all") == 0


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"pages": {"x": {"yesterday": {}}}}', b'{"pages": 3}']
)
def test_a_damaged_file_is_none(repo, asks, damage):
    file = repo / ".git" / "manualsmith" / "answers.json"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(damage)
    commit(repo, {"records/answers/2026-01.yaml": damage.decode()})
    assert answers(repo).helped(date.min, date.max) == {}
    assert send(asks, page=PAGE, answer="yes").status_code == 204


def test_the_report_and_the_audit_tell_of_them(repo, capsys):
    for answer in ("yes", "no", "no", "no", "no"):
        count_answer(repo / ".git", PAGE, answer, TODAY)
    count_answer(repo / ".git", "manuals/troubleshooting/sync.md", "no", TODAY)
    reader_answers.count_question(repo / ".git", "wifi", (), TODAY)
    sheets = said(capsys, repo, "report")
    helped, searched = sheets[HELPED], sheets["looked for on the site, and not found"]
    assert list(helped[0].values()) == [PAGE, 1, 4]
    assert [list(row.values()) for row in searched] == [["wifi", 1]]
    assert not any(said(capsys, repo, "report", "--staff", "S-1")[HELPED])
    found = [one for one in audit(open_workspace(repo), TODAY, 180, 14) if one.kind == "unhelpful"]
    assert [one.where for one in found] == [PAGE]
    assert "4" in found[0].message
    later = audit(open_workspace(repo), TODAY + timedelta(days=91), 180, 14)
    assert not [one for one in later if one.kind == "unhelpful"]
    lead = member(repo, "lead")
    assert PAGE in lead.get("/audit").text
    assert "wifi" in lead.get("/report").text


def test_a_site_is_named_as_an_origin(repo, capsys):
    commit(repo, {"pyproject.toml": "[tool.manualsmith.desk]\nsites = 3\n"})
    assert ms(repo, "review", "list") == 1
    assert "sites" in capsys.readouterr().err
    assert replace(TEAM, sites=(SITE,)).sites == (SITE,)
