"""``manualsmith probe`` on a real repository, asking a real server: what differs is suggested."""

import json
import subprocess
import sys
from datetime import datetime

import pytest

from gitrepo import commit, git, make_repo, refs, show
from manuals import PAGES
from manualsmith.cli.group import run
from manualsmith.layout import organisation
from manualsmith.records.models import moments
from manualsmith.records.models.confirmation import parse_confirmation
from probed import product

BRANCHES = [
    "refs/heads/suggest/O1.2.1/ENV-2026-{}-operation-client.version",
    "refs/heads/suggest/O1.2.2/ENV-2026-{}-troubleshooting-client.version",
]


@pytest.fixture
def server(tmp_path):
    with product(tmp_path) as made:
        yield made


@pytest.fixture
def repo(server, tmp_path):
    return make_repo(tmp_path, {**PAGES, "pyproject.toml": server.probes()})


def probe(repo, capsys, *options):
    capsys.readouterr()
    code = run(["-C", str(repo), "probe", *options])
    return code, *capsys.readouterr()


def told(repo, capsys, *options):
    code, out, _ = probe(repo, capsys, "--json", *options)
    return {**json.loads(out), "code": code}


def other(fact, file, of="nextcloud"):
    """Return the settings of a second probe, which reads a file."""
    return (
        f'[tool.manualsmith.probes.other]\nproduct = "{of}"\ncategory = "software"\n'
        f'fact = "{fact}"\nfile = "{file}"\n'
    )


def audited(repo, capsys):
    capsys.readouterr()
    run(["-C", str(repo), "audit", "--json"])
    return [one for one in json.loads(capsys.readouterr().out) if one["kind"] == "probe"]


def written(repo, name="ENV-2026-0001"):
    path = f"records/confirmations/{name}.yaml"
    return parse_confirmation(show(repo, f"main:{path}"), path)


@pytest.fixture(autouse=True)
def _year(monkeypatch):
    """The ids are those of a year that is set."""
    day = datetime(2026, 11, 28, 9, 30, tzinfo=organisation().zone)
    monkeypatch.setattr(moments, "now", lambda: day)


def test_what_is_as_the_manuals_say_changes_nothing(repo, server, capsys):
    server.runs("3.13.7")
    before = refs(repo)
    found = told(repo, capsys, "--suggest")
    assert found["code"] == 0
    assert found["probes"][0]["status"] == "same"
    assert refs(repo) == before


def test_what_differs_becomes_one_draft_with_its_evidence(repo, server, capsys):
    server.says('{"versionstring":"3.16.4","phone":"0912-345-678","x":"password: hunter2x9"}')
    code, out, err = probe(repo, capsys)
    assert code == 0, err
    assert "3.13 → 3.16" in out
    made = written(repo)
    assert made.draft
    assert made.staff == "probe server"
    [row] = made.environment.software
    assert (row.fact, row.documented, row.observed) == ("client.version", "3.13", "3.16")
    assert '"versionstring":"3.16.4"' in made.reported
    assert "0912-345-678" not in made.reported
    assert "hunter2x9" not in made.reported
    assert run(["-C", str(repo), "confirm", "check", "--all"]) == 0
    assert not any("suggest/" in ref for ref in refs(repo))


def test_a_draft_is_made_once_and_renewed(repo, server, capsys):
    server.runs("3.16.4")
    assert told(repo, capsys)["confirmations"][0]["known"] is False
    before = refs(repo)
    again = told(repo, capsys)
    assert again["confirmations"] == [
        {"id": "ENV-2026-0001", "path": "records/confirmations/ENV-2026-0001.yaml",
         "draft": True, "known": True}
    ]  # fmt: skip
    assert refs(repo) == before
    server.runs("3.17.0")
    assert told(repo, capsys)["confirmations"][0]["id"] == "ENV-2026-0001"
    assert written(repo).environment.software[0].observed == "3.17"


def test_a_draft_that_somebody_wrote_into_is_left_to_them(repo, server, capsys):
    server.runs("3.16.4")
    probe(repo, capsys)
    file = repo / "records/confirmations/ENV-2026-0001.yaml"
    mine = file.read_text("utf-8") + "confirmed:\n  - page: sign-in.md\n"
    commit(repo, {"records/confirmations/ENV-2026-0001.yaml": mine})
    server.runs("3.17.0")
    assert told(repo, capsys)["confirmations"][0]["id"] == "ENV-2026-0002"
    assert file.read_text("utf-8") == mine


