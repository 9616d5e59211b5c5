"""``manualsmith webhooks`` on a real repository, told to a real server over TLS."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import time

import pytest

from desks import incident, make_desk, ms, request
from gitrepo import commit, git
from manuals import ENTRY, STEP, write
from manualsmith.cli.group import run
from manualsmith.workflow.webhooks import webhook_outbox
from manualsmith.workflow.workspace.open_workspace import open_workspace
from probed import drip, product
from reviewing import ENTRY_ID, STEP_ID, accept, reject, suggest
from serving import free_port, until

KEY = b"a key of thirty-two bytes, no less"
SECRET = "whsec_" + base64.b64encode(KEY).decode()


@pytest.fixture
def server(tmp_path):
    with product(tmp_path) as made:
        made.says("", "/hook")
        yield made


def settings(server, *more, url=None, general=""):
    """Return settings with one receiver, ``chat``."""
    lines = [
        "[tool.manualsmith.webhooks]",
        'private = ["localhost"]',
        f'cafile = "{server.cafile}"',
        general,
        "[tool.manualsmith.webhooks.chat]",
        f'url = "{url or server.url("/hook")}"',
        'secret = "CHAT_SECRET"',
        *more,
    ]
    return {"pyproject.toml": "\n".join(lines) + "\n"}


@pytest.fixture
def desk(server, tmp_path, monkeypatch):
    """Return a repository that has been looked at once: what comes from now on is told."""
    monkeypatch.setenv("CHAT_SECRET", SECRET)
    made = make_desk(tmp_path, settings(server))
    assert ms(made, "webhooks", "send") == 0
    return made


def send(repo, capsys, *options):
    capsys.readouterr()
    code = ms(repo, "webhooks", "send", "--json", *options)
    return code, json.loads(capsys.readouterr().out)["deliveries"]


def told(server):
    """Return the messages that came, each with a signature that is right."""
    return [checked(*one) for one in server.posted]


def checked(headers, body):
    name, at, signature = (headers[f"webhook-{one}"] for one in ("id", "timestamp", "signature"))
    signed = hmac.digest(KEY, f"{name}.{at}.".encode() + body, hashlib.sha256)
    assert signature == "v1," + base64.b64encode(signed).decode()
    assert abs(time.time() - int(at)) < 600
    message = json.loads(body)
    assert (message["id"], message["schema"]) == (name, "manualsmith/event/v1")
    return message


def explained(repo, capsys, *more):
    first = request(repo, capsys, "登入不了", *more)
    taken = incident(repo, capsys, first)
    assert ms(repo, "incident", "resolve", taken, "--cause", "憑證過期", "--step", "更新") == 0
    assert ms(repo, "incident", "explain", taken, "--note", "已告知要更新憑證") == 0
    return first, taken


def test_what_was_answered_is_told_once(desk, server, capsys):
    first, taken = explained(desk, capsys, "--source", "T-31", "--requester", "出納")
    code, made = send(desk, capsys)
    assert (code, [one["status"] for one in made]) == (0, ["sent", "sent"])
    resolved, answered = told(server)
    assert (resolved["kind"], resolved["ids"]["incident"]) == ("incident.resolved", taken)
    assert answered["kind"] == "request.explained"
    assert answered["ids"] == {"request": first, "incident": taken, "source": "T-31"}
    assert answered["titles"][first] == "登入不了"
    told_all = json.dumps([resolved, answered], ensure_ascii=False)
    for kept_in in ("S-0412", "出納", "憑證"):
        assert kept_in not in told_all
    assert send(desk, capsys) == (0, [])
    assert len(server.posted) == 2


def test_decisions_and_pages_are_told(desk, server, capsys):
    write(desk, findings=(STEP, ENTRY))
    suggest(desk)
    accept(desk, STEP_ID)
    reject(desk, ENTRY_ID)
    assert ms(desk, "review", "revert", STEP_ID, "--reason", "原本的才對") == 0
    assert send(desk, capsys)[0] == 0
    kinds = {one["kind"]: one for one in told(server)}
    assert {"suggestion.accepted", "suggestion.rejected", "suggestion.reverted"} <= set(kinds)
    accepted = kinds["suggestion.accepted"]
    assert accepted["ids"]["suggestion"] == STEP_ID
    assert accepted["ids"]["confirmations"] == ["ENV-2026-0001"]
    assert accepted["titles"] == {STEP_ID: "改用瀏覽器"}
    assert "texts" not in kinds["suggestion.rejected"]
    commit(desk, {"manuals/operation/new.md": "# 新的一頁\n"})
    assert send(desk, capsys)[0] == 0
    published = told(server)[-1]
    assert published["kind"] == "pages.published"
    assert published["ids"] == {"pages": ["manuals/operation/new.md"], "count": 1}
    assert published["titles"] == {"manuals/operation/new.md": "新的一頁"}


def test_a_merge_by_git_is_told_as_a_decision(desk, server, capsys):
    write(desk, findings=(STEP,))
    suggest(desk)
    git(desk, "stash", "-u", "-q")
    git(desk, "merge", "-q", "--no-ff", "-m", "Merge", f"suggest/O1.2.1/{STEP_ID}")
    assert send(desk, capsys)[0] == 0
    assert [one["kind"] for one in told(server)] == ["suggestion.accepted", "pages.published"]


def test_words_and_links_go_where_settings_say_so(desk, server, capsys):
    general = 'desk = "https://desk.example.org"'
    commit(desk, settings(server, "texts = true", general=general))
    first, _ = explained(desk, capsys)
    assert send(desk, capsys)[0] == 0
    resolved, answered = told(server)
    assert resolved["texts"] == {"cause": "憑證過期", "resolution": "更新"}
    assert answered["texts"] == {"explanation": "已告知要更新憑證"}
    assert answered["links"][first] == f"https://desk.example.org/records/{first}"


def test_only_the_events_that_are_wanted_are_told(desk, server, capsys):
    commit(desk, settings(server, 'events = ["request.explained"]'))
    explained(desk, capsys)
    assert send(desk, capsys)[0] == 0
    assert [one["kind"] for one in told(server)] == ["request.explained"]


def test_what_fails_is_tried_again_under_the_same_id(desk, server, capsys, monkeypatch):
    server.answers["/hook"] = lambda handler: handler.answer(b"", status=503)
    explained(desk, capsys)
    code, made = send(desk, capsys)
    assert (code, {one["status"] for one in made}) == (1, {"failed"})
    assert "503" in made[0]["reason"]
    code, made = send(desk, capsys)
    assert (code, {one["status"] for one in made}) == (1, {"waits"})
    first = [one["id"] for one in told(server)]
    assert len(first) == 2
    server.says("", "/hook")
    later = time.time() + webhook_outbox.PAUSES[0] + 1
    monkeypatch.setattr("manualsmith.workflow.webhooks.send_webhooks.time.time", lambda: later)
    assert send(desk, capsys)[0] == 0
    monkeypatch.undo()
    assert [one["webhook-id"] for one, _ in server.posted[2:]] == first


def test_what_fails_for_days_is_given_up_and_audited(desk, server, capsys, monkeypatch):
    server.answers["/hook"] = lambda handler: handler.answer(b"", status=500)
    explained(desk, capsys)
    at = [time.time()]
    with monkeypatch.context() as later:
        later.setattr("manualsmith.workflow.webhooks.send_webhooks.time.time", lambda: at[0])
        for pause in (*webhook_outbox.PAUSES, 0):
            assert send(desk, capsys)[0] == 1
            at[0] += pause + 1
        assert send(desk, capsys) == (0, [])
    tries = len(webhook_outbox.PAUSES) + 1
    assert len(server.posted) == 2 * tries
    capsys.readouterr()
    ms(desk, "audit", "--json")
    found = [one for one in json.loads(capsys.readouterr().out) if one["kind"] == "webhook"]
    assert len(found) == 2
    assert "500" in found[0]["message"]
    server.says("", "/hook")
    assert send(desk, capsys, "--again")[0] == 0
    ids = {headers["webhook-id"] for headers, _ in server.posted}
    assert len(ids) == 2
    capsys.readouterr()
    ms(desk, "audit", "--json")
    assert '"webhook"' not in capsys.readouterr().out


def test_one_that_is_gone_is_not_asked_again(desk, server, capsys):
    server.answers["/hook"] = lambda handler: handler.answer(b"", status=410)
    explained(desk, capsys)
    assert {one["status"] for one in send(desk, capsys)[1]} == {"given-up"}


def test_a_redirect_is_not_followed(desk, server, capsys):
    elsewhere = server.url("/elsewhere")
    server.answers["/hook"] = lambda handler: handler.answer(b"", status=307, location=elsewhere)
    server.says("", "/elsewhere")
    explained(desk, capsys)
    assert send(desk, capsys)[0] == 1
    assert all(one.endswith("/hook") for one in server.asked)


def test_one_that_does_not_answer_is_waited_for_once(desk, server, capsys):
    commit(desk, settings(server, general="seconds = 1"))
    server.answers["/hook"] = drip_without_end
    explained(desk, capsys)
    code, made = send(desk, capsys)
    assert (code, [one["status"] for one in made]) == (1, ["failed", "failed"])
    assert len(server.posted) == 1


def drip_without_end(handler):
    """Say nothing for longer than anybody waits."""
    time.sleep(5)
    drip(handler)


def test_a_dead_one_keeps_nothing_from_the_others(desk, server, capsys):
    dead = f"https://localhost:{free_port()}/hook"
    more = ["[tool.manualsmith.webhooks.dead]", f'url = "{dead}"', 'secret = "CHAT_SECRET"']
    commit(desk, settings(server, *more))
    explained(desk, capsys)
    code, made = send(desk, capsys)
    assert code == 1
    status = {one["webhook"]: one["status"] for one in made}
    assert status == {"chat": "sent", "dead": "failed"}


def test_a_private_address_is_refused_unless_it_is_named(desk, server, capsys):
    one = settings(server)["pyproject.toml"].replace('private = ["localhost"]', "")
    commit(desk, {"pyproject.toml": one})
    explained(desk, capsys)
    code, made = send(desk, capsys)
    assert code == 1
    assert "localhost" in made[0]["reason"]
    assert server.posted == []


@pytest.mark.parametrize("secret", ["", "plain", "whsec_short", "whsec_" + "A" * 8])
def test_without_a_secret_nothing_is_sent_and_nothing_lost(
    secret, desk, server, capsys, monkeypatch
):
    explained(desk, capsys)
    monkeypatch.setenv("CHAT_SECRET", secret)
    code, made = send(desk, capsys)
    assert (code, [one["status"] for one in made]) == (1, ["failed", "failed"])
    assert "CHAT_SECRET" in made[0]["reason"]
    assert not secret or secret not in made[0]["reason"]
    monkeypatch.setenv("CHAT_SECRET", SECRET)
    assert send(desk, capsys)[0] == 0
    assert len(told(server)) == 2


def test_a_dry_run_sends_and_notes_nothing(desk, server, capsys):
    explained(desk, capsys)
    for _ in range(2):
        code, made = send(desk, capsys, "--dry-run")
        assert (code, [one["status"] for one in made]) == (0, ["waits", "waits"])
    assert server.posted == []
    assert send(desk, capsys)[0] == 0
    assert len(told(server)) == 2


def test_a_crash_before_sending_loses_nothing_and_tells_nothing_twice(desk, server, capsys):
    explained(desk, capsys)
    workspace = open_workspace(desk)
    repository = workspace.repository
    box = webhook_outbox.collected(workspace, workspace, webhook_outbox.read_outbox(repository))
    webhook_outbox.write_outbox(repository, box)  # and the machine stops here
    assert send(desk, capsys)[0] == 0
    assert len({one["id"] for one in told(server)}) == len(server.posted) == 2


def test_two_at_once_send_once(desk, server, capsys):
    explained(desk, capsys)
    command = [sys.executable, "-m", "manualsmith", "-C", str(desk), "webhooks", "send"]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert len(server.posted) == 2


def test_without_settings_nothing_is_done(tmp_path, capsys):
    plain = make_desk(tmp_path)
    assert ms(plain, "webhooks", "send") == 0
    assert "[tool.manualsmith.webhooks]" in capsys.readouterr().out
    assert run(["-C", str(plain), "webhooks", "test", "chat"]) == 1


def test_a_ping_is_sent_and_its_answer_told(desk, server, capsys):
    assert ms(desk, "webhooks", "test", "chat") == 0
    [ping] = told(server)
    assert ping["kind"] == "ping"
    server.answers["/hook"] = lambda handler: handler.answer(b"", status=403)
    capsys.readouterr()
    assert ms(desk, "webhooks", "test", "chat") == 1
    assert "403" in capsys.readouterr().out
    assert ms(desk, "webhooks", "test", "chatt") == 1
    assert "chat" in capsys.readouterr().err


def test_the_desk_sends_beside_those_who_click(desk, server, capsys):
    command = [sys.executable, "-m", "manualsmith", "-C", str(desk), "desk", "--no-browser"]
    port = ["--port", str(free_port())]
    running = subprocess.Popen([*command, *port], stdout=subprocess.DEVNULL)
    try:
        explained(desk, capsys)
        assert until(lambda: len(server.posted) == 2)
    finally:
        running.terminate()
        running.wait()
    assert [one["kind"] for one in told(server)] == ["incident.resolved", "request.explained"]
    assert send(desk, capsys) == (0, [])
