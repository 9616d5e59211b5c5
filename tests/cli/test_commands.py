"""The commands as people and programs call them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import forking
from gitrepo import git, make_bare, make_repo, refs
from manuals import FACT, PAGES, STEP, write
from manualsmith.cli.group import COMMANDS, manualsmith, run
from manualsmith.records.models.json_schema import confirmation_schema
from manualsmith.records.yaml.read_yaml import load

ROOT = Path(__file__).parents[2]


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, PAGES)


def test_suggest_as_json(repo, capsys):
    write(repo, findings=(STEP,), facts=FACT)
    assert run(["-C", str(repo), "suggest", "--all", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["main"] == "main"
    assert {s["id"]: s["status"] for s in told["suggestions"]}["ENV-2026-0001-1"] == "created"
    for suggestion in told["suggestions"]:
        assert refs(repo)[f"refs/heads/{suggestion['branch']}"] == suggestion["commit"]


def test_a_refusal_as_json(repo, capsys):
    write(repo, findings=(STEP.replace("step: 3", "step: 9"),))
    assert run(["-C", str(repo), "suggest", "--all", "--json"]) == 1
    [suggestion] = json.loads(capsys.readouterr().out)["suggestions"]
    assert suggestion["problems"][0]["line"] == 15
    assert suggestion["problems"][0]["file"] == "records/confirmations/ENV-2026-0001.yaml"


def test_dry_run_shows_words(repo, capsys):
    write(repo)
    assert run(["-C", str(repo), "suggest", "--all", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "manuals/operation/sign-in.md:17\n    2. 輸入帳號。\n" in told
    assert "  │ 3. 按[-登入-]{+「允許存取」+}。\n" in told
    assert "dry run, nothing was written: 1 created" in told


def test_dry_run_in_colour(repo):
    write(repo)
    command = [
        sys.executable,
        "-m",
        "manualsmith",
        "-C",
        str(repo),
        "suggest",
        "--all",
        "--dry-run",
    ]
    colour = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
    done = subprocess.run(
        ["env", *(f"{k}={v}" for k, v in colour.items()), *command],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "\x1b[9;31m登入\x1b[0m\x1b[4;32m「允許存取」\x1b[0m" in done.stdout


def test_a_run_for_people_names_what_it_did(repo, capsys):
    write(repo)
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    told = capsys.readouterr().out
    assert "+ created  ENV-2026-0001-1  改用瀏覽器\n    suggest/O1.2.1/ENV-2026-0001-1\n" in told
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    assert "= unchanged  ENV-2026-0001-1" in capsys.readouterr().out


def test_confirm_check_as_json(repo, capsys):
    write(repo)
    bad = write(repo, 2)
    bad.write_text(bad.read_text("utf-8").replace("date: 2026", "date: 20260"), "utf-8")
    assert run(["-C", str(repo), "confirm", "check", "--all", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["right"] == ["ENV-2026-0001"]
    assert [(p["line"], p["column"]) for p in told["problems"]] == [(3, 7)]


def test_confirm_new_writes_a_file_that_lacks_only_its_blanks(repo, capsys):
    assert run(["-C", str(repo), "confirm", "new", "--product", "nextcloud", "--staff", "S-1"]) == 0
    path = capsys.readouterr().out.strip()
    assert re.fullmatch(r"records/confirmations/ENV-\d{4}-0001\.yaml", path)
    text = (repo / path).read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schema/confirmation.json\n")
    assert load(text, path).value["staff"] == "S-1"
    assert run(["-C", str(repo), "confirm", "check", str(repo / path)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert len([line for line in told if "hint" not in line]) == 1
    assert ": reported " in told[0]
    (repo / path).write_text(text.replace("reported:", "reported: 畫面不同"), "utf-8")
    assert run(["-C", str(repo), "confirm", "check", str(repo / path)]) == 0


def test_confirm_new_takes_the_next_id_and_the_last_product(repo, capsys):
    write(repo, 7)
    command = ["-C", str(repo), "confirm", "new", "--date", "2026-11-24"]
    assert run([*command, "--dry-run"]) == 0
    assert capsys.readouterr().out == "would write records/confirmations/ENV-2026-0008.yaml\n"
    assert run(command) == 0
    assert run(command) == 0
    assert capsys.readouterr().out.split() == [
        "records/confirmations/ENV-2026-0008.yaml",
        "records/confirmations/ENV-2026-0009.yaml",
    ]
    made = repo / "records/confirmations/ENV-2026-0009.yaml"
    assert load(made.read_bytes(), "x").value["product"] == "nextcloud"


def test_confirm_new_without_a_product(repo, capsys):
    assert run(["-C", str(repo), "confirm", "new"]) == 1
    assert "--product nextcloud" in capsys.readouterr().err


def test_confirm_new_in_a_bare_repository(repo, capsys):
    bare = make_bare(repo)
    command = ["-C", str(bare), "confirm", "new", "--product", "x"]
    assert run(command) == 1
    assert "--stdout" in capsys.readouterr().err
    assert run([*command, "--stdout"]) == 0
    assert "schema: manualsmith/confirmation/v1" in capsys.readouterr().out


def test_two_people_never_get_one_id(repo, tmp_path):
    bare = make_bare(repo)
    clones = [tmp_path / name for name in ("first", "second")]
    for clone in clones:
        git(tmp_path, "clone", "-q", str(bare), str(clone))
    started = [
        forking.Popen(
            [
                sys.executable,
                "-m",
                "manualsmith",
                "-C",
                str(clone),
                "confirm",
                "new",
                "--product",
                "x",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for clone in clones * 3
    ]
    paths = [process.communicate()[0].strip() for process in started]
    assert len(set(paths)) == 6
    assert all(re.search(r"ENV-\d{4}-\d{4}\.yaml$", path) for path in paths)


def test_the_schema_that_ships_is_current(capsys):
    assert run(["schema", "confirmation"]) == 0
    printed = capsys.readouterr().out
    for shipped in ("records/schema/confirmation.json", "docs/schema/confirmation.json"):
        assert printed == (ROOT / shipped).read_text("utf-8"), "run: make schema"


ADDRESS = re.compile(r"^# yaml-language-server: \$schema=(\S+)$", re.MULTILINE)


def schema_of(confirmation):
    """Return the schema that an editor finds from a confirmation's first line."""
    named = ADDRESS.match(confirmation.read_text("utf-8"))
    return json.loads((confirmation.parent / named[1]).read_text("utf-8")) if named else None