def test_suggestions_are_made_once_and_say_who_saw_it(repo, server, capsys):
    server.runs("3.16.4")
    probe(repo, capsys)  # a draft is handed in
    made = told(repo, capsys, "--suggest")
    assert made["code"] == 0
    assert [one["status"] for one in made["suggestions"]] == ["created", "created"]
    assert not written(repo).draft
    assert {branch.format("0001") for branch in BRANCHES} <= {*refs(repo)}
    before = refs(repo)
    again = told(repo, capsys, "--suggest")
    assert [one["status"] for one in again["suggestions"]] == ["unchanged", "unchanged"]
    assert refs(repo) == before
    assert run(["-C", str(repo), "review", "list"]) == 0
    assert capsys.readouterr().out.count("a machine saw it") == 2
    run(["-C", str(repo), "review", "list", "--json"])
    assert all(one["by_machine"] for one in json.loads(capsys.readouterr().out)["suggestions"])
    assert run(["-C", str(repo), "verify", "--all"]) == 0


def test_a_newer_version_takes_the_place_of_the_older_suggestion(repo, server, capsys):
    server.runs("3.16.4")
    probe(repo, capsys, "--suggest")
    server.runs("3.17.0")
    made = told(repo, capsys, "--suggest")
    assert [one["status"] for one in made["suggestions"]] == ["withdrawn"] * 2 + ["created"] * 2
    open_now = {ref for ref in refs(repo) if "suggest/" in ref}
    assert open_now == {branch.format("0002") for branch in BRANCHES}
    server.runs("3.13.0")  # it was rolled back
    made = told(repo, capsys, "--suggest")
    assert [one["status"] for one in made["suggestions"]] == ["withdrawn"] * 2
    server.runs("3.17.0")
    made = told(repo, capsys, "--suggest")
    assert [one["status"] for one in made["suggestions"]] == ["created"] * 2
    assert run(["-C", str(repo), "verify", "--all"]) == 0
    assert run(["-C", str(repo), "verify", "--range", "main~4..main"]) == 0


def test_what_was_accepted_is_as_the_manuals_say(repo, server, capsys):
    server.runs("3.16.4")
    probe(repo, capsys, "--suggest")
    names = [branch.format("0001").removeprefix("refs/heads/") for branch in BRANCHES]
    assert run(["-C", str(repo), "review", "accept", *names]) == 0
    assert b'client.version: "3.16"' in show(repo, "main:manuals/operation/sign-in.md")
    before = refs(repo)
    assert told(repo, capsys, "--suggest")["probes"][0]["status"] == "same"
    assert refs(repo) == before


def test_what_was_rejected_is_not_asked_for_again(repo, server, capsys):
    server.runs("3.16.4")
    probe(repo, capsys, "--suggest")
    names = [branch.format("0001").removeprefix("refs/heads/") for branch in BRANCHES]
    assert run(["-C", str(repo), "review", "reject", *names, "--reason", "測試環境"]) == 0
    before = refs(repo)
    again = told(repo, capsys, "--suggest")
    assert [one["status"] for one in again["suggestions"]] == ["decided", "decided"]
    assert refs(repo) == before


def test_a_dry_run_writes_nothing(repo, server, capsys):
    server.runs("3.16.4")
    before = refs(repo)
    for options in ((), ("--suggest",)):
        code, out, _ = probe(repo, capsys, "--dry-run", *options)
        assert code == 0
        assert "3.16.4" in out
    assert refs(repo) == before
    assert not (repo / "records").exists()
    assert not (repo / ".git/manualsmith/probes.json").exists()


@pytest.mark.parametrize("answer", ["<html>sign in</html>", '{"versionstring": "3.16', "{}"])
def test_a_lie_is_told_audited_and_changes_nothing(repo, server, capsys, answer):
    server.says(answer)
    before = refs(repo)
    for options in ((), ("--suggest",)):
        found = told(repo, capsys, *options)
        assert found["code"] == 1
        assert found["probes"][0]["status"] == "failed"
        assert found["probes"][0]["problem"]["file"] == "pyproject.toml"
    assert refs(repo) == before
    [remark] = audited(repo, capsys)
    assert remark["where"] == "server"
    assert "not read since 2026-11-28 09:30" in remark["message"]
    server.runs("3.13.0")
    assert told(repo, capsys)["code"] == 0
    assert audited(repo, capsys) == []


