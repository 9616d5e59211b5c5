"""The jobs of docs/probing, run from their own text against a real remote."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gitrepo import git, make_bare, make_repo, refs
from manuals import PAGES
from manualsmith.records.yaml.read_yaml import load
from manualsmith.settings.read_settings import read_settings
from probed import product

ROOT = Path(__file__).parents[3]
JOBS = ROOT / "docs" / "probing"
ELSEWHERE = ("pip install", "git remote set-url", "git checkout")


def job_file(name):
    return load((JOBS / name).read_text("utf-8"), name).value


def github():
    [job] = job_file("github-actions.yml")["jobs"].values()
    return job["steps"][-1]["run"]


def gitlab():
    [job] = job_file("gitlab-ci.yml").values()
    lines = [line for line in job["script"] if not line.startswith(ELSEWHERE)]
    return "\n".join(lines)


def systemd():
    """The commands of the service in the order that systemd runs them in, the last one always."""
    lines = (JOBS / "manualsmith-probe.service").read_text("utf-8").splitlines()
    said = dict(line.split("=", 1) for line in lines if line.startswith("Exec"))
    before, probe, after = (
        said[name].replace("/opt/manualsmith/bin/", "")
        for name in ("ExecStartPre", "ExecStart", "ExecStopPost")
    )
    return f"{before}\n{probe} || failed=$?\n{after}\nexit ${{failed:-0}}"


@pytest.mark.parametrize("job", [github, gitlab, systemd])
def test_a_job_pushes_what_was_suggested_and_fails_where_a_probe_did(job, tmp_path):
    with product(tmp_path) as server:
        repo = make_repo(tmp_path, {**PAGES, "pyproject.toml": server.probes()})
        bare = make_bare(repo)
        git(repo, "remote", "add", "origin", str(bare))
        git(repo, "fetch", "-q", "origin")
        server.runs("3.16.4")
        done = run(job(), repo)
        assert done.returncode == 0, done.stdout + done.stderr
        branch = "refs/heads/suggest/O1.2.1/"
        suggested = {ref: at for ref, at in refs(bare).items() if ref.startswith(branch)}
        assert len(suggested) == 1
        assert "staff: probe server" in git(bare, "grep", "staff:", "main", "--", "records")
        before = refs(bare)
        assert run(job(), repo).returncode == 0
        assert refs(bare) == before
        server.says("<html>")
        assert run(job(), repo).returncode == 1
        assert refs(bare) == before


def run(script, folder):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "MAIN": "main", "CI_DEFAULT_BRANCH": "main",
           "CI_SERVER_HOST": "git.example.org"}  # fmt: skip
    return subprocess.run(
        ["sh", "-e", "-c", script], cwd=folder, env=env, capture_output=True, encoding="utf-8",
        check=False, timeout=300,
    )  # fmt: skip


@pytest.mark.parametrize("page", ["probes.md", "probes.en.md"])
def test_the_settings_of_the_guide_are_settings(page):
    blocks = (ROOT / "docs" / page).read_text("utf-8").split("```toml\n")[1:]
    texts = [block.partition("```")[0] for block in blocks]
    assert len(texts) == 3
    texts[1] = '[tool.manualsmith.probes]\nhosts = ["git.example.org"]\n' + texts[1]
    found = [read_settings(text.encode()).probes for text in texts]
    assert [len(one.probes) for one in found] == [1, 2, 0]
