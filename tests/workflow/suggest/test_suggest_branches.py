"""What ``suggest`` makes: branches, commits, records; and what it leaves alone."""

import subprocess
import sys

import pytest

import forking
from gitrepo import commit, git, make_bare, make_repo, refs, show
from manuals import ENTRY, FACT, PAGES, STEP, confirmation, write
from manualsmith.cli.group import run as cli
from manualsmith.markdown.reading.page import Page
from manualsmith.records.blob_id import blob_id
from manualsmith.records.models.suggestion import parse_suggestion
from suggesting import ENTRY_BRANCH, STEP_BRANCH, run, statuses


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, PAGES)


def seen(folder):
    """What a person working there would notice: status, index, HEAD and every file."""
    files = {
        path: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }
    head = (folder / ".git").is_dir() and (folder / ".git" / "HEAD").read_bytes()
    return git(folder, "status", "--porcelain"), git(folder, "ls-files", "-s"), head, files


def test_a_branch_holds_the_page_the_record_and_the_confirmation(repo):
    file = write(repo, findings=(STEP, ENTRY))
    report = run(repo, file)
    assert statuses(report) == {"ENV-2026-0001-1": "created", "ENV-2026-0001-2": "created"}
    for branch, manual, page, record in (
        (STEP_BRANCH, "operation", "sign-in", "ENV-2026-0001-1"),
        (ENTRY_BRANCH, "troubleshooting", "sync", "ENV-2026-0001-2"),
    ):
        changed = git(repo, "diff", "--name-only", "main", branch).splitlines()
        record_path = f"suggestions/{manual}/{record}.yaml"
        assert changed == [
            f"manuals/{manual}/{page}.md",
            "records/confirmations/ENV-2026-0001.yaml",
            record_path,
        ]
        assert git(repo, "rev-parse", f"{branch}^") == git(repo, "rev-parse", "main")
        assert show(repo, f"{branch}:{changed[1]}") == file.read_bytes()
        kept = parse_suggestion(show(repo, f"{branch}:{record_path}"), record_path)
        assert kept.confirmation.blob == blob_id(file.read_bytes(), "sha1")
        assert kept.edits[0].result == git(repo, "rev-parse", f"{branch}:{changed[0]}")
        assert kept.base == git(repo, "rev-parse", "main")


def test_the_edit_is_minimal_and_the_record_tells_it(repo):
    run(repo, write(repo))
    page = PAGES["manuals/operation/sign-in.md"]
    assert show(repo, f"{STEP_BRANCH}:manuals/operation/sign-in.md").decode() == page.replace(
        "3. 按登入。", "3. 按「允許存取」。"
    )
    path = "suggestions/operation/ENV-2026-0001-1.yaml"
    change = parse_suggestion(show(repo, f"{STEP_BRANCH}:{path}"), path).edits[0].changes[0]
    assert (change.section, change.before, change.after) == (
        ("登入", "第一次登入"),
        "按登入。",
        "按「允許存取」。",
    )
    assert Page(page).source.line_text(change.line - 1) == "3. 按登入。"


def test_branches_of_one_confirmation_merge(repo):
    run(repo, write(repo, findings=(STEP, ENTRY), facts=FACT))
    (repo / "records/confirmations/ENV-2026-0001.yaml").unlink()
    for branch in git(repo, "branch", "--format=%(refname:short)", "--list", "suggest/*").split():
        git(repo, "merge", "-q", "--no-ff", "-m", "merge", branch)
    text = (repo / "manuals/operation/sign-in.md").read_text("utf-8")
    assert "按「允許存取」。" in text
    assert "用戶端 3.16。" in text


def test_the_message_is_for_people_and_its_trailers_for_machines(repo):
    run(repo, write(repo))
    message = git(repo, "log", "-1", "--format=%B", STEP_BRANCH)
    assert message.startswith("操作手冊：改用瀏覽器\n\n理由：畫面不同\n")
    assert "系統環境確認書 ENV-2026-0001" in message
    trailers = git(repo, "interpret-trailers", "--parse", data=message).splitlines()
    assert trailers[:4] == [
        "Suggestion: ENV-2026-0001-1",
        "Output: O1.2.1",
        "Indicator: P1.2.1",
        "Confirmation: ENV-2026-0001",
    ]
    author = git(repo, "log", "-1", "--format=%an <%ae>", STEP_BRANCH)
    assert author == "Service desk <desk@example.invalid>"


def test_a_hostile_summary_makes_no_trailer(repo):
    bad = STEP.replace("改用瀏覽器", '"x\\n\\nOutput: O9"').replace("畫面不同", '"a\\nOutput: O9"')
    text = confirmation(findings=(bad,))
    report = run(repo, write(repo, text=text))
    if report.refused:  # a summary of two lines is refused before it gets here
        assert refs(repo).keys() == {"refs/heads/main"}
        return
    message = git(repo, "log", "-1", "--format=%B", STEP_BRANCH)
    assert "\nOutput: O9" not in message


@pytest.mark.parametrize("state", ["clean", "dirty", "detached"])
def test_the_working_tree_and_the_index_are_not_touched(repo, state):
    file = write(repo, findings=(STEP, ENTRY), facts=FACT)
    if state == "dirty":
        (repo / "manuals/operation/sign-in.md").write_text("mine\n", "utf-8")
        (repo / "new.txt").write_text("new", "utf-8")
        git(repo, "add", "new.txt")
        (repo / "new.txt").write_text("newer", "utf-8")
    if state == "detached":
        git(repo, "checkout", "-q", "--detach")
    before = seen(repo)
    report = run(repo, file)
    assert seen(repo) == before
    assert set(statuses(report).values()) == {"created"}
    # The suggestion rests on main, not on what somebody is writing.
    assert b"mine" not in show(repo, f"{STEP_BRANCH}:manuals/operation/sign-in.md")


