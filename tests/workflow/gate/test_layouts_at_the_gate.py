"""What another layout could open: a release with its own, a manual that is gone, patterns."""

from pathlib import Path

import pytest

from gated import make_gate
from gitrepo import commit, git
from manualsmith.cli.group import run
from manualsmith.workflow.gate.push_guard import PushedRef, guard_all
from reviewing import STEP_ID, accept

SETTINGS = "protect_main = true\n"
MOVED = f"[tool.manualsmith]\n{SETTINGS}" + (
    '[tool.manualsmith.manuals.operation]\nfolder = "docs/guide"\n'
    '[tool.manualsmith.manuals.troubleshooting]\nfolder = "manuals/troubleshooting"\n'
)


def led(gate, files, message="Change"):
    """Have a lead bring a change."""
    git(gate.bare, "config", "--replace-all", "manualsmith.leads", "S-0001")
    changed = commit(gate.repo, files, message)
    done = gate.push("main", REMOTE_USER="S-0001")
    if done.code:
        assert run(["-C", str(gate.repo), "adopt", changed, "--reason", "搬"]) == 0
        done = gate.push("main", REMOTE_USER="S-0001")
    assert done.code == 0, done.said


def test_a_release_does_not_have_main_read_by_its_layout(tmp_path):
    """In whatever order the refs come: main's pages are where main's settings say."""
    gate = make_gate(tmp_path, SETTINGS, {"docs/guide/x.md": "# 一\n"})
    assert gate.push("main:refs/heads/release/1").code == 0
    led(gate, {"pyproject.toml": MOVED})
    old = git(gate.repo, "rev-parse", "main")
    evil = commit(gate.repo, {"docs/guide/x.md": "# 來路不明\n"})
    git(gate.repo, "checkout", "-q", "-b", "release/1", "origin/release/1")
    was = git(gate.repo, "rev-parse", "HEAD")
    other = commit(gate.repo, {"README.md": "# 說明\n"})
    assert gate.push("release/1").code == 0
    git(gate.bare, "update-ref", "refs/heads/release/1", was)
    git(gate.bare, "fetch", "-q", str(gate.repo), f"{evil}")
    refs = [PushedRef("refs/heads/release/1", was, other), PushedRef("refs/heads/main", old, evil)]
    for pushed in (refs, refs[::-1]):
        wrong = [one.name for one in guard_all(Path(gate.bare), pushed) if one.faults]
        assert any(evil[:9] in name for name in wrong), wrong


def test_what_was_decided_of_a_manual_that_is_gone_stays(tmp_path):
    gate = make_gate(tmp_path, SETTINGS)
    accept(gate.repo, STEP_ID)
    assert gate.push("main").code == 0
    led(
        gate,
        {
            "pyproject.toml": MOVED.replace("manuals.operation", "manuals.guide")
            .replace("docs/guide", "manuals/operation")
            .replace('operation"\n[', 'operation"\nkind = "operation"\n[')
        },
    )
    git(gate.repo, "rm", "-rq", "suggestions/operation")
    git(gate.repo, "commit", "-qm", "Gone")
    done = gate.push("main")
    assert done.code
    assert "its record stays" in done.said


def test_commands_tell_of_a_manual_that_is_gone(tmp_path, capsys):
    gate = make_gate(tmp_path, SETTINGS)
    led(
        gate,
        {
            "pyproject.toml": MOVED.replace("manuals.operation", "manuals.guide").replace(
                'folder = "docs/guide"', 'kind = "operation"\nfolder = "manuals/operation"'
            )
        },
    )
    for command in (["audit"], ["suggest", "--all"], ["verify", "--all"], ["review", "list"]):
        assert run(["-C", str(gate.repo), *command]) in (0, 1), command
        assert "bug" not in capsys.readouterr().err


def test_facts_that_settings_bind_are_let_on_by_a_lead_alone(tmp_path):
    """What readers are told that a page is for is the page's content, wherever it is written."""
    facts = '[[tool.manualsmith.manuals.operation.facts]]\nsoftware.app = "1"\n'
    gate = make_gate(tmp_path, SETTINGS)
    tables = "[tool.manualsmith.manuals.operation]\n[tool.manualsmith.manuals.troubleshooting]\n"
    text = f"[tool.manualsmith]\n{SETTINGS}{tables}{facts}"
    commit(gate.repo, {"pyproject.toml": text})
    done = gate.push("main")
    assert done.code
    assert "the settings bind other facts to pages" in done.said
    git(gate.bare, "config", "--replace-all", "manualsmith.leads", "S-0001")
    assert gate.push("main", REMOTE_USER="S-0001").code == 0


LET_ON = {
    "probes read other sources, or run other commands": (
        '[tool.manualsmith.probes.server]\nproduct = "nextcloud"\ncategory = "software"\n'
        'fact = "server.version"\ncommand = ["occ", "status"]\n'
    ),
    "webhooks tell others, or another way": (
        '[tool.manualsmith.webhooks.chat]\nurl = "https://chat.example.org/hook"\n'
        'secret = "CHAT_SECRET"\n'
    ),
}


@pytest.mark.parametrize("told", LET_ON)
def test_what_is_let_on_by_a_lead_alone(told, tmp_path):
    """What is run, and read, on the machine that probes; and who is told of what is decided."""
    gate = make_gate(tmp_path, SETTINGS)
    text = f"[tool.manualsmith]\n{SETTINGS}{LET_ON[told]}"
    commit(gate.repo, {"pyproject.toml": text})
    done = gate.push("main")
    assert done.code
    assert told in done.said
    git(gate.bare, "config", "--replace-all", "manualsmith.leads", "S-0001")
    assert gate.push("main", REMOTE_USER="S-0001").code == 0
    commit(gate.repo, {"pyproject.toml": f"\n{text}"})  # a line further down they are the same
    assert gate.push("main").code == 0
