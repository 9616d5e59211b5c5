"""A team's desk under load: several processes, decisions that land together, and SIGKILL."""

import http.client
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlencode

import pytest

from gitrepo import commit, git, refs, show
from manualsmith.cli.group import run
from manualsmith.desk.from_readers import ADDRESS, PER_MINUTE
from manualsmith.desk.presence import Presence
from manualsmith.workflow.service.reader_answers import count_answer, read_answers
from manualsmith.workflow.workspace.open_workspace import open_workspace
from rooms import many
from serving import until

SETTINGS = """[tool.manualsmith.desk]
hosts = ["desk.example.org"]
trusted = ["127.0.0.1"]
sites = ["https://manuals.example.org"]
roles = {staff = ["helpdesk"], reviewer = ["docs"], lead = ["leads"]}
"""
COUNT, PEOPLE, ROUNDS = 60, 12, 8
READER = {
    "Host": "desk.example.org",
    "Origin": "https://manuals.example.org",
    "Content-Type": "application/x-www-form-urlencoded",
}
GIT_LOCKS = ("*.lock", "refs/**/*.lock", "logs/**/*.lock")


def name(number):
    return f"ENV-2026-0001-{number}"


@pytest.fixture
def repo(tmp_path):
    made = many(tmp_path, COUNT)
    commit(made, {"pyproject.toml": SETTINGS})
    return made


class Member:
    """Somebody of the team, as the proxy names them."""

    def __init__(self, port, who, group="docs"):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=400)
        self.named = {"X-Forwarded-User": who, "X-Forwarded-Groups": group}

    @cached_property
    def csrf(self):
        return re.search('name="csrf" content="([^"]+)"', self.ask("GET", "/review")[1])[1]

    def ask(self, method, path, **fields):
        body = urlencode(fields) if method == "POST" else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        headers = {"Host": "desk.example.org", **self.named, **kind}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()

    def post(self, path, **fields):
        return self.ask("POST", path, csrf=self.csrf, **fields)


class Desk:
    """A team's desk that was started: its processes, and the members who have come."""

    def __init__(self, port, process, workers):
        self.port, self.process, self.workers = port, process, workers
        self.members = []

    def member(self, who, group="docs"):
        self.members.append(Member(self.port, who, group))
        return self.members[-1]

    def children(self) -> list[int]:
        """Return the ids of the processes that it has started, the writer's first."""
        command = ["ps", "-o", "pid=", "--ppid", str(self.process.pid)]
        found = []

        def all_there():
            listed = subprocess.run(command, capture_output=True, text=True, check=False)
            found[:] = sorted(map(int, listed.stdout.split()))
            return len(found) == (self.workers + 1 if self.workers else 0)

        assert until(all_there)
        return found

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def desk(repo, workers):
    command = [sys.executable, "-m", "manualsmith", "-C", str(repo), "--lang", "zh_TW", "desk"]
    command += ["--team", "--port", "0", "--workers", str(workers)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True
    )
    line = process.stdout.readline()
    made = Desk(int(line.strip().rpartition(":")[2]), process, workers)
    try:
        yield made
    finally:
        for one in made.members:
            one.connection.close()
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(60)
        process.stdout.close()


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_any_process_answers_and_what_one_did_all_show(repo, workers):
    with desk(repo, workers) as served:
        served.children()
        people = [served.member(f"R-{number}") for number in range(6)]
        for number, one in enumerate(people, 1):
            assert one.post(f"/review/{name(number)}/accept")[0] == 303
            for other in people:
                assert f"{name(number)}<" not in other.ask("GET", "/review")[1]
                assert f"R-{number - 1}" in other.ask("GET", f"/review/{name(number)}")[1]
        assert people[0].ask("POST", f"/review/{name(9)}/accept", csrf="x")[0] == 403
        assert people[0].post(f"/review/{name(1)}/accept")[0] == 409
        assert served.member("S-1", "helpdesk").post(f"/review/{name(9)}/accept")[0] == 403
        assert people[0].ask("POST", "/review/undo", csrf="x" * (2 << 20))[0] == 413
    authors = git(repo, "log", "--first-parent", "-6", "--format=%an|%ae", "main").split()
    assert sorted(authors) == [f"R-{n}|R-{n}@desk.example.org" for n in range(6)]
    assert run(["-C", str(repo), "verify", "--all"]) == 0


def test_what_is_typed_and_who_is_here_are_known_to_all_processes(repo):
    with desk(repo, 3) as served:
        form = "f" * 22
        sent = {"form-id": form, "form-key": "/requests", "form-title": "新的申請單"}
        people = [served.member("S-1", "helpdesk") for _ in range(6)]
        assert people[0].post("/typed", **sent, **{"form-page": "/"}, symptom="登入不了")[0] < 400
        for one in people:
            assert "新的申請單" in one.ask("GET", "/")[1]


def test_a_process_that_ends_is_started_again(repo):
    with desk(repo, 1) as served:
        writer, reader = served.children()
        assert served.member("R-1").post(f"/review/{name(1)}/accept")[0] == 303
        os.kill(writer, signal.SIGKILL)
        assert served.member("R-1").post(f"/review/{name(2)}/accept")[0] == 303
        os.kill(reader, signal.SIGKILL)
        assert served.member("R-1").post(f"/review/{name(3)}/accept")[0] == 303
        assert not {writer, reader} & set(served.children())
    assert run(["-C", str(repo), "verify", "--all"]) == 0


