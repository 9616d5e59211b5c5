"""Both of git's object formats: what records hold are the repository's own ids."""

import re

import pytest

from gitrepo import commit, git, make_repo, show
from manuals import ENTRY, FACT, PAGES, STEP, write
from manualsmith.cli.group import run
from manualsmith.records.blob_id import blob_id
from reviewing import (
    ENTRY_BRANCH,
    ENTRY_ID,
    PAGE,
    STEP_ID,
    accept,
    listed,
    page,
    record,
    refresh,
    reject,
    statuses,
    suggest,
)

FACT_ID = "ENV-2026-0001-operation-client.version"


@pytest.fixture(params=["sha1", "sha256"])
def repo(tmp_path, request):
    repo = make_repo(tmp_path, PAGES, object_format=request.param)
    write(repo, 1, findings=(STEP, ENTRY), facts=FACT)
    write(repo, 2, findings=(STEP,))
    return repo


def ids(text):
    """Return the hexadecimal runs of *text* that are as long as an object id, or longer."""
    return re.findall(r"[0-9a-f]{40,}", text)


def right(repo, *arguments):
    assert run(["-C", str(repo), *arguments]) == 0, arguments


def test_an_id_is_what_git_says(repo):
    kind = git(repo, "rev-parse", "--show-object-format")
    for data in ("", "hello\n", "頁面\r\n"):
        assert blob_id(data.encode(), kind) == git(repo, "hash-object", "--stdin", data=data)


def test_a_record_holds_ids_of_the_repository(repo):
    suggest(repo)
    text = show(repo, f"{ENTRY_BRANCH}:suggestions/troubleshooting/{ENTRY_ID}.yaml").decode()
    found = ids(text)
    assert len(found) == 4  # base, confirmation, the page before and after
    kinds = sorted(git(repo, "cat-file", "-t", oid) for oid in found)
    assert kinds == [*["blob"] * 3, "commit"]


def test_the_whole_way(repo):
    assert set(statuses(suggest(repo)).values()) == {"created", "joined"}
    assert set(statuses(suggest(repo)).values()) == {"unchanged"}
    right(repo, "verify", "--all")
    commit(repo, {PAGE: page(repo).replace("輸入帳號", "輸入電子郵件")})
    assert set(statuses(refresh(repo)).values()) == {"refreshed"}
    assert set(listed(repo)) >= {STEP_ID, ENTRY_ID, FACT_ID}
    accept(repo, STEP_ID, FACT_ID)
    reject(repo, ENTRY_ID)
    assert record(repo, STEP_ID).decision.state == "accepted"
    assert "按「允許存取」。" in page(repo)
    right(repo, "verify", "--all")
    right(repo, "verify", "--range", "main~2..main")
    right(repo, "review", "reopen", ENTRY_ID)
    right(repo, "review", "accept", ENTRY_ID)
    git(repo, "fsck", "--strict")
