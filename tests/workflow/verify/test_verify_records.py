"""Verify: a branch that carries anything its record does not say fails, and says what."""

import pytest

from gitrepo import commit, git, make_repo, show
from manuals import ENTRY, FACT, PAGES, STEP, write
from manualsmith.cli.group import run
from manualsmith.git.blobs import BlobReader
from manualsmith.workflow.queue.branch import suggestion_refs
from manualsmith.workflow.verify.verify_records import verify_branches, verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import PAGE, STEP_BRANCH, STEP_ID, accept, page, reject, suggest

RECORD = f"suggestions/operation/{STEP_ID}.yaml"


@pytest.fixture
def repo(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    write(repo, findings=(STEP, ENTRY), facts=FACT)
    suggest(repo)
    return repo


def faults(repo):
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        infos = list(suggestion_refs(workspace).values())
        return {one.name: " ".join(one.faults) for one in verify_branches(workspace, reader, infos)}


def steps(repo, span):
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        return [" ".join(o.faults) for o in verify_range(workspace, reader, *span.split(".."))]


def amend(repo, files):
    """Put *files* into the suggestion's one commit."""
    git(repo, "switch", "-q", "-f", STEP_BRANCH)
    for path, text in files.items():
        (repo / path).parent.mkdir(parents=True, exist_ok=True)
        (repo / path).write_text(text, "utf-8")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "--amend", "--no-edit")
    git(repo, "switch", "-q", "main")


def test_what_the_tool_made_is_right(repo):
    assert set(faults(repo).values()) == {""}
    assert len(faults(repo)) == 4


def test_another_file(repo):
    amend(repo, {"mkdocs.yml": "site_name: x\n"})
    assert "mkdocs.yml is changed, which its record does not say" in faults(repo)[STEP_BRANCH]


def test_a_page_with_more_than_the_edit(repo):
    amend(repo, {PAGE: page(repo, STEP_BRANCH) + "\n多的。\n"})
    assert f"{PAGE} is not what its record's edit gives" in faults(repo)[STEP_BRANCH]


def test_a_record_that_was_made_to_fit(repo):
    text = show(repo, f"{STEP_BRANCH}:{RECORD}").decode()
    amend(repo, {RECORD: text.replace("允許存取", "轉帳")})
    found = faults(repo)[STEP_BRANCH]
    assert "does not ask for this edit" in found
    assert f"{PAGE} is not what its record's edit gives" in found


def test_another_confirmation(repo):
    path = "records/confirmations/ENV-2026-0001.yaml"
    amend(repo, {path: "# x\n" + show(repo, f"{STEP_BRANCH}:{path}").decode()})
    assert f"{path} is not as its record says" in faults(repo)[STEP_BRANCH]


def test_a_commit_that_main_does_not_have(repo):
    git(repo, "switch", "-q", "-c", "side")
    commit(repo, {"mkdocs.yml": "site_name: x\n"})
    git(repo, "rebase", "-q", "--onto", "side", "main", STEP_BRANCH)
    git(repo, "switch", "-q", "main")
    assert "rests on commits that main does not have" in faults(repo)[STEP_BRANCH]


def test_each_step_of_main_is_explained(repo):
    start = git(repo, "rev-parse", "main")
    accept(repo, STEP_ID)
    reject(repo, "ENV-2026-0001-2")
    accept(repo, "ENV-2026-0001-operation-client.version")
    commit(repo, {"README.md": "x"})
    assert steps(repo, f"{start}..main") == ["", "", "", ""]
    commit(repo, {PAGE: page(repo) + "\n自己改的。\n"})
    assert steps(repo, f"{start}..main")[-1].endswith("and no accepted suggestion says why")


def test_a_merge_that_brings_more(repo):
    start = git(repo, "rev-parse", "main")
    accept(repo, STEP_ID)
    (repo / PAGE).write_text(page(repo) + "\n多的。\n", "utf-8")
    git(repo, "commit", "-q", "-a", "--amend", "--no-edit")
    assert steps(repo, f"{start}..main") == [f"{PAGE} is not what {STEP_ID} gives"]


def test_the_command(repo, capsys):
    assert run(["-C", str(repo), "verify", "--all"]) == 0
    amend(repo, {"extra.txt": "x"})
    assert run(["-C", str(repo), "verify", STEP_BRANCH]) == 1
    assert "extra.txt" in capsys.readouterr().out
    assert run(["-C", str(repo), "verify"]) == 2
    assert run(["-C", str(repo), "verify", "--range", "main"]) == 2