def test_where_the_first_process_is_killed_the_others_end(repo):
    with desk(repo, 2) as served:
        before = served.children()
        assert served.member("R-1").ask("GET", "/review")[0] == 200
        served.process.kill()
        served.process.wait()
        assert len(before) == 3
        assert until(lambda: not any(map(is_there, before)))


def is_there(pid) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_processes_of_one_desk_know_who_is_here(tmp_path):
    first, second = Presence(tmp_path), Presence(tmp_path)
    assert first.others("S-1", "REQ-2026-0001") == []
    assert [who for who, _ in second.others("S-2/甲", "REQ-2026-0001")] == ["S-1"]
    assert [who for who, _ in first.others("S-1", "REQ-2026-0001")] == ["S-2/甲"]
    assert first.others("S-1", "REQ-2026-0002") == []
    for file in (tmp_path / "manualsmith" / "presence").rglob("*"):
        os.utime(file, (time.time() - 3600,) * 2)
    assert second.others("S-2/甲", "REQ-2026-0001") == []


@pytest.mark.parametrize("workers", [0, 3])
def test_readers_answers_keep_one_pace_whichever_process_they_come_to(repo, workers):
    page = "manuals/operation/p1.md"
    today = datetime.now(UTC).astimezone().date()
    count_answer(repo / ".git", page, "yes", today - timedelta(days=1))
    sent = urlencode({"page": page, "answer": "no"})

    def send(_):
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=400)
        connection.request("POST", ADDRESS, sent, READER)
        with closing(connection), connection.getresponse() as answer:
            return answer.status

    with desk(repo, workers) as served, ThreadPoolExecutor(8) as pool:
        served.children()
        begun = time.monotonic()
        got = list(pool.map(send, range(3 * PER_MINUTE)))
        most = PER_MINUTE * (1 + (time.monotonic() - begun) / 60) + 1
    counted = got.count(204)
    assert set(got) <= {204, 429}
    assert PER_MINUTE <= counted <= most
    workspace = open_workspace(repo)
    found = read_answers(workspace, workspace.repository.common_dir)
    assert found.helped(today, today) == {page: (0, counted)}
    committed = git(repo, "log", "--format=%H", "main", "--", "records/answers").split()
    assert len(committed) == 1
    assert git(repo, "fsck", "--strict") == ""


def test_workers_are_for_a_team(repo, capsys):
    assert run(["-C", str(repo), "desk", "--workers", "2"]) == 2
    assert "--team" in capsys.readouterr().err
    assert run(["-C", str(repo), "desk", "--team", "--workers", "-1"]) == 2


def left_locks(repo: Path) -> list[Path]:
    """Return the locks of a git that was killed: whoever starts git next is told to delete them."""
    return [file for pattern in GIT_LOCKS for file in (repo / ".git").glob(pattern)]


def accepting(served, numbers, answered):
    """Have people accept, each their own, until the desk is gone; note what was answered."""

    def one(number):
        try:
            member = served.member(f"R-{number}")
            for at in numbers[number::PEOPLE]:
                status, _ = member.post(f"/review/{name(at)}/accept")
                answered.append((at, status))
        except (OSError, http.client.HTTPException):
            return  # the desk was killed

    threads = [threading.Thread(target=one, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.parametrize(("workers", "seed"), [(0, 1), (0, 2), (2, 3)])
def test_killed_at_any_moment_no_answered_decision_is_lost_and_none_is_half(repo, workers, seed):
    choose, answered = random.Random(seed), []
    for _ in range(ROUNDS):
        there = {ref.rpartition("-")[2] for ref in refs(repo) if "suggest/" in ref}
        open_ = sorted(map(int, there))
        if not open_:
            break
        with desk(repo, workers) as served:
            served.member("R-0").ask("GET", "/review")
            threads = accepting(served, open_, answered)
            wanted = len(answered) + choose.randint(0, PEOPLE)
            while len(answered) < wanted and any(thread.is_alive() for thread in threads):
                time.sleep(0.005)
            time.sleep(choose.uniform(0, 0.3))
            served.kill()
            for thread in threads:
                thread.join()
        for file in left_locks(repo):
            file.unlink()
        known = records(repo)
        assert {at for at, status in answered if status == 303} <= known
    with desk(repo, workers) as served:  # the next start finishes what is left
        member = served.member("R-0")
        for number in range(1, COUNT + 1):
            assert member.post(f"/review/{name(number)}/accept")[0] in (303, 409)
    assert records(repo) == set(range(1, COUNT + 1))
    assert not [ref for ref in refs(repo) if "suggest/" in ref]
    assert {status for _, status in answered} <= {303, 409}
    told = git(repo, "log", "--first-parent", "--format=%s", "main").splitlines()
    assert sum(line.startswith("接受") for line in told) == COUNT  # none twice
    assert git(repo, "status", "--porcelain") == ""
    assert run(["-C", str(repo), "verify", "--all"]) == 0


def records(repo) -> set[int]:
    """Return the numbers of the suggestions whose accepted record main has, with their page."""
    paths = git(repo, "ls-tree", "--name-only", "main", "suggestions/operation/").split()
    found = {int(path.rpartition("-")[2].removesuffix(".yaml")) for path in paths}
    for number in found:
        assert f"補充 {number}。" in show(repo, f"main:manuals/operation/p{number}.md").decode()
    return found
