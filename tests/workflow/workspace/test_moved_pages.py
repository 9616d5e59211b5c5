"""A suggestion may move a page or remove it: its address lives on, and links to it follow."""

from pathlib import Path

import pytest

from gitrepo import commit, git, make_repo, show
from manuals import write
from manualsmith.git.blobs import BlobReader
from manualsmith.markdown.redirect_addresses import old_paths, with_old_paths
from manualsmith.markdown.translation import agreed, behind
from manualsmith.workflow.queue.branch import suggestion_refs
from manualsmith.workflow.queue.preview_suggestions import preview
from manualsmith.workflow.verify.verify_records import verify_branches, verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import accept, page, record, refresh, statuses, suggest

A = """---
title: 登入
redirect_from: [older.md]
---

# 登入

[首頁](../../docs/index.md) [乙](b.md#two) [本頁](a.md#here) ![圖](images/x.png)

## 這裡 {#here}

1. 打開用戶端。
2. 輸入帳號。
3. 按登入。
"""
B = "# 乙\n\n## 二 {#two}\n\n先[登入](a.md)，再看[這裡](a.md#here)。`[碼](a.md)`\n"
HOME = "# 首頁\n\n[登入](../manuals/operation/a.md)\n"
HOME_EN = agreed(HOME, "# Home\n\n[Sign in](../manuals/operation/a.md)\n")
PAGES = {
    "docs/index.md": HOME,
    "docs/index.en.md": HOME_EN,
    "manuals/operation/a.md": A,
    "manuals/operation/a.en.md": agreed(A, "# Sign in\n"),
    "manuals/operation/b.md": B,
    "manuals/operation/images/x.png": b"\x89PNG",
    "manuals/troubleshooting/c.md": "# 丙\n\n## 壞了\n\n見[登入](../operation/a.md#here)。\n",
}
FOLDER = "manuals/operation"


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, PAGES)


def finding(edit: str, number: int = 1, on: str = "a.md") -> str:
    return f"""- id: {number}
    summary: 換位置
    manual: operation
    page: {on}
    reason: 併到帳號一章
    edit: {edit}
"""


MOVE = finding("{action: move-page, to: account/sign-in.md}")
REMOVE = finding("{action: remove-page, replaced_by: b.md}")


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


def files(repo: Path, at: str = "main") -> set[str]:
    return set(git(repo, "ls-tree", "-r", "--name-only", at).split())


def test_a_page_moves_with_its_links_its_old_addresses_and_its_translation(repo):
    write(repo, findings=(MOVE,))
    before = git(repo, "rev-parse", "main").strip()
    assert statuses(suggest(repo)) == {"ENV-2026-0001-1": "created"}
    assert faults(repo) == []
    report = accept(repo, "ENV-2026-0001-1")
    assert statuses(report) == {"ENV-2026-0001-1": "accepted"}
    assert faults(repo, before) == []
    assert not {f"{FOLDER}/a.md", f"{FOLDER}/a.en.md"} & files(repo)
    moved = page(repo, path=f"{FOLDER}/account/sign-in.md")
    assert "[首頁](../../../docs/index.md) [乙](../b.md#two)" in moved
    assert "[本頁](sign-in.md#here) ![圖](../images/x.png)" in moved
    assert old_paths(moved, f"{FOLDER}/account/sign-in.md") == [
        f"{FOLDER}/older.md",
        f"{FOLDER}/a.md",
    ]
    other = page(repo, path=f"{FOLDER}/b.md")
    assert "[登入](account/sign-in.md)，再看[這裡](account/sign-in.md#here)。`[碼](a.md)`" in other
    home, english = page(repo, path="docs/index.md"), page(repo, path="docs/index.en.md")
    for text in (home, english):
        assert "(../manuals/operation/account/sign-in.md)" in text
    assert behind(home, english) is None
    assert behind(moved, page(repo, path=f"{FOLDER}/account/sign-in.en.md")) is None
    assert (repo / FOLDER / "account/sign-in.md").is_file()
    assert not (repo / FOLDER / "a.md").exists()
    assert git(repo, "status", "--porcelain", "-uno").strip() == ""


