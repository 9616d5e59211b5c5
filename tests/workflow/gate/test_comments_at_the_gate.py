"""What was said of a suggestion, at the gate: nobody drops it, and none speaks for another."""

from gated import make_gate
from gitrepo import git, refs
from manualsmith.workflow.review.comment import NewComment, comment
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import STEP_BRANCH, STEP_ID, accept, record, reject

REF = f"refs/heads/{STEP_BRANCH}"
TOLD = f"+{STEP_BRANCH}"


def say(repo, text, by="R-07"):
    comment(open_workspace(repo), [STEP_ID], NewComment(text, "ask", by))


def test_what_was_said_goes_through_and_cannot_be_dropped(tmp_path):
    gate = make_gate(tmp_path)
    before = refs(gate.repo)[REF]
    say(gate.repo, "請改")
    assert gate.push(TOLD).code == 0
    said = refs(gate.repo)[REF]
    git(gate.repo, "update-ref", REF, before)
    refused = gate.push(TOLD)
    assert refused.code
    assert "it loses or changes what was said of it" in refused.said
    git(gate.repo, "update-ref", REF, said)
    say(gate.repo, "還有")
    assert gate.push(TOLD).code == 0


def test_a_decision_keeps_what_was_said(tmp_path):
    gate = make_gate(tmp_path)
    start = refs(gate.repo)
    say(gate.repo, "請改")
    assert gate.push(TOLD).code == 0
    said = refs(gate.repo)[REF]
    git(gate.repo, "update-ref", REF, start[REF])
    reject(gate.repo, STEP_ID)  # as if it had never been said
    refused = gate.push("main", f":{STEP_BRANCH}")
    assert refused.code
    assert "it loses or changes what was said of it" in refused.said
    git(gate.repo, "reset", "-q", "--hard", start["refs/heads/main"])
    git(gate.repo, "update-ref", REF, said)
    accept(gate.repo, STEP_ID)
    assert gate.push("main", f":{STEP_BRANCH}").code == 0
    assert [one.text for one in record(gate.repo, STEP_ID).comments] == ["請改"]


def test_who_pushes_speaks_under_their_own_name(tmp_path):
    gate = make_gate(tmp_path)
    git(gate.bare, "config", "--add", "manualsmith.mei.decides", "R-07")
    say(gate.repo, "請改", by="R-08")
    assert gate.push(TOLD, REMOTE_USER="mei").code
    git(gate.repo, "fetch", "-q", "origin", f"+{STEP_BRANCH}:{STEP_BRANCH}")
    say(gate.repo, "請改", by="R-07")
    assert gate.push(TOLD, REMOTE_USER="mei").code == 0
