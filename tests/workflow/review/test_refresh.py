"""Put on today's main: moved, superseded, in conflict, edited by people."""

import pytest

from gitrepo import commit, git, refs
from manualsmith.git.blobs import BlobReader
from manualsmith.workflow.queue.branch import suggestion_refs
from manualsmith.workflow.verify.verify_records import verify_branches
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import (
    ENTRY_ID,
    PAGE,
    STEP_BRANCH,
    STEP_ID,
    accept,
    branches,
    listed,
    page,
    record,
    refresh,
    statuses,
    suggest,
    whole,
    with_suggestions,
)


@pytest.fixture
def repo(tmp_path):
    repo = with_suggestions(tmp_path)
    commit(repo, {})
    return repo


def faults(repo):
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        refs_ = list(suggestion_refs(workspace).values())
        return {one.name: one.faults for one in verify_branches(workspace, reader, refs_)}


def test_nothing_moved(repo):
    refresh(repo)
    before = refs(repo)
    assert set(statuses(refresh(repo)).values()) == {"unchanged"}
    assert refs(repo) == before


def test_the_page_moved(repo):
    moved = page(repo).replace("1. 打開用戶端 3.13。", "1. 開機。\n2. 打開用戶端 3.13。")
    moved = moved.replace("2. 輸入帳號。", "3. 輸入帳號。").replace("3. 按登入。", "4. 按登入。")
    moved = moved.replace("第一次登入 {#first}", "登入 {#first}").replace(
        "# 登入\n", "# 登入\n\n序\n", 1
    )
    commit(repo, {PAGE: moved})
    when = git(repo, "log", "-1", "--format=%an %ad", STEP_BRANCH)
    assert listed(repo)[STEP_ID].standing.kind == "moved"
    assert statuses(refresh(repo)) == {STEP_ID: "refreshed", ENTRY_ID: "refreshed"}
    assert git(repo, "rev-parse", f"{STEP_BRANCH}^") == git(repo, "rev-parse", "main")
    assert git(repo, "log", "-1", "--format=%an %ad", STEP_BRANCH) == when
    assert page(repo, STEP_BRANCH) == moved.replace("按登入。", "按「允許存取」。")
    assert faults(repo) == {STEP_BRANCH: (), "suggest/O1.2.2/ENV-2026-0001-2": ()}
    assert listed(repo)[STEP_ID].standing.kind == "moved"
    assert statuses(suggest(repo)) == {STEP_ID: "unchanged", ENTRY_ID: "unchanged"}
    assert statuses(accept(repo, STEP_ID)) == {STEP_ID: "accepted"}
    assert page(repo) == moved.replace("按登入。", "按「允許存取」。")
    whole(repo)


def test_one_that_main_says_already_is_closed(repo):
    commit(repo, {PAGE: page(repo, STEP_BRANCH)})
    assert listed(repo)[STEP_ID].standing.kind == "already"
    assert statuses(refresh(repo)) == {STEP_ID: "superseded", ENTRY_ID: "refreshed"}
    assert record(repo, STEP_ID).decision.state == "superseded"
    assert branches(repo) == ["refs/heads/suggest/O1.2.2/ENV-2026-0001-2"]
    tip = git(repo, "rev-parse", "suggest/O1.2.2/ENV-2026-0001-2^")
    assert tip == git(repo, "rev-parse", "main")


def test_one_that_lost_its_place_stays(repo):
    commit(repo, {PAGE: page(repo).replace("3. 按登入。", "3. 什麼都不必做，會自己連上。")})
    before = refs(repo)[f"refs/heads/{STEP_BRANCH}"]
    report = refresh(repo)
    assert statuses(report) == {STEP_ID: "refused", ENTRY_ID: "refreshed"}
    assert refs(repo)[f"refs/heads/{STEP_BRANCH}"] == before
    assert report.refused


@pytest.mark.parametrize("how", ["on top", "amended"])
def test_what_people_committed_is_dropped_only_when_asked(repo, how):
    made = git(repo, "rev-parse", f"{STEP_BRANCH}^{{tree}}")
    git(repo, "switch", "-q", "-f", STEP_BRANCH)
    if how == "on top":
        commit(repo, {PAGE: "# 我改的\n", "extra.txt": "x"})
    else:
        (repo / PAGE).write_text("# 我改的\n", "utf-8")
        git(repo, "commit", "-q", "-a", "--amend", "--no-edit")
    git(repo, "switch", "-q", "main")
    before = refs(repo)[f"refs/heads/{STEP_BRANCH}"]
    assert listed(repo)[STEP_ID].standing.kind == "edited"
    assert statuses(refresh(repo))[STEP_ID] == "left-alone"
    assert statuses(suggest(repo))[STEP_ID] == "left-alone"
    assert refs(repo)[f"refs/heads/{STEP_BRANCH}"] == before
    assert faults(repo)[STEP_BRANCH]
    assert statuses(refresh(repo, STEP_ID, discard_edits=True)) == {STEP_ID: "refreshed"}
    assert faults(repo)[STEP_BRANCH] == ()
    assert git(repo, "rev-parse", f"{STEP_BRANCH}^{{tree}}") == made


def test_a_dry_run_says_the_same_and_does_nothing(repo):
    commit(repo, {PAGE: page(repo, STEP_BRANCH)})
    before = refs(repo)
    report = refresh(repo, dry_run=True)
    assert statuses(report) == {STEP_ID: "superseded", ENTRY_ID: "refreshed"}
    assert refs(repo) == before
