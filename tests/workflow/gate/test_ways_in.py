"""What somebody who may push tried to bring to a protected main past its reviewers."""

import json
import re
import shutil
import subprocess

import pytest

from doctoring import Change, Made, written
from gated import Gate, make_gate
from gitrepo import commit, git
from manualsmith.cli.group import run
from manualsmith.records.models.suggestion import dump_suggestion, parse_suggestion
from manualsmith.workflow.queue.commit_messages import decision_message
from reviewing import ENTRY_BRANCH, ENTRY_ID, PAGE, STEP_BRANCH, STEP_ID, accept, page, reject

RECORD = f"suggestions/operation/{STEP_ID}.yaml"
ENTRY_RECORD = f"suggestions/troubleshooting/{ENTRY_ID}.yaml"
CONFIRMATION = "records/confirmations/ENV-2026-0001.yaml"


@pytest.fixture
def gate(tmp_path) -> Gate:
    return make_gate(tmp_path)


@pytest.fixture
def accepted(gate) -> Gate:
    """A gate whose main has one accepted suggestion, and one that is open."""
    accept(gate.repo, STEP_ID)
    assert gate.push("main", f":{STEP_BRANCH}").code == 0
    return gate


def tree(repo, spec):
    return git(repo, "rev-parse", f"{spec}^{{tree}}")


def made(repo, tree_of, *parents, message="x"):
    heads = [word for parent in parents for word in ("-p", parent)]
    return git(repo, "commit-tree", tree(repo, tree_of), *heads, "-m", message)


def refused(gate, commit_id, *why, ref="main"):
    """Push a commit as main, see it turned away with these reasons, and main where it was."""
    before = git(gate.bare, "rev-parse", "main")
    done = gate.push(f"+{commit_id}:refs/heads/{ref}")
    assert done.code, done.said
    for one in why:
        assert one in done.said
    assert git(gate.bare, "rev-parse", "main") == before


def goes_on(gate):
    """An honest accept still goes through."""
    git(gate.repo, "fetch", "-q", "origin")
    git(gate.repo, "checkout", "-q", "-f", "main")
    git(gate.repo, "reset", "-q", "--hard", "origin/main")
    accept(gate.repo, ENTRY_ID)
    done = gate.push("main", f":{ENTRY_BRANCH}")
    assert done.code == 0, done.said


def test_a_new_root_with_main_as_its_second_parent(accepted):
    repo = accepted.repo
    git(repo, "checkout", "-q", "--orphan", "other")
    commit(repo, {PAGE: "# 別的\n"})
    root = git(repo, "rev-parse", "HEAD")
    refused(accepted, made(repo, root, root, "main"), "does not follow from")
    refused(accepted, made(repo, "main", root, "main"), "does not follow from")
    goes_on(accepted)


def test_a_merge_that_carries_the_tree_before_an_accept(accepted):
    repo = accepted.repo
    refused(accepted, made(repo, "main^", "main^", "main"), "does not follow from")
    refused(accepted, made(repo, "main^", "main", "main^"), "is taken back", "its record stays")
    refused(accepted, made(repo, "main^", "main"), "is taken back", "its record stays")
    goes_on(accepted)


def test_a_side_branch_prepared_by_merge_ours(accepted):
    repo = accepted.repo
    git(repo, "checkout", "-q", "-b", "side", "main^")
    commit(repo, {"notes.md": "x\n"})
    git(repo, "merge", "-q", "-s", "ours", "-m", "x", "main")
    side = git(repo, "rev-parse", "side")
    refused(accepted, side, "does not follow from")
    refused(accepted, made(repo, side, "main", side), "is taken back", "its record stays")
    goes_on(accepted)