def test_one_that_fails_keeps_no_other_from_its_work(repo, server, capsys):
    server.runs("3.16.4")
    commit(repo, {"pyproject.toml": server.probes() + other("server.version", "gone.txt")})
    found = told(repo, capsys, "--suggest")
    assert found["code"] == 1
    assert [one["status"] for one in found["probes"]] == ["differs", "failed"]
    assert len(found["suggestions"]) == 2


def test_what_no_page_states_and_what_cannot_be_told_is_left(repo, server, capsys):
    server.says('{"versionstring":"3"}')
    text = server.probes().replace('part = "minor"\n', "")
    more = other("os.version", "os.txt")
    commit(repo, {"pyproject.toml": text + more, "os.txt": "12\n"})
    before = refs(repo)
    found = told(repo, capsys, "--suggest")
    assert found["code"] == 0
    assert [one["status"] for one in found["probes"]] == ["left", "unstated"]
    assert refs(repo) == before


def test_a_value_with_personal_data_is_no_value(repo, server, capsys):
    server.says('{"versionstring":"0912-345-678"}')
    text = server.probes().replace('versioning = "semver"\npart = "minor"\n', "")
    commit(repo, {"pyproject.toml": text})
    code, out, err = probe(repo, capsys)
    assert code == 1
    assert "0912-345-678" not in out + err


def test_unknown_names_and_no_probes_are_told(repo, capsys):
    code, _, err = probe(repo, capsys, "servr")
    assert code == 1
    assert "there is no probe servr" in err
    assert "probes: server" in err
    commit(repo, {"pyproject.toml": ""})
    code, _, err = probe(repo, capsys)
    assert code == 1
    assert "the settings have no probes" in err


def test_records_in_a_repository_of_their_own_have_the_confirmation(repo, server, capsys, tmp_path):
    private = make_repo(tmp_path, {"README.md": "private\n"}, name="private")
    git(repo, "config", "manualsmith.records", str(private))
    server.runs("3.16.4")
    assert told(repo, capsys, "--suggest")["code"] == 0
    assert written(private).staff == "probe server"
    again = told(repo, capsys, "--suggest")["suggestions"]
    assert [one["status"] for one in again] == ["unchanged"] * 2


def test_two_at_once_are_one(repo, server, tmp_path):
    server.runs("3.16.4")
    command = [sys.executable, "-m", "manualsmith", "-C", str(repo), "probe", "--suggest"]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in "ab"
    ]
    said = [one.communicate(timeout=300)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    names = git(repo, "ls-tree", "--name-only", "main", "records/confirmations/").splitlines()
    assert len(names) == 1


def test_a_machine_shows_no_competence(repo, server, capsys):
    server.runs("3.16.4")
    probe(repo, capsys, "--suggest")
    capsys.readouterr()
    year = ("--since", "2026-01-01", "--until", "2026-12-31")
    assert run(["-C", str(repo), "report", *year, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["by month"][0]["suggestions"] == 2
    assert found["behaviour indicators with evidence"] == []


def test_an_answer_of_any_text_is_kept_as_evidence(repo, server, capsys):
    said = "product: other\nfindings:\n  - id: 1 # no\n\x00\x1b[31m\ufeff\"'\\ {{ x }} %}\t31\n"
    server.says(said + "version 3.16.4\n" + "長" * 5000)
    source = (f'url = "{server.url()}"', "pattern = 'version (\\S+)'")
    commit(repo, {"pyproject.toml": server.probes(*source)})
    assert told(repo, capsys, "--suggest")["code"] == 0
    made = written(repo)
    assert "findings:\n  - id: 1 # no" in made.reported
    assert made.reported.count("長") < 2000
    assert made.findings == ()
    assert run(["-C", str(repo), "verify", "--all"]) == 0


def test_each_product_has_a_confirmation(repo, server, capsys):
    server.runs("3.16.4")
    two = server.probes() + other("client.version", "other.txt", of="other")
    commit(repo, {"pyproject.toml": two, "other.txt": "4.0"})
    found = told(repo, capsys, "--suggest")
    assert found["code"] == 0
    products = [written(repo, one["id"]).product for one in found["confirmations"]]
    assert products == ["nextcloud", "other"]
    assert len(found["suggestions"]) == 3
