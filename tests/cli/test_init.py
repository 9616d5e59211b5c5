"""``manualsmith init``: from an empty folder to a published suggestion, and what is left alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gitrepo import commit, git, make_bare, make_repo, show
from manualsmith.cli.group import run
from manualsmith.cli.manuals.init_command import _source

DOCS = Path(__file__).parents[2] / "docs"
CONFIRMATION = """schema: manualsmith/confirmation/v1
id: ENV-2026-0001
date: 2026-11-20
staff: S-0001
product: our-cloud
reported: 找不到登入
environment:
  software:
    - {{fact: our-cloud.version, documented: "1.0", observed: "1.1"}}
findings:
  - id: 1
    summary: 按鈕改名
    manual: operation
    page: sign-in.md
    reason: 畫面上寫的不一樣
    edit: {{action: replace-step, section: [{section}], step: 3, text: {text}}}
"""
WORDS = {"zh-TW": ("第一次登入", "按「開始」。"), "en": ("The first time", "Press Start.")}


def begun(folder, *more):
    folder.mkdir(exist_ok=True)
    return run(["-C", str(folder), "init", "--product", "our-cloud", *more])


@pytest.mark.parametrize(
    ("language", "forge"), [("zh-TW", "none"), ("en", "github"), ("zh-TW", "gitlab")]
)
def test_from_nothing_to_a_published_suggestion(tmp_path, capsys, language, forge):
    repo = tmp_path / "new"
    assert begun(repo, "--language", language, "--forge", forge, "--name", "我們的: 雲端 - x") == 0
    next_ones = capsys.readouterr().out.split("next:")[1].strip().splitlines()
    subprocess.run(next_ones[0], shell=True, cwd=repo, check=True, capture_output=True)
    assert git(repo, "status", "--porcelain") == ""
    assert (repo / ".github/workflows/verify.yml").exists() == (forge == "github")
    schema = json.loads((repo / "records/schema/confirmation.json").read_text("utf-8"))
    assert schema["title"] == "系統環境確認書（O1.1.1）"
    section, text = WORDS[language]
    folder = repo / "records" / "confirmations"
    folder.mkdir(parents=True)
    made = CONFIRMATION.format(section=section, text=text)
    (folder / "ENV-2026-0001.yaml").write_text(made, "utf-8")
    for command in (["confirm", "check", "--all"], ["suggest", "--all"], ["verify", "--all"]):
        assert run(["-C", str(repo), *command]) == 0, capsys.readouterr()
    assert run(["-C", str(repo), "review", "accept", "--all", "--by", "S-0002"]) == 0
    page = show(repo, "main:manuals/operation/sign-in.md").decode()
    assert f"3. {text}" in page
    assert 'our-cloud.version: "1.1"' in page
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q"]
    done = subprocess.run(command, cwd=repo, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    built = (repo / "site/manuals/operation/sign-in/index.html").read_text("utf-8")
    assert text.replace('"', "&quot;") in built


def test_nothing_that_is_there_is_written_over(tmp_path, capsys):
    there = {"mkdocs.yml": "site_name: ours\n", "pyproject.toml": "[project]\nname = 'x'\n",
             ".gitignore": "/site/\n", "docs/index.md": "# Ours\n"}  # fmt: skip
    repo = make_repo(tmp_path, there)
    assert begun(repo) == 0
    told = capsys.readouterr().out
    for path, text in there.items():
        assert (repo / path).read_text("utf-8") == text
        assert path == "docs/index.md" or f"{path}  is there already" in told
    assert "docs is taken as it lies (MkDocs)" in told
    assert "  - manualsmith\n" in told
    assert "[tool.manualsmith]" in told
    assert "/build/" in told
    assert "/site/" not in told
    assert begun(repo) == 0
    assert "written" not in capsys.readouterr().out


def test_where_problems_are_reported(tmp_path):
    address = "https://desk.example.org/requests/new?symptom={title}&detail={body}"
    assert begun(tmp_path / "new", "--report", address) == 0
    assert f'report: "{address}"' in (tmp_path / "new" / "mkdocs.yml").read_text("utf-8")


def test_a_dry_run_writes_nothing(tmp_path, capsys):
    repo = tmp_path / "new"
    assert begun(repo, "--dry-run") == 0
    assert "mkdocs.yml  would be written" in capsys.readouterr().out
    assert list(repo.iterdir()) == []


WRONG = [
    ("--product", "Our Cloud"), ("--product", "../x"), ("--name", 'x"\nhooks: [a.py]'),
    ("--report", 'x"y'), ("--report", "foo"), ("--language", "fr"), ("--forge", "svn"),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_could_not_stand_in_the_files(tmp_path, wrong):
    assert begun(tmp_path / "new", *wrong) == 2
    assert list((tmp_path / "new").iterdir()) == []


def test_where_there_is_no_place_for_it(tmp_path, capsys):
    repo = make_repo(tmp_path, {"a/x.md": "x\n"})
    assert begun(repo / "a") == 1
    assert "begin at its root" in capsys.readouterr().err
    assert begun(make_bare(repo)) == 1
    file = tmp_path / "file"
    file.write_text("x", "utf-8")
    assert run(["-C", str(file), "init", "--product", "x"]) in (1, 2)
    (tmp_path / "outside").mkdir()
    (repo / "manuals").symlink_to(tmp_path / "outside")
    commit(repo, {})
    assert begun(repo) == 1
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_what_a_git_host_needs_is_what_the_guide_shows(name):
    shown = (DOCS / "ci" / name).read_text("utf-8")
    assert _source(name) == shown


def adopted(tmp_path, files, *more):
    repo = make_repo(tmp_path, files)
    assert begun(repo, *more) == 0
    commit(repo, {}, "Begin")
    return repo


STEP = """schema: manualsmith/confirmation/v1
id: ENV-2026-0001
date: 2026-11-20
staff: S-0001
product: our-cloud
reported: Another button
environment: {{}}
findings:
  - id: 1
    summary: Another button
    manual: operation
    page: {page}
    reason: The screen has it
    edit: {{action: replace-step, section: [Sign in], step: 1, text: Press Go.}}