@pytest.mark.parametrize("records", ["records", "docs/internal/records"])
def test_the_schema_of_a_new_confirmation_is_there(tmp_path, records):
    """Whether the repository was begun by `init` or not, wherever its records lie."""
    settings = f'[tool.manualsmith.folders]\nrecords = "{records}"\n'
    repo = make_repo(tmp_path, {"pyproject.toml": settings})
    assert run(["-C", str(repo), "confirm", "new", "--product", "x", "--dry-run"]) == 0
    assert not (repo / records).exists()
    for _ in range(2):
        assert run(["-C", str(repo), "confirm", "new", "--product", "x"]) == 0
    made = sorted((repo / records / "confirmations").glob("*.yaml"))
    assert [schema_of(one) for one in made] == [confirmation_schema()] * 2


def test_the_schemas_of_the_shipped_confirmations_are_there():
    shipped = sorted((ROOT / "records/confirmations").glob("*.yaml"))
    assert shipped
    assert all(schema_of(one) == confirmation_schema() for one in shipped)


def commands(group=manualsmith, path=()):
    for name, command in group.commands.items() if group.commands else ():
        yield (*path, name), command
    if group is manualsmith:
        for name in COMMANDS:
            command = group.get_command(None, name)
            yield (name,), command
            for sub in getattr(command, "commands", {}):
                yield (name, sub), command.commands[sub]


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_each_command_has_help_with_examples_and_is_documented(path):
    shown = CliRunner().invoke(manualsmith, [*path, "--help"])
    assert shown.exit_code == 0
    assert re.search(r"Examples?:\n\s+manualsmith", shown.output)
    reference = (ROOT / "docs/reference.md").read_text("utf-8")
    assert f"manualsmith {path[0]}" in reference


def test_help_imports_no_command():
    code = (
        "import sys; from manualsmith.cli.group import run; run(['--help']);"
        "heavy = {'git', 'pydantic', 'markdown_it', 'mkdocs', 'rich', 'ruamel.yaml', 'opencc'};"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_in_chinese(repo, monkeypatch):
    write(repo)
    command = [sys.executable, "-m", "manualsmith", "-C", str(repo), "suggest", "--all"]
    monkeypatch.setenv("MANUALSMITH_LANG", "zh_TW")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "+ 新增  ENV-2026-0001-1" in done.stdout
    assert "1 項新增" in done.stdout


def test_a_closed_pipe_is_no_error(repo):
    write(repo)
    command = f"{sys.executable} -m manualsmith -C {repo} suggest --all --json | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_a_bug_is_told_with_a_report(repo, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setitem(COMMANDS, "schema", ("no_such_module", ""))
    assert run(["schema", "confirmation"]) == 3
    told = capsys.readouterr().err
    report = Path(told.strip().rsplit(" ", 1)[1])
    assert "ModuleNotFoundError" in report.read_text("utf-8")
