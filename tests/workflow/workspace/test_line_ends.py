"""Line ends that git converts: a file that nobody touched is in nobody's way, an edit always is."""

import pytest

from gitrepo import commit, git, make_repo, show
from manuals import PAGES, STEP, write
from manualsmith.cli.group import run
from manualsmith.errors import UserError
from reviewing import PAGE, STEP_ID, accept, page, statuses, suggest, whole

CONFIRMATION = "records/confirmations/ENV-2026-0001.yaml"
TEXT = PAGES[PAGE]
ENDS = {
    "lf": TEXT,
    "crlf": TEXT.replace("\n", "\r\n"),
    "mixed": TEXT.replace("\n", "\r\n", 4),
}
SETTINGS = {
    "autocrlf": ({"core.autocrlf": "true"}, ""),
    "input": ({"core.autocrlf": "input"}, ""),
    "eol": ({"core.eol": "crlf"}, "*.md text\n"),
    "auto": ({"core.eol": "crlf"}, "* text=auto\n"),
    "text": ({}, "*.md text eol=crlf\n"),
    "lf": ({}, "*.md text eol=lf\n"),
    "ident": ({}, "*.md ident\n"),
    "none": ({}, ""),
}


def checked_out(tmp_path, blob, setting):
    """Return a repository with a page of those line ends, its files written under a setting."""
    config, attributes = SETTINGS[setting]
    repo = make_repo(tmp_path, {**PAGES, PAGE: ENDS[blob]})
    for name, value in config.items():
        git(repo, "config", name, value)
    if attributes:
        (repo / ".git" / "info").mkdir(exist_ok=True)
        (repo / ".git" / "info" / "attributes").write_text(attributes, "utf-8")
    for file in PAGES:
        (repo / file).unlink()
    git(repo, "checkout", "-q", "--", ".")
    assert show(repo, f"main:{PAGE}") == ENDS[blob].encode()
    write(repo)
    suggest(repo)
    return repo


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("blob", ENDS)
def test_a_file_that_nobody_touched_is_in_nobodys_way(tmp_path, blob, setting):
    repo = checked_out(tmp_path, blob, setting)
    assert statuses(accept(repo, STEP_ID)) == {STEP_ID: "accepted"}
    assert page(repo).replace("\r\n", "\n") == TEXT.replace("按登入", "按「允許存取」")
    assert page(repo).count("\r\n") == ENDS[blob].count("\r\n")
    written = (repo / PAGE).read_bytes()
    (repo / PAGE).unlink()
    git(repo, "checkout", "-q", "--", PAGE)
    assert (repo / PAGE).read_bytes() == written
    whole(repo)


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("blob", ENDS)
def test_an_edit_is_never_lost(tmp_path, blob, setting):
    repo = checked_out(tmp_path, blob, setting)
    edited = (repo / PAGE).read_bytes().replace("輸入帳號".encode(), "我改的".encode())
    (repo / PAGE).write_bytes(edited)
    with pytest.raises(UserError, match="not committed"):
        accept(repo, STEP_ID)
    assert (repo / PAGE).read_bytes() == edited
    git(repo, "checkout", "-q", "HEAD", "--", PAGE)
    accept(repo, STEP_ID)


def test_a_staged_edit_is_in_the_way(tmp_path):
    repo = checked_out(tmp_path, "crlf", "autocrlf")
    clean = (repo / PAGE).read_bytes()
    (repo / PAGE).write_bytes(clean + b"x\r\n")
    git(repo, "add", PAGE)
    (repo / PAGE).write_bytes(clean)
    with pytest.raises(UserError, match="not committed"):
        accept(repo, STEP_ID)


def test_a_record_that_was_checked_out_with_crlf_is_mains(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    file = write(repo)
    commit(repo, {})
    git(repo, "config", "core.autocrlf", "true")
    file.unlink()
    git(repo, "checkout", "-q", "--", CONFIRMATION)
    assert b"\r\n" in file.read_bytes()
    for files in ((), (file,)):
        suggest(repo, *files)
    assert git(repo, "diff", "--name-only", "main", f"suggest/O1.2.1/{STEP_ID}").split() == [
        PAGE,
        f"suggestions/operation/{STEP_ID}.yaml",
    ]


def test_a_record_that_has_crlf_on_main_keeps_it(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    file = write(repo)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    commit(repo, {})
    git(repo, "config", "core.autocrlf", "true")
    suggest(repo)
    assert b"\r\n" in show(repo, f"suggest/O1.2.1/{STEP_ID}:{CONFIRMATION}")


def test_a_draft_that_was_checked_out_with_crlf_is_handed_in_with_lf(tmp_path, capsys):
    repo = make_repo(tmp_path, PAGES)
    file = write(repo, findings=(STEP,))
    file.write_text(file.read_text("utf-8").replace("v1\n", "v1\ndraft: true\n", 1), "utf-8")
    commit(repo, {})
    git(repo, "config", "core.autocrlf", "true")
    file.unlink()
    git(repo, "checkout", "-q", "--", CONFIRMATION)
    assert run(["-C", str(repo), "confirm", "finish", "ENV-2026-0001"]) == 0, capsys.readouterr()
    assert b"\r\n" not in show(repo, f"main:{CONFIRMATION}")
    assert git(repo, "status", "--porcelain") == ""