def test_an_object_that_is_replaced_before_main_is_pushed(accepted):
    repo = accepted.repo
    evil = commit(repo, {PAGE: page(repo) + "\n自己改的。\n"})
    good = git(accepted.bare, "rev-parse", "main")
    assert "would read another object" in accepted.push(f"{good}:refs/replace/{evil}").said
    git(accepted.bare, "fetch", "-q", str(repo), f"{evil}:refs/keep/x")
    git(accepted.bare, "update-ref", f"refs/replace/{evil}", good)  # by the server's own hand
    done = accepted.push("main")
    assert done.code
    assert f"{PAGE} is changed" in done.said


def test_history_that_only_the_server_sees(accepted):
    """Grafts, and the edge of a shallow clone: git leads from one commit to another one."""
    repo, bare = accepted.repo, accepted.bare
    evil = commit(repo, {PAGE: page(repo) + "\n自己改的。\n"})
    for name in ("info/grafts", "shallow"):
        (bare / name).write_text(f"{git(bare, 'rev-parse', 'main^')}\n", "ascii")
        assert accepted.push("main").code
        (bare / name).unlink()
    git(bare, "config", "receive.shallowUpdate", "true")
    shallow = repo.parent / "shallow"
    git(repo.parent, "clone", "-q", "--depth", "1", repo.as_uri(), "shallow")
    git(shallow, "remote", "set-url", "origin", str(bare))
    assert git(shallow, "rev-parse", "main") == evil
    done = subprocess.run(
        ["git", "push", "-q", "-f", "origin", "main"], cwd=shallow, capture_output=True, check=False
    )
    assert done.returncode
    assert not (bare / "shallow").exists()


needs_ssh = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="no ssh-keygen is here")
LOOSER = {
    "off": "[tool.manualsmith]\nprotect_main = false\n",
    "gone": None,
    "empty": "",
    "another main": '[tool.manualsmith]\nprotect_main = true\nmain = "other"\n',
    "fewer paths": "[tool.manualsmith]\nprotect_main = true\nprotect_paths = []\n",
    "html": '[tool.manualsmith]\nprotect_main = true\nprotect_paths = ["bin/"]\n'
    'allow_html = ["script"]\n',
    "other folders": '[tool.manualsmith]\nprotect_main = true\nprotect_paths = ["bin/"]\n'
    '[tool.manualsmith.manuals.operation]\nfolder = "elsewhere"\n',
    "pages left out": '[tool.manualsmith]\nprotect_main = true\nprotect_paths = ["bin/"]\n'
    '[tool.manualsmith.manuals.operation]\nleave_out = ["*.md"]\n',
    "records elsewhere": '[tool.manualsmith]\nprotect_main = true\nprotect_paths = ["bin/"]\n'
    '[tool.manualsmith.folders]\nsuggestions = "elsewhere"\n',
}


@pytest.fixture
def strict(tmp_path):
    return make_gate(tmp_path, 'protect_main = true\nprotect_paths = ["bin/"]\n')


@pytest.mark.parametrize("settings", LOOSER.values(), ids=LOOSER)
def test_protection_is_let_go_by_a_lead_alone(strict, settings):
    repo = strict.repo
    git(repo, "branch", "other")
    assert strict.push("other").code == 0
    commit(repo, {"pyproject.toml": settings})
    done = strict.push("main")
    assert done.code
    assert "a lead may push that" in done.said
    git(strict.bare, "config", "--add", "manualsmith.leads", "S-0001")
    assert strict.push("main", REMOTE_USER="S-0002").code
    assert strict.push("main", REMOTE_USER="S-0001").code == 0


@pytest.mark.parametrize(
    "site", ["markdown_extensions: [tables]\n", "[x]\n", "a: b: c\n", "x: y\nINHERIT: other.yml\n"]
)
def test_another_markdown_is_for_a_lead(gate, site):
    """Every page would read otherwise: no suggestion would find its place."""
    repo = gate.repo
    files = {"mkdocs.yml": site, "other.yml": "markdown_extensions: [tables]\n"}
    commit(repo, files)
    refused(gate, "main", "mkdocs.yml")
    git(gate.bare, "config", "--add", "manualsmith.leads", "S-0001")
    assert (gate.push("main", GL_USERNAME="S-0001").code == 0) == (site != "a: b: c\n")