"""
PAGE = "# Sign in\n\n1. Press Start.\n"
THERE = {
    "MkDocs": ({"mkdocs.yml": "site_name: x\ndocs_dir: 'handbook' # ours\n"}, "handbook"),
    "Docusaurus": ({"docusaurus.config.ts": "export default {}\n"}, "docs"),
    "VitePress": ({"docs/.vitepress/config.mts": "export default {}\n"}, "docs"),
    "Hugo": ({"hugo.toml": "title = 'x'\n"}, "content"),
    "Jekyll": ({"_config.yml": "title: x\n"}, "docs"),
    "pages": ({}, "docs"),
}


@pytest.mark.parametrize("builder", THERE)
def test_a_documentation_that_is_there_stays_where_it_lies(tmp_path, capsys, builder):
    files, folder = THERE[builder]
    page = f"{folder}/in/sign-in.md"
    repo = adopted(tmp_path, {**files, page: PAGE}, "--language", "en")
    told = capsys.readouterr().out
    assert f"{folder} is taken as it lies ({builder})" in told
    if builder not in ("MkDocs", "pages"):
        assert not (repo / "mkdocs.yml").exists()
        assert "mkdocs serve" not in told
    assert [*git(repo, "ls-files", "*.md").split()] == [page]
    commit(repo, {"records/confirmations/ENV-2026-0001.yaml": STEP.format(page="in/sign-in.md")})
    for command in (["suggest", "--all"], ["review", "accept", "--all"]):
        assert run(["-C", str(repo), *command]) == 0, capsys.readouterr()
    assert (repo / page).read_text("utf-8") == PAGE.replace("Press Start", "Press Go")
    if builder == "pages":
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q"]
        done = subprocess.run(command, cwd=repo, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr


def test_entries_in_a_folder_of_the_documentation(tmp_path, capsys):
    files = {"mkdocs.yml": "site_name: x\n", "docs/a.md": PAGE, "docs/faq/b.md": PAGE}
    repo = adopted(tmp_path, files, "--troubleshooting", "docs/faq/")
    settings = (repo / "pyproject.toml").read_text("utf-8")
    assert 'leave_out = ["faq/"]' in settings
    assert run(["-C", str(repo), "doctor"]) == 0
    told = capsys.readouterr().out
    assert "1 pages in docs" in told
    assert "1 pages in docs/faq" in told


def test_folders_of_ones_own_in_an_empty_folder(tmp_path):
    repo = tmp_path / "new"
    options = ("--operation", "guide", "--troubleshooting", "help", "--language", "en")
    assert begun(repo, *options) == 0
    assert sorted(p.relative_to(repo).as_posix() for p in repo.rglob("*.md")) == [
        "docs/index.md",
        "guide/sign-in.md",
        "help/sign-in.md",
    ]
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q"]
    done = subprocess.run(command, cwd=repo, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "環境" not in (repo / "help/sign-in.md").read_text("utf-8")


@pytest.mark.parametrize("folder", ["../out", "/tmp/x", "a\\b", ".git/x"])
def test_a_folder_that_could_be_none(tmp_path, folder, capsys):
    for option in ("--operation", "--troubleshooting"):
        assert begun(tmp_path / "new", option, folder) == 2
        assert option in capsys.readouterr().err
    assert list((tmp_path / "new").iterdir()) == []


def test_somebody_at_a_terminal_is_asked(tmp_path):
    """Without options; what is shown first is taken by Enter."""
    import pty
    import select

    repo = make_repo(tmp_path, {"docs/a.md": PAGE})
    child, terminal = pty.fork()
    if child == 0:
        command = [sys.executable, "-m", "manualsmith", "-C", str(repo), "init"]
        __import__("os").execvp(command[0], command)
    import os

    seen, answers = b"", ["our-cloud", "Our cloud", "en", "", "gitlab", ""]
    while select.select([terminal], [], [], 60)[0]:
        try:
            seen += os.read(terminal, 4096)
        except OSError:
            break
        if answers and seen.rstrip().endswith(b":"):
            os.write(terminal, f"{answers.pop(0)}\n".encode())
            seen += b"\n"
    os.waitpid(child, 0)
    assert not answers, seen.decode()
    settings = (repo / "pyproject.toml").read_text("utf-8")
    assert 'folder = "docs"' in settings
    assert 'forge = "gitlab"' in settings
    assert 'site_name: "Our cloud"' in (repo / "mkdocs.yml").read_text("utf-8")


def test_work_that_is_not_committed_is_told_and_left_alone(tmp_path, capsys):
    repo = make_repo(tmp_path, {"docs/a.md": PAGE})
    (repo / "docs/a.md").write_text("# 改到一半\n", "utf-8")
    assert begun(repo) == 0
    assert "not committed" in capsys.readouterr().out
    assert (repo / "docs/a.md").read_text("utf-8") == "# 改到一半\n"
