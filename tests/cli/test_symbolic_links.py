"""Nothing is written through a symbolic link: what the repository holds may lead anywhere."""

import pytest

from gitrepo import commit, git, make_repo
from manuals import PAGES, STEP, write
from manualsmith.cli.group import run

REQUEST = ["request", "new", "--product", "nextcloud", "--symptom", "登入失敗"]
EDIT = "action: replace-text\nquote: 按登入\ntext: 點登入\n"


@pytest.fixture
def repo(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    git(repo, "config", "manualsmith.staff", "S-0001")
    return repo


def linked(repo, name, outside):
    """Put a link in the place of a folder or file, to one outside that holds the same."""
    place = repo / name
    if place.exists():
        place.rename(outside)
    else:
        outside.mkdir()
        place.parent.mkdir(exist_ok=True)
    place.symlink_to(outside)


def listing(folder):
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("folder", ["records", "records/confirmations", "records/requests"])
@pytest.mark.parametrize("is_committed", [True, False])
def test_a_folder_of_records(repo, tmp_path, capsys, folder, is_committed):
    linked(repo, folder, tmp_path / "outside")
    if is_committed:
        git(repo, "add", "-A")
        git(repo, "commit", "-q", "-m", "Link")
    before = git(repo, "rev-parse", "main")
    commands = [REQUEST] if folder != "records/confirmations" else []
    if folder != "records/requests":
        commands.append(["confirm", "new", "--product", "nextcloud", "--staff", "S-0001"])
    for command in commands:
        capsys.readouterr()
        assert run(["-C", str(repo), *command]) == 1
        assert "link" in capsys.readouterr().err
    assert listing(tmp_path / "outside") == {}
    assert git(repo, "rev-parse", "main") == before
    assert (repo / folder).is_symlink()
    assert git(repo, "status", "--porcelain") in ("", f"?? {folder.split('/')[0]}/", "?? records")


@pytest.mark.parametrize("place", ["manuals/operation", "manuals/operation/sign-in.md"])
def test_a_page_that_is_accepted_or_edited_in_place(repo, tmp_path, capsys, place):
    write(repo, findings=(STEP,))
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    outside = tmp_path / "outside"
    linked(repo, place, outside)
    before = listing(tmp_path / "outside") or outside.read_bytes()
    page, edit = repo / "manuals/operation/sign-in.md", tmp_path / "edit.yaml"
    edit.write_text(EDIT, "utf-8")
    main = git(repo, "rev-parse", "main")
    for command in (
        ["-C", str(repo), "review", "accept", "ENV-2026-0001-1"],
        ["apply", str(page), "--edit", str(edit), "--in-place"],
    ):
        assert run(command) == 1
    assert (listing(outside) or outside.read_bytes()) == before
    assert git(repo, "rev-parse", "main") == main
    assert (repo / place).is_symlink()


def test_a_link_to_the_repository_itself_is_none_of_them(repo, tmp_path):
    (tmp_path / "desk").symlink_to(repo)
    assert run(["-C", str(tmp_path / "desk"), *REQUEST]) == 0
    commit(repo, {"notes.md": "x\n"})
    assert git(repo, "status", "--porcelain") == ""