def test_other_settings_of_the_site_are_anybodys(gate):
    commit(gate.repo, {"mkdocs.yml": "site_name: x\n" + SITE})
    git(gate.bare, "config", "--add", "manualsmith.leads", "S-0001")
    assert gate.push("main", GL_USERNAME="S-0001").code == 0
    commit(gate.repo, {"mkdocs.yml": "site_name: y\ntheme: material\n" + SITE})
    assert gate.push("main").code == 0
    goes_on(gate)


@needs_ssh
def test_a_lead_signs_what_they_bring(strict):
    repo, bare = strict.repo, strict.bare
    key = keyed(repo.parent, "key")
    signers = repo.parent / "signers"
    signers.write_text(
        f"lead@example.invalid {key.with_suffix('.pub').read_text('ascii')}", "ascii"
    )
    git(bare, "config", "--add", "manualsmith.leads", "lead@example.invalid")
    git(bare, "config", "gpg.ssh.allowedSignersFile", str(signers))
    commit(repo, {"pyproject.toml": LOOSER["off"]})
    assert "a lead may push that" in strict.push("main").said
    sign = ["-c", "gpg.format=ssh", "-c", f"user.signingKey={key}"]
    git(repo, *sign, "commit", "-q", "--amend", "-S", "--no-edit")
    assert strict.push("main").code == 0


def test_a_lead_brings_a_page_with_a_record_of_why(accepted):
    repo = accepted.repo
    git(accepted.bare, "config", "--add", "manualsmith.leads", "S-0001")
    changed = commit(
        repo, {PAGE: page(repo) + "\n自己改的。\n", "manuals/operation/a.png": b"\x89PNG"}
    )
    done = accepted.push("main", REMOTE_USER="S-0001")
    assert done.code
    assert "manualsmith adopt" in done.said
    assert run(["-C", str(repo), "adopt", changed, "--reason", "錯字"]) == 0
    assert accepted.push("main").code
    assert accepted.push("main", REMOTE_USER="S-0001").code == 0


SITE = "markdown_extensions: [attr_list, admonition]\n"
PUBLISHED = [
    "manuals/operation/evil.md", "manuals/operation/third/a.md", "manuals/troubleshooting/.pages",
    "manuals/operation/a.png", "manuals/operation/third/a.png", "Manuals/operation/a.md",
]  # fmt: skip


@pytest.mark.parametrize("path", PUBLISHED)
def test_a_file_that_the_site_would_show(gate, path):
    commit(gate.repo, {path: "# 來路不明\n"})
    refused(gate, "main", path)


def doctored(gate, path, change):
    """Return a commit on main where the record at *path* is changed."""
    text = git(gate.repo, "show", f"main:{path}")
    return commit(gate.repo, {path: change(text) if change else None})


RECORDS = {
    "who decided": (RECORD, lambda s: s.replace("  by: ", "  by: 別人, ")),
    "when": (RECORD, lambda s: re.sub(r"  at: (.)20", r"  at: \g<1>19", s)),
    "what it says": (RECORD, lambda s: s.replace("改用瀏覽器", "改用別的")),
    "it is gone": (RECORD, None),
    "it is no record": (RECORD, lambda s: "x\n"),
    "its decision is gone": (RECORD, lambda s: s[: s.index("decision:")]),
    "what it rests on": (CONFIRMATION, lambda s: s + "\n# x\n"),
    "what it rests on is gone": (CONFIRMATION, None),
}