def test_a_removed_page_leaves_its_addresses_to_the_one_that_takes_its_place(repo):
    b = PAGES["manuals/operation/b.md"] + "\n## 這裡 {#here}\n"
    commit(repo, {f"{FOLDER}/b.md": b})
    write(repo, findings=(REMOVE,))
    before = git(repo, "rev-parse", "main").strip()
    suggest(repo)
    assert faults(repo) == []
    assert statuses(accept(repo, "ENV-2026-0001-1")) == {"ENV-2026-0001-1": "accepted"}
    assert faults(repo, before) == []
    assert not {f"{FOLDER}/a.md", f"{FOLDER}/a.en.md"} & files(repo)
    taker = page(repo, path=f"{FOLDER}/b.md")
    assert set(old_paths(taker, f"{FOLDER}/b.md")) == {
        f"{FOLDER}/{name}" for name in ("a.md", "older.md", "a.en.md")
    }
    assert "見[登入](../operation/b.md#here)。" in page(repo, path="manuals/troubleshooting/c.md")
    again = statuses(suggest(repo))
    assert again == {"ENV-2026-0001-1": "decided"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (REMOVE, "links to the heading here, which would go"),
        (finding("{action: move-page, to: b.md}"), "b.md is there already"),
        (finding("{action: move-page, to: ../../x.md}"), "not allowed as a page's path"),
        (finding("{action: move-page, to: .git/x.md}"), "not allowed as a page's path"),
        (finding("{action: remove-page, replaced_by: none.md}"), "no page none.md"),
        (finding("{action: remove-page, replaced_by: a.md}"), "take its own place"),
        (finding("{action: move-page, to: new.md}", on="none.md"), "no page none.md"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(repo, asked, said):
    write(repo, findings=(asked,))
    [outcome] = suggest(repo).outcomes
    assert outcome.status == "refused"
    assert any(said in str(problem) for problem in outcome.problems), outcome.problems
    assert all(problem.place.line for problem in outcome.problems)


def test_other_suggestions_of_the_page_follow_it(repo):
    step = finding("{action: replace-step, section: 這裡, step: 3, text: 按「授權」。}", 2)
    write(repo, findings=(MOVE, step))
    suggest(repo)
    accept(repo, "ENV-2026-0001-1")
    assert statuses(refresh(repo))["ENV-2026-0001-2"] == "refreshed"
    assert faults(repo) == []
    before = git(repo, "rev-parse", "main").strip()
    accept(repo, "ENV-2026-0001-2")
    assert "3. 按「授權」。" in page(repo, path=f"{FOLDER}/account/sign-in.md")
    kept = record(repo, "ENV-2026-0001-2").edits[0]
    assert (kept.asked, kept.page) == ("a.md", "account/sign-in.md")
    assert faults(repo, before) == []


def test_a_suggestion_does_not_follow_to_a_page_that_is_another_one(repo):
    commit(repo, {f"{FOLDER}/b.md": B + "\n## 這裡 {#here}\n\n3. 按登入。\n"})
    step = finding("{action: replace-step, section: 這裡, step: 3, text: 按「授權」。}", 2)
    write(repo, findings=(REMOVE, step))
    suggest(repo)
    accept(repo, "ENV-2026-0001-1")
    [outcome] = accept(repo, "ENV-2026-0001-2").outcomes
    assert outcome.status == "refused"
    assert f"{FOLDER}/b.md took its place" in (outcome.problems[0].hint or "")


def test_a_preview_shows_the_page_under_its_new_path(repo):
    write(repo, findings=(MOVE,))
    suggest(repo)
    pages = {one.path: one for one in preview(open_workspace(repo), ["ENV-2026-0001-1"]).pages}
    moved = pages[f"{FOLDER}/account/sign-in.md"]
    assert (moved.moved_from, moved.before) == (f"{FOLDER}/a.md", A)
    assert "manuals/troubleshooting/c.md" in pages


def test_a_branch_that_keeps_the_page_as_well_is_found_out(repo):
    write(repo, findings=(MOVE,))
    suggest(repo)
    branch = "suggest/O1.2.1/ENV-2026-0001-1"
    git(repo, "checkout", "-q", "-f", branch)
    (repo / FOLDER / "a.md").write_text(A)
    git(repo, "add", f"{FOLDER}/a.md")
    git(repo, "commit", "-q", "--amend", "--no-edit")
    git(repo, "checkout", "-q", "main")
    assert f"{FOLDER}/a.md is not changed, as its record says" in faults(repo)


@pytest.mark.parametrize(
    ("head", "listed"),
    [
        ("", ["x.md"]),
        ("---\ntitle: a\n---\n", ["x.md"]),
        ("---\nredirect_from: o.md\n---\n", ["o.md", "x.md"]),
        ("---\nredirect_from: [o.md, p.md]\n---\n", ["o.md", "p.md", "x.md"]),
        ("---\nredirect_from: []\n---\n", ["x.md"]),
        ("---\nredirect_from:\n  - o.md\n  - p.md\ntitle: a\n---\n", ["o.md", "p.md", "x.md"]),
        ("---\nredirect_from:\n- o.md\n---\n", ["o.md", "x.md"]),
        ("---\nredirect_from: [x.md]\n---\n", ["x.md"]),
    ],
)
def test_old_paths_are_added_in_the_style_that_is_there(head, listed):
    text = with_old_paths(f"{head}# t\n", "f/new.md", "f/new.md", ["f/x.md"])
    assert old_paths(text, "f/new.md") == [f"f/{name}" for name in listed]
    assert text.endswith("# t\n")
    moved = with_old_paths(text, "f/g/n.md", "f/new.md", [])
    assert old_paths(moved, "f/g/n.md") == [f"f/{name}" for name in listed]


def test_records_of_moved_pages_are_plain_yaml(repo):
    write(repo, findings=(MOVE,))
    suggest(repo)
    path = "suggestions/operation/ENV-2026-0001-1.yaml"
    text = show(repo, f"suggest/O1.2.1/ENV-2026-0001-1:{path}").decode()
    assert "path: manuals/operation/account/sign-in.md" in text


@pytest.mark.parametrize("to", ["b.md/x.md", "B.md"])
def test_no_page_goes_where_another_file_is_in_the_way(repo, to):
    write(repo, findings=(finding(f"{{action: move-page, to: {to}}}"),))
    [outcome] = suggest(repo).outcomes
    assert outcome.status == "refused"
    assert "b.md is there already" in str(outcome.problems[0])


def test_two_moves_of_one_page_are_two_suggestions(repo):
    write(repo, 1, findings=(finding("{action: move-page, to: one/a.md}"),))
    suggest(repo)
    write(repo, 2, findings=(finding("{action: move-page, to: two/a.md}"),))
    assert statuses(suggest(repo)) == {"ENV-2026-0001-1": "unchanged", "ENV-2026-0002-1": "created"}


def test_a_link_with_percent_signs_follows_too(repo):
    text = "# 丁\n\n[登入](%61.md)\n"
    commit(repo, {"manuals/operation/d.md": text})
    write(repo, findings=(finding("{action: move-page, to: account/a.md}"),))
    suggest(repo)
    accept(repo, "ENV-2026-0001-1")
    assert "account/a.md" in page(repo, path="manuals/operation/d.md")