def test_in_a_linked_worktree(repo, tmp_path):
    linked = tmp_path / "linked"
    git(repo, "worktree", "add", "-q", "-b", "work", str(linked))
    file = write(linked)
    before = seen(repo), seen(linked)
    run(linked)
    assert (seen(repo), seen(linked)) == before
    assert show(repo, f"{STEP_BRANCH}:records/confirmations/{file.name}") == file.read_bytes()


def test_in_a_bare_repository(repo):
    commit(repo, {"records/confirmations/ENV-2026-0001.yaml": confirmation()})
    bare = make_bare(repo)
    assert statuses(run(bare)) == {"ENV-2026-0001-1": "created"}
    assert statuses(run(bare)) == {"ENV-2026-0001-1": "unchanged"}
    changed = git(bare, "diff", "--name-only", "main", STEP_BRANCH).splitlines()
    assert "records/confirmations/ENV-2026-0001.yaml" not in changed


@pytest.mark.parametrize("how", ["only branch", "config", "pyproject"])
def test_a_main_of_another_name(tmp_path, how):
    pyproject = {"pyproject.toml": '[tool.manualsmith]\nmain = "trunk"\n'}
    repo = make_repo(tmp_path, {**PAGES, **(pyproject if how == "pyproject" else {})}, "trunk")
    if how != "only branch":
        git(repo, "branch", "main-of-others")
    if how == "config":
        git(repo, "config", "manualsmith.main", "trunk")
    report = run(repo, write(repo))
    assert report.main == "trunk"
    assert git(repo, "rev-parse", f"{STEP_BRANCH}^") == git(repo, "rev-parse", "trunk")
    assert statuses(run(repo)) == {"ENV-2026-0001-1": "unchanged"}


def test_a_dry_run_writes_nothing(repo):
    file = write(repo, findings=(STEP, ENTRY), facts=FACT)
    before = refs(repo), git(repo, "count-objects", "-v")
    report = run(repo, file, dry_run=True)
    assert set(statuses(report).values()) == {"created"}
    assert all(outcome.changed for outcome in report.outcomes)
    assert (refs(repo), git(repo, "count-objects", "-v")) == before
    assert set(statuses(run(repo, file)).values()) == {"created"}


def test_trees_and_messages_follow_from_the_input_alone(repo, tmp_path):
    clone = tmp_path / "clone"
    git(repo, "clone", "-q", ".", str(clone))
    git(clone, "config", "user.name", "Another")
    for folder in (repo, clone):
        run(folder, write(folder, findings=(STEP, ENTRY), facts=FACT))
    branches = [ref for ref in refs(repo) if ref.startswith("refs/heads/suggest/")]
    assert len(branches) == 4
    for ref in branches:
        for what in ("%T", "%B"):
            command = ("log", "-1", f"--format={what}", ref)
            assert git(repo, *command) == git(clone, *command)


def test_two_runs_at_once_make_each_branch_once(repo):
    for number in range(1, 21):
        write(repo, number, findings=(STEP.replace("允許存取", f"第 {number} 個按鈕"),))
    command = [sys.executable, "-m", "manualsmith", "-C", str(repo), "suggest", "--all"]
    started = [forking.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    outputs = [process.communicate()[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], outputs
    assert len(refs(repo)) == 21
    assert set(statuses(run(repo)).values()) == {"unchanged"}
    git(repo, "fsck", "--strict")


def test_a_notice_where_commits_would_be_signed(repo):
    git(repo, "config", "commit.gpgsign", "true")
    report = run(repo, write(repo))
    assert len(report.notices) == 1
    assert "not signed" in report.notices[0]


def test_chinese_page_names_and_folders(repo):
    commit(repo, {"manuals/operation/手機/照片 備份.md": "# 照片\n\n1. 甲\n2. 乙\n"})
    finding = STEP.replace("sign-in.md", "手機/照片 備份.md").replace("section: [第一次登入], ", "")
    run(repo, write(repo, findings=(finding.replace("step: 3", "step: 2"),)))
    text = show(repo, f"{STEP_BRANCH}:manuals/operation/手機/照片 備份.md").decode()
    assert text == "# 照片\n\n1. 甲\n2. 按「允許存取」。\n"


def test_what_held_as_written_is_evidence(repo):
    report = run(
        repo, write(repo, findings=(), confirmed="- {page: sign-in.md, section: 第一次登入}")
    )
    assert [outcome.status for outcome in report.outcomes] == ["evidence"]
    assert not report.refused


@pytest.mark.parametrize(
    ("held", "column", "told"),
    [
        ("- {page: sign-im.md}", 12, "has no page sign-im.md"),
        ("- {page: sign-in.md, section: 首次}", 33, "no section 首次"),
    ],
)
def test_what_held_must_be_there(repo, held, column, told):
    report = run(repo, write(repo, findings=(), confirmed=held))
    [outcome] = report.outcomes
    [problem] = outcome.problems
    assert outcome.status == "refused"
    assert told in problem.message
    assert (problem.place.line, problem.place.column) == (10, column)


def test_a_confirmation_that_is_not_committed_yet_is_named_by_its_id(repo):
    write(repo)
    assert cli(["-C", str(repo), "suggest", "ENV-2026-0001"]) == 0
    assert f"refs/heads/{STEP_BRANCH}" in refs(repo)