@pytest.mark.parametrize(("path", "change"), RECORDS.values(), ids=RECORDS)
def test_a_record_that_is_decided(accepted, path, change, capsys):
    before = git(accepted.repo, "show", f"main:{path}")
    evil = doctored(accepted, path, change)
    assert (git(accepted.repo, "show", f"main:{path}") if change else None) != before
    refused(accepted, evil, path)
    assert run(["-C", str(accepted.repo), "verify", "--range", "origin/main..main"]) == 1
    assert path in capsys.readouterr().out
    run(["-C", str(accepted.repo), "audit", "--json"])
    changed = [one for one in json.loads(capsys.readouterr().out) if one["kind"] == "changed"]
    assert any(path in one["message"] or STEP_ID in one["message"] for one in changed)
    goes_on(accepted)


@pytest.mark.parametrize("field", ["by", "at"])
def test_a_merge_that_says_somebody_else_decided(gate, field):
    repo = gate.repo
    accept(repo, STEP_ID)
    merge = Made(repo, "refs/heads/main", git(repo, "rev-parse", "main"))
    record = merge.record()
    value = "別人" if field == "by" else "2020-01-01T00:00:00+08:00"
    decision = record.decision.model_copy(update={field: value})
    other = record.model_copy(update={"decision": decision})
    data = dump_suggestion(other).decode()
    oid = git(repo, "hash-object", "-w", "--stdin", data=data)
    change = Change({RECORD: f"100644,{oid}"}, message=decision_message(other))
    why = "says that 別人 decided it" if field == "by" else "at another time than it says"
    refused(gate, written(merge, change), why)


@pytest.mark.parametrize("message", ["own", "forged"])
def test_a_rejection_by_hand_with_the_open_branch_gone(accepted, message):
    repo = accepted.repo
    text = git(repo, "show", f"{ENTRY_BRANCH}:{ENTRY_RECORD}")
    open_one = parse_suggestion(text.encode() + b"\n", ENTRY_RECORD)
    decided = "decision: {state: rejected, by: 林審, at: '2026-01-01T00:00:00+08:00', reason: x}\n"
    git(repo, "checkout", "-q", ENTRY_BRANCH, "--", CONFIRMATION)
    commit(repo, {ENTRY_RECORD: f"{text}\n{decided}"}, "Reject")
    rejected = parse_suggestion(git(repo, "show", f"main:{ENTRY_RECORD}").encode(), ENTRY_RECORD)
    assert rejected.decision
    assert not open_one.decision
    if message == "forged":
        data = dump_suggestion(rejected).decode()
        commit(repo, {ENTRY_RECORD: data})
        git(repo, "reset", "-q", "--soft", "origin/main")
        git(repo, "commit", "-q", "-m", decision_message(rejected))
    done = accepted.push("main", f":{ENTRY_BRANCH}")
    assert done.code
    assert f"refs/heads/{ENTRY_BRANCH}" in git(accepted.bare, "for-each-ref")
    goes_on(accepted)


def test_a_release_begins_at_a_commit_that_is_verified(accepted):
    repo = accepted.repo
    evil = commit(repo, {PAGE: page(repo) + "\n自己改的。\n"})
    git(repo, "reset", "-q", "--hard", "origin/main")
    refused(accepted, evil, f"{PAGE} is changed", ref="release/78")
    orphan = made(repo, "main")
    refused(accepted, orphan, "does not go on from a commit of main", ref="release/78")
    before = made(repo, "main^", "main", "main^")
    refused(accepted, before, "is taken back", ref="release/78")
    assert accepted.push("main:refs/heads/release/78").code == 0
    assert accepted.push("main^:refs/heads/release/77").code == 0


def test_a_decision_in_somebody_elses_name(gate):
    """Where the server ties an account to names; the desk's account is tied to none."""
    repo, bare = gate.repo, gate.bare
    git(bare, "config", "--add", "manualsmith.wang.decides", "S-0001")
    for by, account, taken in (("S-0002", "wang", False), ("S-0001", "wang", True)):
        git(repo, "reset", "-q", "--hard", "origin/main")
        git(repo, "branch", "-f", STEP_BRANCH, f"origin/{STEP_BRANCH}")
        assert run(["-C", str(repo), "review", "accept", STEP_ID, "--by", by]) == 0
        done = gate.push("main", f":{STEP_BRANCH}", GL_USERNAME=account)
        assert (done.code == 0) == taken, done.said
        assert ("which is not who pushes" in done.said) != taken
    assert run(["-C", str(repo), "review", "accept", ENTRY_ID, "--by", "S-0003"]) == 0
    assert gate.push("main", f":{ENTRY_BRANCH}", GL_USERNAME="desk").code == 0


