import pytest

from gitrepo import commit, git, make_bare, make_repo
from manualsmith.errors import UserError
from manualsmith.git.repository import Identity, Repository, Signature

PAGE = {"manuals/operation/登入.md": "# 登入\n"}


def test_from_any_folder_or_file(tmp_path):
    repo = make_repo(tmp_path, PAGE, name="手冊 庫")
    for path in (repo, repo / "manuals/operation", repo / "manuals/operation/登入.md"):
        found = Repository.open(path)
        assert (found.worktree, found.git_dir, found.common_dir) == (repo, *[repo / ".git"] * 2)
        assert not found.is_bare


def test_inside_the_git_directory(tmp_path):
    repo = make_repo(tmp_path, PAGE)
    found = Repository.open(repo / ".git")
    assert (found.worktree, found.git_dir, found.is_bare) == (None, repo / ".git", False)


def test_linked_worktree(tmp_path):
    repo = make_repo(tmp_path, PAGE)
    git(repo, "worktree", "add", "-q", "-b", "other", "../linked")
    found = Repository.open(tmp_path / "linked/manuals")
    assert found.worktree == tmp_path / "linked"
    assert found.git_dir == repo / ".git/worktrees/linked"
    assert found.common_dir == repo / ".git"


def test_bare(tmp_path):
    bare = make_bare(make_repo(tmp_path, PAGE))
    found = Repository.open(bare)
    assert (found.worktree, found.git_dir, found.is_bare) == (None, bare, True)
    assert found.main_branch().name == "main"


def test_a_folder_whose_name_ends_in_a_line_break(tmp_path):
    repo = make_repo(tmp_path, PAGE, name="odd\n")
    assert Repository.open(repo).worktree == repo


def test_not_a_repository(tmp_path):
    with pytest.raises(UserError, match="is not in a git repository"):
        Repository.open(tmp_path)


def test_no_such_folder(tmp_path):
    with pytest.raises(UserError, match="no folder"):
        Repository.open(tmp_path / "none" / "none")


def test_somebody_else_s_repository(tmp_path, monkeypatch):
    repo = make_repo(tmp_path, PAGE)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(UserError, match="dubious ownership") as caught:
        Repository.open(repo)
    assert "safe.directory" in caught.value.problems[0].hint


def test_no_commit(tmp_path):
    repository = Repository.open(make_repo(tmp_path, {}))
    with pytest.raises(UserError, match="no commit yet"):
        repository.main_branch()


@pytest.mark.parametrize("name", ["main", "master", "trunk", "主線"])
def test_main_by_its_usual_name_or_as_the_only_branch(tmp_path, name):
    repo = make_repo(tmp_path, PAGE, branch=name)
    found = Repository.open(repo).main_branch()
    assert (found.name, found.ref) == (name, f"refs/heads/{name}")
    assert found.tip == git(repo, "rev-parse", "HEAD")


def test_main_from_the_setting_and_git_s_configuration_before_it(tmp_path):
    repo = make_repo(tmp_path, PAGE)
    git(repo, "branch", "trunk")
    git(repo, "branch", "live")
    repository = Repository.open(repo)
    assert repository.main_branch("trunk").name == "trunk"
    git(repo, "config", "manualsmith.main", "live")
    assert repository.main_branch("trunk").name == "live"


def test_main_with_a_detached_head(tmp_path):
    repo = make_repo(tmp_path, PAGE)
    first = git(repo, "rev-parse", "HEAD")
    second = commit(repo, {"b.md": "b"})
    git(repo, "switch", "-q", "--detach", first)
    assert Repository.open(repo).main_branch().tip == second


def test_main_of_a_bare_repository_is_its_head(tmp_path):
    repo = make_repo(tmp_path, PAGE, branch="trunk")
    git(repo, "branch", "other")
    assert Repository.open(make_bare(repo)).main_branch().name == "trunk"
    with pytest.raises(UserError, match="not clear") as caught:
        Repository.open(repo).main_branch()
    assert "other, trunk" in caught.value.problems[0].hint
    assert "git config manualsmith.main" in caught.value.problems[0].hint


def test_a_named_main_that_is_missing_is_not_replaced(tmp_path):
    repository = Repository.open(make_repo(tmp_path, PAGE))
    with pytest.raises(UserError, match="no branch trunk"):
        repository.main_branch("trunk")


def test_identity(tmp_path, monkeypatch):
    repository = Repository.open(make_repo(tmp_path, PAGE))
    assert repository.identity() == Identity("Service desk", "desk@example.invalid")
    monkeypatch.setenv("GIT_COMMITTER_NAME", "服務台")
    assert repository.signature("committer") == Signature(
        "服務台", "desk@example.invalid", 1800000000, "+0800"
    )


@pytest.mark.usefixtures("_nobody")
def test_no_author_configured(tmp_path):
    repository = Repository.open(make_repo(tmp_path, {}))
    with pytest.raises(UserError, match="does not know who you are") as caught:
        repository.identity()
    hint = caught.value.problems[0].hint
    assert "git config --global user.name" in hint
    assert "git config --global user.email" in hint


def test_config(tmp_path):
    repo = make_repo(tmp_path, PAGE)
    repository = Repository.open(repo)
    assert repository.config("manualsmith.none") is None
    git(repo, "config", "manualsmith.note", "兩行\n文字")
    assert repository.config("manualsmith.note") == "兩行\n文字"
    with pytest.raises(ValueError, match="not a configuration key"):
        repository.config("--global")


def test_signing(tmp_path):
    repo = make_repo(tmp_path, PAGE)
    repository = Repository.open(repo)
    assert not repository.signing_configured()
    git(repo, "config", "commit.gpgsign", "yes")
    assert repository.signing_configured()
