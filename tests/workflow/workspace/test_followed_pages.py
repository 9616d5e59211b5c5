"""A page that was renamed by hand: its open suggestions follow, or say where it may be."""

from pathlib import Path

import pytest

from gitrepo import commit, git, make_repo
from manuals import FACT, write
from manuals import PAGES as BOUND
from manualsmith.git.blobs import BlobReader
from manualsmith.markdown.redirect_addresses import old_paths
from manualsmith.workflow.queue.branch import suggestion_refs
from manualsmith.workflow.verify.verify_records import verify_branches, verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import accept, listed, page, record, refresh, reject, statuses, suggest

FOLDER = "manuals/operation"
LINES = [f"第 {number} 段說明帳號的第 {number} 種用法。" for number in range(1, 13)]
UPPER, LOWER = LINES[:6], LINES[6:]
STEPS = ["## 這裡", "", "1. 打開用戶端。", "2. 輸入帳號。", "3. 按登入。", ""]


def text(title: str, *parts: list[str]) -> str:
    body = [line for part in parts for line in [*part, ""]]
    return "\n".join([f"# {title}", "", *body])


A = text("登入", UPPER, STEPS, LOWER)
PAGES = {
    f"{FOLDER}/a.md": A,
    f"{FOLDER}/other.md": "# 其他\n\n沒有別的。\n",
    "manuals/troubleshooting/c.md": "# 丙\n\n## 壞了\n\n等一下。\n",
}


def finding(number: int, edit: str) -> str:
    return f"""- id: {number}
    summary: 第 {number} 項
    manual: operation
    page: a.md
    reason: 畫面不同
    edit: {edit}
"""


STEP = finding(1, "{action: replace-step, section: 這裡, step: 3, text: 按「授權」。}")
WORD = finding(2, f"{{action: replace-text, quote: {LINES[0]}, text: 開頭。}}")
ROOM = finding(3, "{action: append-to-section, section: 這裡, text: 就好了。}")
MOVE = finding(4, "{action: move-page, to: new.md}")
S1, S2, S3, S4 = (f"ENV-2026-0001-{number}" for number in range(1, 5))