@pytest.fixture
def signing(tmp_path):
    """A gate where decisions are signed, and a reviewer whose key it knows."""
    key = keyed(tmp_path, "key")
    known = f"reviewer@example.invalid {key.with_suffix('.pub').read_text('ascii')}"
    gate = make_gate(tmp_path, 'protect_main = true\nallowed_signers = "allowed_signers"\n',
                     {"allowed_signers": known})  # fmt: skip
    for name, value in (("gpg.format", "ssh"), ("user.signingKey", str(key))):
        git(gate.repo, "config", name, value)
    return gate


def keyed(folder, name):
    key = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    return key


@needs_ssh
def test_a_decision_without_a_signature_that_counts(signing, tmp_path):
    repo = signing.repo
    accept(repo, STEP_ID)
    refused(signing, "main", "has no signature that counts")
    git(repo, "reset", "-q", "--hard", "origin/main")
    git(repo, "branch", "-f", STEP_BRANCH, f"origin/{STEP_BRANCH}")
    git(repo, "config", "commit.gpgSign", "true")
    git(repo, "config", "user.signingKey", str(keyed(tmp_path, "other")))
    accept(repo, STEP_ID)
    refused(signing, "main", "has no signature that counts")
    git(repo, "reset", "-q", "--hard", "origin/main")
    git(repo, "branch", "-f", STEP_BRANCH, f"origin/{STEP_BRANCH}")
    git(repo, "config", "user.signingKey", str(tmp_path / "key"))
    accept(repo, STEP_ID)
    done = signing.push("main", f":{STEP_BRANCH}")
    assert done.code == 0, done.said
    reject(repo, ENTRY_ID)
    assert signing.push("main", f":{ENTRY_BRANCH}").code == 0
    merge = git(repo, "log", "-1", "--format=%an %cn %at", "main^")
    assert merge.startswith("Service desk Service desk ")


@needs_ssh
def test_a_merge_by_git_is_signed_by_who_merges(signing):
    repo = signing.repo
    git(repo, "merge", "-q", "--no-ff", "-m", "Merge", STEP_BRANCH)
    assert signing.push("main").code == 0
    assert run(["-C", str(repo), "review", "list"]) == 0
    refused(signing, "main", "has no signature that counts")
    git(repo, "reset", "-q", "--hard", "main^")
    git(signing.bare, "update-ref", "refs/heads/main", "main^")
    git(repo, "reset", "-q", "--hard", "main^")
    git(repo, "fetch", "-q", "-f", "origin")
    git(repo, "merge", "-q", "--no-ff", "-S", "-m", "Merge", f"origin/{STEP_BRANCH}")
    assert signing.push("main").code == 0
    assert run(["-C", str(repo), "review", "list"]) == 0
    done = signing.push("main")
    assert done.code == 0, done.said


@needs_ssh
def test_whose_signatures_count_is_for_a_lead_to_say(signing, tmp_path):
    key = keyed(tmp_path, "evil").with_suffix(".pub").read_text("ascii")
    commit(signing.repo, {"allowed_signers": f"evil@example.invalid {key}"})
    refused(signing, "main", "allowed_signers is under protect_paths")
    git(signing.repo, "reset", "-q", "--hard", "origin/main")
    commit(signing.repo, {"pyproject.toml": "[tool.manualsmith]\nprotect_main = true\n"})
    refused(signing, "main", "no longer says whose signatures count")
