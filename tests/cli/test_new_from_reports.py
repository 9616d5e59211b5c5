"""``confirm new --from``: what the user's machine reports stands in the new confirmation."""

import json
import subprocess
import sys

import pytest

from gitrepo import commit, make_repo, refs
from machine_reports import private_in, report
from manuals import PAGES
from manualsmith.cli.group import run
from manualsmith.records.yaml.read_yaml import load

NAMES = ("systeminfo.txt", "desktop-client.page.txt", "nextcloud-status.json")
SETTINGS = '[tool.manualsmith.reported_facts]\n"desktop-client.version" = "client.version"\n'


@pytest.fixture
def repo(tmp_path):
    made = make_repo(tmp_path, {**PAGES, "pyproject.toml": SETTINGS})
    commit(made, {})
    return made


def new(repo, capsys, *options):
    code = run(["-C", str(repo), "confirm", "new", "--product", "nextcloud", *options])
    return code, *capsys.readouterr()


def given(*names):
    return [word for name in names for word in ("--from", str(report(name)))]


def test_the_file_has_what_was_read_and_leads_to_a_suggestion(repo, capsys):
    code, out, err = new(repo, capsys, "--staff", "S-0412", *given(*NAMES))
    assert code == 0, err
    path = repo / out.strip()
    text = path.read_text("utf-8")
    assert (
        '    - {fact: client.version, documented: "3.13", observed: "3.16", '
        "note: 報告寫的是 3.16.4}\n"
    ) in text
    assert '    - {fact: memory.size, observed: "16 GB"}\n' in text
    assert private_in(text + out + err) == []
    assert "Windows systeminfo" in err
    path.write_text(text.replace("\nreported:", "\nreported: 畫面不同"), "utf-8")
    assert run(["-C", str(repo), "confirm", "check", str(path)]) == 0
    assert run(["-C", str(repo), "suggest", str(path)]) == 0
    made = f"suggest/O1.2.1/{path.stem}-operation-client.version"
    assert f"refs/heads/{made}" in refs(repo)


def test_a_dry_run_says_it_and_writes_nothing(repo, capsys):
    before = refs(repo)
    code, out, err = new(repo, capsys, *given(*NAMES), "--dry-run", "--json")
    told = json.loads(out)
    assert code == 0
    assert {*told} == {"id", "path", "reports", "facts", "left", "problems"}
    assert told["reports"][str(report(NAMES[0]))] == "systeminfo"
    client = next(one for one in told["facts"] if one["fact"] == "client.version")
    assert client["category"] == "software"
    assert client["documented"] == "3.13"
    assert client["observed"] == "3.16"
    assert private_in(out + err) == []
    assert refs(repo) == before
    assert not (repo / "records").exists()


def test_one_that_is_no_report_is_told_and_nothing_is_written(repo, capsys, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("OS Name: something else\n", "utf-8")
    before = refs(repo)
    for more in ((), ("--json",)):
        code, out, err = new(repo, capsys, *given(*NAMES), "--from", str(other), *more)
        assert code == 1
        told = out if more else err
        assert "notes.txt" in told
        assert "Windows systeminfo (systeminfo > report.txt)" in told  # the nearest
        assert "Linux inxi" in told  # what is taken
        assert "3.16" in told  # what the others say
    assert refs(repo) == before
    assert not (repo / "records").exists()


def test_disagreement_is_told_and_left_blank(repo, capsys):
    names = ("nextcloud-status.json", "nextcloud-status.occ.json")
    code, out, err = new(repo, capsys, *given(*names))
    assert code == 0
    assert "Server version: the reports disagree: 31.0.2" in err
    path = out.strip()
    value = load((repo / path).read_bytes(), path).value
    assert [one["fact"] for one in value["environment"]["software"]] == ["server.product"]


def test_a_report_comes_from_another_command(repo):
    command = [sys.executable, "-m", "manualsmith", "-C", str(repo), "confirm", "new"]
    command += ["--product", "nextcloud", "--from", "-", "--stdout", "--dry-run"]
    done = subprocess.run(
        command, input=report("systeminfo.zh.txt").read_text("utf-8").encode("cp950"),
        capture_output=True, check=True,
    )  # fmt: skip
    assert "{fact: windows.version, observed: Windows 11}" in done.stdout.decode()


@pytest.mark.parametrize(
    "table",
    ['"no.such" = "x"', '"memory.size" = "Not A Name"', '"memory.size" = 3'],
)
def test_settings_that_are_wrong_are_told(repo, capsys, table):
    commit(repo, {"pyproject.toml": f"[tool.manualsmith.reported_facts]\n{table}\n"})
    code, _, err = new(repo, capsys, "--dry-run")
    assert code == 1
    assert "reported_facts must be names of facts for some of: computer.type" in err