@pytest.fixture
def repo(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    write(repo, findings=(STEP, WORD, ROOM))
    assert set(statuses(suggest(repo)).values()) == {"created"}
    for file in (repo / "records").rglob("*.yaml"):
        file.unlink()
    return repo


def rename(repo: Path, old: str, new: str) -> None:
    (repo / new).parent.mkdir(parents=True, exist_ok=True)
    git(repo, "mv", old, new)
    commit(repo, {})


def to_b(repo: Path) -> None:
    rename(repo, f"{FOLDER}/a.md", f"{FOLDER}/b.md")


def faults(repo: Path, since: str | None = None) -> list[str]:
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        if since:
            found = list(verify_range(workspace, reader, since, workspace.main.tip))
        else:
            refs = list(suggestion_refs(workspace).values())
            found = list(verify_branches(workspace, reader, refs))
        assert found
        return [fault for one in found for fault in one.faults]


def places(repo: Path, name: str, at: str = "main") -> tuple[str, str | None]:
    [edit] = record(repo, name, at).edits
    return edit.page, edit.asked


def branch(name: str) -> str:
    return f"suggest/O1.2.1/{name}"


def outcome(report, name: str):
    [found] = [one for one in report.outcomes if one.id == name]
    return found


def hint(report, name: str) -> str:
    found = outcome(report, name)
    assert found.status == "refused"
    return found.problems[0].hint or ""


def standing(repo: Path, name: str = S1) -> str:
    return listed(repo)[name].standing.kind


def test_they_follow_and_offer_a_redirect(repo):
    rename(repo, f"{FOLDER}/a.md", f"{FOLDER}/account/b.md")
    assert {one.standing.kind for one in listed(repo).values()} == {"moved"}
    report = refresh(repo)
    assert set(statuses(report).values()) == {"refreshed"}
    [note] = outcome(report, S1).notes
    assert note.endswith(": redirect_from: [../a.md]")
    assert places(repo, S1, branch(S1)) == ("account/b.md", "a.md")
    assert faults(repo) == []
    assert {one.standing.kind for one in listed(repo).values()} == {"applies"}
    before = git(repo, "rev-parse", "main")
    assert set(statuses(accept(repo, S1, S2, S3)).values()) == {"accepted"}
    now = page(repo, path=f"{FOLDER}/account/b.md")
    assert "3. 按「授權」。" in now
    assert "開頭。" in now
    assert places(repo, S1) == ("account/b.md", "a.md")
    assert faults(repo, before) == []


def test_the_redirect_as_it_is_offered_leads_there(repo):
    new = f"{FOLDER}/account/b.md"
    rename(repo, f"{FOLDER}/a.md", new)
    [note] = outcome(refresh(repo, S1), S1).notes
    commit(repo, {new: f"---\n{note[note.index('redirect_from') :]}\n---\n{A}"})
    assert old_paths(page(repo, path=new), new) == [f"{FOLDER}/a.md"]
    assert outcome(refresh(repo, S1), S1).notes == ()
    assert faults(repo) == []


def test_they_are_accepted_together_without_a_refresh(repo):
    to_b(repo)
    before = git(repo, "rev-parse", "main")
    report = accept(repo, S1, S2, S3)
    assert set(statuses(report).values()) == {"accepted"}
    assert all("redirect_from: [a.md]" in one.notes[0] for one in report.outcomes)
    assert faults(repo, before) == []
    assert places(repo, S3) == ("b.md", "a.md")


def test_a_page_is_followed_from_name_to_name_and_however_it_was_edited_since(repo):
    to_b(repo)
    commit(repo, {f"{FOLDER}/b.md": A.replace(LINES[9], "改了。").replace(LINES[8], "也改了。")})
    rename(repo, f"{FOLDER}/b.md", f"{FOLDER}/c.md")
    assert outcome(refresh(repo, S1), S1).status == "refreshed"
    assert places(repo, S1, branch(S1)) == ("c.md", "a.md")
    rename(repo, f"{FOLDER}/c.md", f"{FOLDER}/d.md")
    assert standing(repo) == "moved"
    before = git(repo, "rev-parse", "main")
    assert statuses(accept(repo, S1))[S1] == "accepted"
    assert statuses(refresh(repo, S2, S3)) == {S2: "refreshed", S3: "refreshed"}
    assert faults(repo, before) == []
    assert faults(repo) == []


def test_back_to_its_first_name(repo):
    to_b(repo)
    refresh(repo, S1)
    rename(repo, f"{FOLDER}/b.md", f"{FOLDER}/a.md")
    before = git(repo, "rev-parse", "main")
    assert statuses(accept(repo, S1)) == {S1: "accepted"}
    assert places(repo, S1) == ("a.md", None)
    assert faults(repo, before) == []
    assert statuses(refresh(repo, S2)) == {S2: "refreshed"}
    assert places(repo, S2, branch(S2)) == ("a.md", None)
    assert faults(repo) == []


def test_a_rename_that_a_merge_brings(repo):
    git(repo, "switch", "-q", "-c", "side")
    to_b(repo)
    git(repo, "switch", "-q", "main")
    commit(repo, {"notes.md": "x"})
    git(repo, "merge", "-q", "--no-edit", "side")
    assert set(statuses(refresh(repo)).values()) == {"refreshed"}
    assert faults(repo) == []


def test_git_merges_one_whose_page_was_renamed(repo):
    to_b(repo)
    before = git(repo, "rev-parse", "main")
    git(repo, "merge", "-q", "--no-ff", "--no-edit", branch(S1))
    assert faults(repo, before) == []
    assert statuses(refresh(repo)) == {S2: "refreshed", S3: "refreshed"}
    assert places(repo, S1) == ("b.md", "a.md")
    assert faults(repo, before) == []


def test_a_page_that_is_new_at_the_same_path_is_the_page(repo):
    to_b(repo)
    assert statuses(refresh(repo, S2)) == {S2: "refreshed"}
    commit(repo, {f"{FOLDER}/a.md": text("登入", STEPS)})
    report = refresh(repo)
    assert outcome(report, S1).status == "refreshed"
    assert outcome(report, S1).notes == ()
    assert places(repo, S1, branch(S1)) == ("a.md", None)
    assert outcome(report, S2).status == "refused"  # its words are on the other page alone
    assert places(repo, S2, branch(S2)) == ("b.md", "a.md")
    assert faults(repo) == []


def test_a_page_that_moves_on_in_the_same_session(repo):
    to_b(repo)
    commit(repo, {"records/x": "x"})
    away = finding(1, "{action: move-page, to: deep/c.md}").replace("a.md", "b.md")
    write(repo, 2, findings=(away,))
    suggest(repo)
    before = git(repo, "rev-parse", "main")
    assert set(statuses(accept(repo, "ENV-2026-0002-1", S1, S2)).values()) == {"accepted"}
    assert places(repo, S1) == ("deep/c.md", "a.md")
    assert faults(repo, before) == []


def test_another_manual(repo):
    there = "manuals/troubleshooting/a.md"
    rename(repo, f"{FOLDER}/a.md", there)
    assert f"now probably in {there}" in hint(refresh(repo, S1), S1)
    assert standing(repo) == "conflict"
    assert f"now probably in {there}" in hint(accept(repo, S1), S1)


def split(repo: Path, **pages: str) -> None:
    """Take the page away for others, in one commit."""
    commit(repo, {f"{FOLDER}/a.md": None, **{f"{FOLDER}/{n}.md": p for n, p in pages.items()}})


def test_a_page_of_which_two_are_made_that_are_as_much_like_it(repo):
    split(repo, one=A, two=A)
    assert f"now probably in {FOLDER}/one.md, {FOLDER}/two.md:" in hint(refresh(repo), S1)


def test_a_page_that_is_split_follows_to_what_is_most_of_it(repo):
    split(repo, one=text("一", UPPER, STEPS, LOWER[:2]), two=text("二", LOWER[2:]))
    refresh(repo)
    assert places(repo, S1, branch(S1)) == ("one.md", "a.md")
    assert faults(repo) == []


def test_a_split_into_parts_of_which_none_is_the_page(repo):
    more = ["別的。"] * 20
    parts = {f"p{n}": text(f"第 {n} 頁", LINES[n * 3 : n * 3 + 3], more) for n in range(4)}
    split(repo, steps=text("步驟", more, STEPS), **parts)
    report = refresh(repo)
    assert f"now probably in {FOLDER}/steps.md:" in hint(report, S1)
    assert f"now probably in {FOLDER}/p0.md:" in hint(report, S2)
    assert faults(repo) == []


def test_a_part_that_has_the_words_no_more(repo):
    split(repo, b=A.replace(LINES[0], ""), c=text("後半", [LINES[0], "別的。"]))
    assert f"now probably in {FOLDER}/c.md:" in hint(refresh(repo), S2)
    assert places(repo, S1, branch(S1)) == ("b.md", "a.md")


def test_another_page_that_came_when_it_went(repo):
    lines = [line.replace("帳號", "檔案").replace("說明", "講") for line in LINES]
    split(repo, b=text("同步", lines[:6], STEPS, lines[6:]))
    assert "now probably in" in hint(refresh(repo, S1), S1)


def test_a_move_of_a_page_that_was_renamed(repo):
    write(repo, findings=(STEP, WORD, ROOM, MOVE))
    suggest(repo)
    to_b(repo)
    assert f"now probably in {FOLDER}/b.md:" in hint(accept(repo, S4), S4)


def test_a_clone_without_the_commit_that_it_was_made_on(repo, tmp_path):
    commit(repo, {"notes.md": "x"})
    refresh(repo, S1)
    to_b(repo)
    clone, source = tmp_path / "shallow", f"file://{repo}"
    git(tmp_path, "clone", "-q", "--depth=2", source, clone.name)
    git(clone, "fetch", "-q", "--depth=2", source, f"{branch(S1)}:{branch(S1)}")
    assert standing(clone) == "conflict"
    assert f"now probably in {FOLDER}/b.md:" in hint(refresh(clone, S1), S1)
    assert statuses(reject(clone, S1)) == {S1: "rejected"}


def test_the_list_looks_again_when_main_says_more(repo):
    commit(repo, {f"{FOLDER}/a.md": None})
    assert standing(repo) == "conflict"
    assert standing(repo) == "conflict"
    commit(repo, {f"{FOLDER}/b.md": f"---\nredirect_from: [a.md]\n---\n{A}"})
    assert standing(repo) == "moved"


def test_the_pages_of_a_fact(tmp_path):
    sign_in = f"{FOLDER}/sign-in.md"
    repo = make_repo(tmp_path, {**BOUND, f"{FOLDER}/more.md": BOUND[sign_in]})
    write(repo, facts=FACT, findings=())
    suggest(repo)
    rename(repo, sign_in, f"{FOLDER}/start.md")
    name = "ENV-2026-0001-operation-client.version"
    assert statuses(refresh(repo))[name] == "refreshed"
    edits = record(repo, name, branch(name)).edits
    assert [(e.page, e.asked) for e in edits] == [("more.md", None), ("start.md", "sign-in.md")]
    assert faults(repo) == []
    before = git(repo, "rev-parse", "main")
    assert statuses(accept(repo, name)) == {name: "accepted"}
    assert "3.16" in page(repo, path=f"{FOLDER}/start.md")
    assert faults(repo, before) == []
