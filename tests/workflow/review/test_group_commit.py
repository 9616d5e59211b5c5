"""Group commit: many decide at once, each as if alone, and main moves few times."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import pytest

from gitrepo import commit, git, refs
from manualsmith.cli.group import run
from manualsmith.errors import UserError
from manualsmith.git.repository import Identity
from manualsmith.git.worktree import one_at_a_time
from manualsmith.text import speaking
from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.review import group_commit
from manualsmith.workflow.review.decide import Asked
from manualsmith.workflow.review.group_commit import GroupCommit, _Waiting
from manualsmith.workflow.workspace.open_workspace import open_workspace
from rooms import many
from serving import until

ID = "ENV-2026-0001-{}"


@pytest.fixture
def repo(tmp_path):
    return many(tmp_path, 6)


def decided(repo, *asked):
    """Have each of *asked*, a name and a verdict, decided at once; return the answers.

    The first is held up until all the others wait for it.
    """
    group, workspace = GroupCommit(), open_workspace(repo)

    def one(number):
        name, verdict, language = (*asked[number], "zh_TW")[:3]
        person = Identity(f"R-{number}", f"r{number}@example.org")
        acting = workspace.repository.acting(person)
        with speaking(language):
            try:
                return group.decide(
                    replace(workspace, repository=acting), [name], verdict
                ).outcomes[0]
            except UserError as error:
                return error

    with ThreadPoolExecutor(len(asked)) as pool:
        with one_at_a_time(workspace.repository):
            answers = [pool.submit(one, 0)]
            assert until(lambda: group._landing.locked() and not group._waiting)
            answers += [pool.submit(one, number) for number in range(1, len(asked))]
            assert until(lambda: len(group._waiting) == len(asked) - 1)
        return [answer.result() for answer in answers]


def accept(number, language="zh_TW"):
    return ID.format(number), Verdict("accepted", by=f"R-{number - 1}"), language


def moves(repo):
    return len(git(repo, "reflog", "show", "main").splitlines())


def test_each_has_a_commit_of_their_own_and_main_moves_twice(repo):
    before = moves(repo)
    reject = ID.format(6), Verdict("rejected", "不對", "R-5")
    answers = decided(repo, *(accept(number) for number in range(1, 6)), reject)
    assert [one.status for one in answers] == ["accepted"] * 5 + ["rejected"]
    assert moves(repo) == before + 2
    signed = git(repo, "log", "--first-parent", "-6", "--format=%an|%ae|%cn", "main").split()
    assert sorted(signed) == [f"R-{n}|r{n}@example.org|R-{n}" for n in range(6)]
    assert not [name for name in refs(repo) if "suggest/" in name]
    assert run(["-C", str(repo), "verify", "--all"]) == 0
    assert git(repo, "status", "--porcelain") == ""


def test_the_one_that_conflicts_is_told_in_their_own_language(repo):
    commit(repo, {"manuals/operation/p3.md": "# 別的\n\n沒有那一節。\n"})
    before = moves(repo)
    answers = decided(
        repo, *(accept(number, "en" if number == 3 else "zh_TW") for number in range(1, 6))
    )
    assert [one.status for one in answers] == ["accepted", "accepted", "refused", *["accepted"] * 2]
    assert moves(repo) == before + 2
    assert "section" in str(answers[2].problems[0])
    assert [name for name in refs(repo) if name.endswith("-3")]


def test_two_who_decide_the_same_in_one_group_make_one_decision(repo):
    answers = decided(repo, accept(1), accept(2), (ID.format(2), Verdict("rejected", "不", "R-9")))
    assert [one.status for one in answers] == ["accepted", "accepted", "refused"]
    assert "R-1" in str(answers[2].problems[0])
    said = git(repo, "log", "--first-parent", "--format=%H", "main", "--", "suggestions")
    assert len(said.split()) == 2


def test_an_unknown_one_and_files_in_the_way_are_told_to_whom_they_concern(repo):
    page = repo / "manuals/operation/p3.md"
    page.write_text("我的\n", "utf-8")
    nobody = "ENV-2026-0009-1", Verdict("accepted", by="R-2")
    answers = decided(repo, accept(1), accept(2), nobody, accept(3), accept(4))
    assert [isinstance(one, UserError) for one in answers] == [False, False, True, True, False]
    assert "ENV-2026-0009-1" in str(answers[2])
    assert "p3.md" in str(answers[3])
    assert page.read_text("utf-8") == "我的\n"
    assert [name for name in refs(repo) if name.endswith("-3")]
    assert not [name for name in refs(repo) if name.endswith(("-2", "-4"))]


def test_a_reason_that_cannot_be_keeps_nobody_else(repo):
    unfit = ID.format(2), Verdict("rejected", "x" * 20_000, "R-1")
    answers = decided(repo, accept(1), unfit, accept(3))
    assert [isinstance(one, UserError) for one in answers] == [False, True, False]


@pytest.mark.parametrize(("size", "ago", "waits"), [(5, 0, True), (4, 0, False), (5, 2, False)])
def test_the_first_after_a_group_waits_for_those_who_were_in_it(
    repo, monkeypatch, size, ago, waits
):
    group, workspace = GroupCommit(), open_workspace(repo)
    group._last = size, time.monotonic() - ago
    slept = []

    def another_comes(seconds):
        slept.append(seconds)
        group._waiting.append(_Waiting(Asked([ID.format(2)], Verdict("accepted", by="R-2"))))

    clock = SimpleNamespace(sleep=another_comes, monotonic=time.monotonic)
    monkeypatch.setattr(group_commit, "time", clock)
    before = moves(repo)
    report = group.decide(workspace, [ID.format(1)], Verdict("accepted", by="R-1"))
    assert [one.id for one in report.outcomes] == [ID.format(1)]
    assert bool(slept) == waits
    assert all(seconds < 0.1 for seconds in slept)
    assert moves(repo) == before + 1
    closed = [name for name in refs(repo) if name.endswith(("-1", "-2"))]
    assert len(closed) == (0 if waits else 1)
