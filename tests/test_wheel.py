"""The wheel as people get it: what is in it, and the first five commands with nothing else."""

import os
import re
import subprocess
import sys
import zipfile
from email.parser import Parser
from fnmatch import fnmatch
from pathlib import Path

import pytest

from gitrepo import git
from manualsmith.errors import UserError
from manualsmith.extras import EXTRAS, needed

ROOT = Path(__file__).parents[1]


def run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=env, encoding="utf-8", capture_output=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_it_holds_all_that_the_program_reads(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    here = ROOT / "tools" / "manualsmith"
    tracked = git(ROOT, "ls-files", "tools/manualsmith").splitlines()
    wanted = {path.removeprefix("tools/") for path in tracked if not path.endswith((".po", ".pot"))}
    assert here.is_dir()
    assert wanted <= names, wanted - names
    assert {name for name in names if "dist-info" not in name} <= wanted, "more than that"
    [licence] = [name for name in names if name.endswith("LICENSE")]
    assert b"Apache License" in zipfile.ZipFile(wheel).read(licence)


# All that the wheel has, by pattern: each was written here, and its licence is that of LICENSE.
# What was not is to be put into a table of its own, with its licence's text in the wheel.
WRITTEN_HERE = {
    "*.py": "the program",
    "py.typed": "says that it is typed",
    "cli/manuals/starting/*": "what `init` writes",
    "desk/static/desk.css": "how the desk looks",
    "desk/static/desk.js": "what the desk's pages do by themselves",
    "desk/templates/*.html": "the desk's pages",
    "paper/templates/*.html": "the form that records are printed on, and a whole manual",
    "paper/templates/book.css": "how a manual looks on paper",
    "locale/zh_TW/LC_MESSAGES/manualsmith.mo": "our messages in Chinese",
    "locale/zh_TW/LC_MESSAGES/click.mo": "click's messages in our Chinese: it has none of its own",
    "records/yaml/confirmation.template.*.yaml": "what `confirm new` writes",
    "site/offline/*.js": "keeps what readers opened, or takes it back",
    "site/preview/review/*": "the review site",
    "site/public/assets/manualsmith/*": "how the site's additions look, and what they do",
    "words/vocabulary.yaml": "what users say for one thing, listed by hand",
    "workflow/tickets/ready_maps/*.yaml": "which columns other systems export, in our words",
    "site/templates/*.html": "what is added to the theme's own templates",
}
FOREIGN = re.compile(r"copyright|\(c\) ?\d{4}|spdx-|@licen[sc]e|all rights reserved", re.IGNORECASE)


def test_nothing_in_it_is_anybody_elses(wheel):
    """No font, no library, no dictionary: they come as packages, with their own licences."""
    inside = zipfile.ZipFile(wheel)
    found = {
        name.removeprefix("manualsmith/"): inside.read(name)
        for name in inside.namelist()
        if name.startswith("manualsmith/")
    }
    met = {name: [one for one in WRITTEN_HERE if fnmatch(name, one)] for name in found}
    assert [name for name, patterns in met.items() if not patterns] == []
    assert set(WRITTEN_HERE) == {one for patterns in met.values() for one in patterns}
    for name, data in found.items():
        text = data.decode("utf-8", "replace")
        assert not FOREIGN.search(text), f"{name}: whose is it?"
        is_code = name.endswith((".js", ".css", ".html"))
        assert not is_code or len(text) < 120 * text.count("\n"), f"{name}: nobody writes so"


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_a_git_host_installs_what_is_released(wheel, tmp_path, name):
    """Not a checkout: the manuals' repository has no program in it."""
    text = zipfile.ZipFile(wheel).read(f"manualsmith/cli/manuals/starting/{name}").decode()
    [command] = re.findall(r"\bpip install .*", text)
    known = f"--no-index --no-deps --dry-run --ignore-installed --find-links '{wheel.parent}'"
    command = command.replace("pip install", f"'{sys.executable}' -m pip install {known}")
    assert "Would install manualsmith-" in run("sh", "-c", command, cwd=tmp_path)


def test_what_is_hinted_at_can_be_installed(wheel):
    inside = zipfile.ZipFile(wheel)
    [about] = [name for name in inside.namelist() if name.endswith("METADATA")]
    extras = set(Parser().parsestr(inside.read(about).decode()).get_all("Provides-Extra") or [])
    guides = [ROOT / name for name in git(ROOT, "ls-files", "docs", "README*.md", "tools").split()]
    named = {
        extra
        for path in guides
        if path.suffix in (".md", ".yml")
        for listed in re.findall(r"manualsmith\[([\w,]+)\]", path.read_text("utf-8"))
        for extra in listed.split(",")
    }
    assert named | set(EXTRAS) <= extras
    for path in guides:
        if path.suffix in (".md", ".yml"):
            assert not re.search(r"pip install (-e|'?\.)", path.read_text("utf-8")), path
    with pytest.raises(UserError) as refused:
        needed("no_such_library", "desk")
    assert refused.value.problems[0].hint == "pip install 'manualsmith[desk]'"


def readme() -> list[str]:
    """Return the commands that the README begins with for one's own product."""
    text = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"^## Your own manuals\n.*?^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert block
    return block[1].splitlines()


def test_from_the_wheel_to_a_published_suggestion_in_five_commands(wheel, tmp_path):
    """Nothing of this checkout is on the way: an environment of its own, without Material."""
    env = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        "PATH": f"{tmp_path / 'env' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "MANUALSMITH_LANG": "en",
    }
    run(sys.executable, "-m", "venv", str(tmp_path / "env"), cwd=tmp_path)
    own = tmp_path / "own"
    commands = readme()
    assert len(commands) == 5
    assert commands[0].startswith("pip install 'manualsmith[desk,office]'")
    python = str(tmp_path / "env" / "bin" / "python")
    constraints = str(ROOT / "constraints.txt")
    run(python, "-m", "pip", "install", "-q", "-c", constraints, f"{wheel}[desk,office]",
        cwd=tmp_path, env=env)  # fmt: skip
    assert "mkdocs-material" not in run(python, "-m", "pip", "list", cwd=tmp_path, env=env).split()
    own.mkdir()
    run("sh", "-c", commands[1], cwd=own, env=env)
    page = own / "manuals/operation/sign-in.md"
    assert "Press" in page.read_text("utf-8")
    seen = own / "records/confirmations/ENV-2026-0001.yaml"
    seen.parent.mkdir(parents=True)
    seen.write_text(
        "schema: manualsmith/confirmation/v1\nid: ENV-2026-0001\ndate: 2026-11-20\n"
        "staff: S-0001\nproduct: our-cloud\nreported: Another button\nenvironment: {}\n"
        "findings:\n  - id: 1\n    summary: Another button\n    manual: operation\n"
        "    page: sign-in.md\n    reason: Seen\n"
        "    edit: {action: replace-step, section: [The first time], step: 3, text: Press Go.}\n",
        "utf-8",
    )
    for command in commands[2:]:
        run("sh", "-c", command, cwd=own, env=env)
    assert "Press Go." in page.read_text("utf-8")
    published = (own / "site/manuals/operation/sign-in/index.html").read_text("utf-8")
    assert "Press Go." in published
    assert "Traceback" not in run(str(tmp_path / "env/bin/manualsmith"), "doctor", cwd=own, env=env)
