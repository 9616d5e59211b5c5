"""The hook of a shared repository: which pushes it turns away, and what it says."""

import subprocess

import pytest

from gitrepo import commit, git, make_bare, make_repo
from manuals import ENTRY, FACT, PAGES, STEP, write
from manualsmith.cli.group import run
from manualsmith.git.claimed_ids import claim_ids
from manualsmith.git.repository import Repository
from reviewing import ENTRY_BRANCH, PAGE, STEP_BRANCH, STEP_ID, accept, page, suggest

PROTECTED = "[tool.manualsmith]\nprotect_main = true\n"


def share(repo):
    """Return a bare repository with the hook, the repository's origin."""
    bare = make_bare(repo)
    assert run(["-C", str(bare), "hook", "install"]) == 0
    git(repo, "remote", "add", "-f", "origin", str(bare))
    return bare


def push(repo, *refs):
    command = ["git", "push", "-q", "origin", *refs]
    done = subprocess.run(command, cwd=repo, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stderr


@pytest.fixture
def repo(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    write(repo, findings=(STEP, ENTRY), facts=FACT)
    suggest(repo)
    return repo


@pytest.fixture
def shared(repo):
    commit(repo, {"pyproject.toml": PROTECTED})
    return share(repo)


@pytest.fixture
def plain(tmp_path):
    """A repository whose origin has the hook, and protects nothing."""
    repo = make_repo(tmp_path, PAGES)
    share(repo)
    return repo


def test_the_hook_lets_decisions_through_and_nothing_else(repo, shared):
    accept(repo, STEP_ID)
    assert push(repo, "main", f":{STEP_BRANCH}")[0] == 0
    code, said = push(repo, f":{ENTRY_BRANCH}")
    assert code
    assert "it is open: accept, reject or withdraw it" in said
    good = git(repo, "rev-parse", "main")
    commit(repo, {PAGE: page(repo) + "\n自己改的。\n"})
    code, said = push(repo, "main")
    assert code
    assert "no accepted suggestion says why" in said
    assert git(shared, "rev-parse", "main") == good
    git(repo, "reset", "-q", "--hard", "HEAD~2")
    assert "main cannot be rewound" in push(repo, "+main")[1]


def test_the_hook_turns_a_doctored_branch_away(repo, shared):
    git(repo, "switch", "-q", "-f", ENTRY_BRANCH)
    commit(repo, {"extra.txt": "x"})
    code, said = push(repo, ENTRY_BRANCH)
    assert code
    assert "extra.txt is changed, which its record does not say" in said


def test_a_hook_of_somebody_else_is_kept(repo, shared, capsys):
    hook = shared / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\n", "utf-8")
    assert run(["-C", str(shared), "hook", "install"]) == 1
    assert "there is a pre-receive hook already" in capsys.readouterr().err
    assert hook.read_text("utf-8") == "#!/bin/sh\n"
    assert run(["-C", str(repo), "hook", "install"]) == 1


WITH_PATHS = f'{PROTECTED}protect_paths = ["mkdocs.yml", "pyproject.toml", ".github/*", "bin/"]\n'


@pytest.fixture
def guarded(repo):
    """A repository whose origin protects further files."""
    commit(repo, {"pyproject.toml": WITH_PATHS, "bin/run": "x\n"})
    share(repo)
    return repo


@pytest.mark.parametrize(
    "files",
    [
        {"mkdocs.yml": "site_name: x\n"},
        {"MkDocs.yml": "site_name: x\n"},
        {".github/workflows/x/run.yml": "on: push\n"},
        {".github": "a file\n"},
        {"bin/run": None},
        {"bin/more/run": "x\n"},
        {"pyproject.toml": PROTECTED},
    ],
)
def test_files_that_are_protected(guarded, capsys, files):
    [path] = files
    commit(guarded, files)
    assert f"{path} is under protect_paths: leave it out" in told(guarded, "main")
    capsys.readouterr()
    assert run(["-C", str(guarded), "verify", "--range", "origin/main..main"]) == 1
    assert f"{path} is under protect_paths" in capsys.readouterr().out


def test_no_push_takes_the_protection_away_for_itself(guarded):
    commit(guarded, {"pyproject.toml": PROTECTED})
    commit(guarded, {"mkdocs.yml": "site_name: x\n"})
    said = told(guarded, "main")
    assert "mkdocs.yml is under protect_paths" in said
    git(guarded.parent / "bare.git", "fetch", "-q", str(guarded), "main:main")  # by its owner
    assert push(guarded, "main")[0] == 0
    commit(guarded, {"mkdocs.yml": "site_name: y\n"})
    assert push(guarded, "main")[0] == 0


def test_what_is_not_protected_goes_through(guarded):
    commit(guarded, {"docs/mkdocs.yml": "x\n", "binary": "x\n", "x.github/y": "x\n"})
    accept(guarded, STEP_ID)
    assert push(guarded, "main", f":{STEP_BRANCH}")[0] == 0


def test_pages_that_an_accepted_suggestion_changes_are_explained(repo):
    commit(repo, {"pyproject.toml": f'{PROTECTED}protect_paths = ["manuals"]\n'})
    share(repo)
    accept(repo, STEP_ID)
    assert push(repo, "main", f":{STEP_BRANCH}")[0] == 0


def test_without_protection_of_main_its_files_are_anybody_s(tmp_path):
    repo = make_repo(tmp_path, {**PAGES, "pyproject.toml": WITH_PATHS.replace("true", "false")})
    share(repo)
    commit(repo, {"mkdocs.yml": "x: y\n", "Manuals/operation/x.md": "x\n"})
    assert push(repo, "main")[0] == 0


def test_a_page_beside_its_manual_for_the_case_of_its_letters(shared, repo, capsys):
    commit(repo, {"Manuals/operation/x.md": "# x\n"})
    right = "in the case of its letters alone: name it manuals/operation/x.md"
    assert f"Manuals/operation/x.md differs from a manual's folder {right}" in told(repo, "main")
    capsys.readouterr()
    assert run(["-C", str(repo), "verify", "--range", "origin/main..main"]) == 1
    assert right in capsys.readouterr().out
    git(shared, "fetch", "-q", str(repo), "main:main")
    commit(repo, {"Manuals/operation/x.md": None})
    assert push(repo, "main")[0] == 0


def told(repo, *refs):
    """Push what is to be refused, and return what is said of it."""
    code, said = push(repo, *refs)
    assert code
    return said


def test_no_object_is_replaced(plain):
    first, second = git(plain, "rev-parse", "main"), commit(plain, {"notes.md": "x"})
    assert push(plain, "main")[0] == 0
    said = told(plain, f"{first}:refs/replace/{second}")
    assert f"refs/replace/{second}: git would read another object" in said
    assert told(plain, f"{first}:refs/Replace/{second}")


def test_objects_that_are_replaced_already_stop_nothing_and_can_be_taken_away(plain):
    bare = plain.parent / "bare.git"
    first, second = git(plain, "rev-parse", "main"), commit(plain, {"notes.md": "x"})
    assert push(plain, "main")[0] == 0
    here, there = f"refs/replace/{first}", f"refs/replace/{second}"
    git(bare, "update-ref", here, second)
    git(bare, "update-ref", there, first)
    assert run(["-C", str(bare), "audit"]) == 0
    git(bare, "update-ref", "-d", there)  # git by itself takes no push while both are there
    assert push(plain, f":{here}")[0] == 0


def claims(repo, count=1):
    return claim_ids(Repository.open(repo), "ENV", 2026, (), count=count)


def test_claims_are_pushed_and_nothing_else_under_their_refs(plain):
    ids = "refs/manualsmith/ids/ENV"
    for _ in range(2):
        assert [one.reason for one in claims(plain)] == [None]
    last = git(plain, "rev-parse", ids)
    blob = git(plain, "rev-parse", "main:manuals/operation/sign-in.md")
    main = git(plain, "rev-parse", "main")
    git(plain, "tag", "-a", "-m", "x", "claims", last)
    tag = git(plain, "rev-parse", "claims")
    tree = git(plain, "hash-object", "-t", "tree", "-w", "--stdin", data="")
    other = git(plain, "commit-tree", tree, "-p", last, data="REQ-2026-0001\n\nx\n")
    assert "is no claim of an id" in told(plain, f"{other}:{ids}")
    assert "is no claim of an id" in told(plain, f"{main}:refs/manualsmith/ids/REQ")
    assert "is no claim of an id" in told(plain, f"{last}:refs/manualsmith/ids/REQ")
    assert "claimed stay claimed" in told(plain, f":{ids}")
    assert "claimed stay claimed" in told(plain, f"+{last}~1:{ids}")
    for name in ("ids/env", "ids/ENV/x", "ids", "remotes/origin/x", "x"):
        said = told(plain, f"{last}:refs/manualsmith/{name}")
        assert "manualsmith pushes no such ref" in said, name
    for oid in (blob, tag):
        assert "is no claim of an id" in told(plain, f"{oid}:refs/manualsmith/ids/WLK")
    assert [one.reason for one in claims(plain, 3)] == [None] * 3
