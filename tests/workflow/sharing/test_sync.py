"""Suggestions and decisions through a git remote over HTTP: two desks, and a network that fails."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gitrepo import commit, git, make_repo, refs
from httpgit import git_server
from manuals import ENTRY, PAGES, STEP, write
from manualsmith.errors import UserError
from manualsmith.git.remotes import Unreachable
from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.review.comment import NewComment, comment
from manualsmith.workflow.review.decide import decide, reject_deleted
from manualsmith.workflow.review.refresh import refresh as put_on_main
from manualsmith.workflow.review.reopen import reopen
from manualsmith.workflow.service.read_confirmations import all_files
from manualsmith.workflow.sharing.sync import fetch, open_sharing, sync
from manualsmith.workflow.suggest.run import suggest as make_suggestions
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import (
    ENTRY_BRANCH,
    ENTRY_ID,
    PAGE,
    STEP_BRANCH,
    STEP_ID,
    branches,
    listed,
    page,
    record,
    statuses,
    whole,
)
from reviewing import suggest as suggest_here

STEP_REF, ENTRY_REF = f"refs/heads/{STEP_BRANCH}", f"refs/heads/{ENTRY_BRANCH}"


@pytest.fixture
def server(tmp_path):
    repo = make_repo(tmp_path, PAGES, name="first")
    with git_server(tmp_path, repo) as server:
        yield server


@pytest.fixture
def desks(tmp_path, server):
    """Two clones; the first has a confirmation that asks for two edits."""
    for name in ("one", "two"):
        git(tmp_path, "clone", "-q", server.address, name)
    write(tmp_path / "one", findings=(STEP, ENTRY))
    return tmp_path / "one", tmp_path / "two"


def suggest(repo):
    workspace = open_workspace(repo)
    files, problems = all_files(workspace)
    return make_suggestions(workspace, files, problems, sharing=open_sharing(workspace))


def decided(repo, state, *names, reason="不必改"):
    workspace = open_workspace(repo)
    return decide(workspace, names, Verdict(state, reason), sharing=open_sharing(workspace))


def looked(repo):
    return fetch(open_workspace(repo))[1]


def synced(repo):
    return sync(open_workspace(repo))


def refresh(repo, *names):
    workspace = open_workspace(repo)
    return put_on_main(workspace, names or None, sharing=open_sharing(workspace))


def own(found):
    """Return the branches and main of what `refs` found, without what is kept about a remote."""
    return {ref: tip for ref, tip in found.items() if ref.startswith("refs/heads/")}


def test_what_one_desk_suggests_another_sees_and_decides(server, desks):
    one, two = desks
    report = suggest(one)
    assert report.shared.pushed == (STEP_BRANCH, ENTRY_BRANCH)
    assert not report.refused
    assert looked(two).taken == (STEP_BRANCH, ENTRY_BRANCH)
    assert set(listed(two)) == {STEP_ID, ENTRY_ID}
    decided(two, "accepted", STEP_ID)
    decided(two, "rejected", ENTRY_ID)
    assert own(refs(server.bare)) == own(refs(two))
    assert list(own(refs(server.bare))) == ["refs/heads/main"]
    looked(one)
    assert own(refs(one)) == own(refs(two))
    assert page(one) == page(two) == (one / PAGE).read_text("utf-8")
    assert record(one, STEP_ID).decision.state == "accepted"
    for repo in (one, two, server.bare):
        whole(repo)


def test_pushing_again_pushes_nothing(server, desks):
    suggest(desks[0])
    before = len(server.pushes())
    report = suggest(desks[0])
    assert (report.shared.pushed, report.shared.taken) == ((), ())
    assert synced(desks[0]).pushed == ()
    assert len(server.pushes()) == before


def test_a_decision_is_one_push_of_main_and_the_branch(server, desks):
    suggest(desks[0])
    decided(desks[0], "accepted", STEP_ID, ENTRY_ID)
    assert server.pushes()[-1]["refs"] == ["refs/heads/main", STEP_REF, ENTRY_REF]


def test_two_desks_decide_at_once_and_both_decisions_land(server, desks):
    one, two = desks
    suggest(one)
    looked(two)
    decided(one, "accepted", STEP_ID)
    assert statuses(decided(two, "accepted", ENTRY_ID)) == {ENTRY_ID: "accepted"}
    looked(one)
    assert own(refs(one)) == own(refs(two)) == own(refs(server.bare))
    assert record(one, ENTRY_ID, manual="troubleshooting").decision
    assert record(one, STEP_ID).decision


def test_somebody_is_faster_between_looking_and_pushing(server, desks, monkeypatch):
    one, two = desks
    suggest(one)
    looked(two)
    from manualsmith.git.remotes import Remote

    push, others = Remote.push, ["once"]

    def slow_push(self, *args, **options):
        if self.repository.folder == two and others:
            others.pop()
            decided(one, "accepted", STEP_ID)
        return push(self, *args, **options)

    monkeypatch.setattr(Remote, "push", slow_push)
    assert statuses(decided(two, "accepted", ENTRY_ID)) == {ENTRY_ID: "accepted"}
    assert own(refs(two)) == own(refs(server.bare))
    assert git(two, "rev-list", "--count", "--merges", "main") == "2"


def test_the_second_to_decide_the_same_is_told(desks):
    one, two = desks
    suggest(one)
    looked(two)
    decided(one, "rejected", STEP_ID)
    [outcome] = decided(two, "accepted", STEP_ID).outcomes
    assert outcome.status == "refused"
    assert "不必改" in outcome.problems[0].message
    assert statuses(decided(two, "rejected", STEP_ID)) == {STEP_ID: "decided"}


@pytest.mark.parametrize("cut", ["service=git-upload-pack", "receive-pack"])
def test_a_decision_without_a_network_changes_nothing(server, desks, cut):
    one, _ = desks
    suggest(one)
    before, tree = refs(one), git(one, "status", "--porcelain")
    server.cut = cut
    with pytest.raises(Unreachable) as error:
        decided(one, "accepted", STEP_ID)
    assert "run it again" in str(error.value.problems[0].hint)
    assert (refs(one), git(one, "status", "--porcelain")) == (before, tree)
    server.cut = ""
    assert statuses(decided(one, "accepted", STEP_ID)) == {STEP_ID: "accepted"}
    assert own(refs(one)) == own(refs(server.bare))
    whole(one)


def test_the_answer_to_a_decision_is_lost(server, desks):
    one, _ = desks
    suggest(one)
    server.cut, server.after = "/git-receive-pack", True
    with pytest.raises(Unreachable):
        decided(one, "accepted", STEP_ID)
    assert STEP_REF not in refs(server.bare)
    assert STEP_REF in refs(one)
    server.cut = ""
    assert statuses(decided(one, "accepted", STEP_ID)) == {STEP_ID: "decided"}
    assert own(refs(one)) == own(refs(server.bare))
    assert page(one) == (one / PAGE).read_text("utf-8")


@pytest.mark.parametrize("cut", ["service=git-upload-pack", "receive-pack"])
def test_suggestions_made_without_a_network_stand_here_and_are_shared_later(server, desks, cut):
    one, two = desks
    server.cut = cut
    report = suggest(one)
    assert report.refused
    assert set(statuses(report).values()) == {"created"}
    assert "manualsmith sync" in str(report.shared.problems[0].hint)
    assert branches(one) == [STEP_REF, ENTRY_REF]
    server.cut = ""
    assert synced(one).pushed == (STEP_BRANCH, ENTRY_BRANCH)
    assert looked(two).taken == (STEP_BRANCH, ENTRY_BRANCH)


def test_decisions_taken_here_alone_are_shared_by_sync(server, desks):
    one, two = desks
    suggest(one)
    decide(open_workspace(one), [STEP_ID], Verdict("accepted"))
    assert looked(two).taken
    assert looked(one).taken == ()
    assert synced(one).pushed == ("main", STEP_BRANCH)
    assert own(refs(one)) == own(refs(server.bare))
    looked(two)
    assert own(refs(two)) == own(refs(server.bare))


def test_a_dry_run_says_what_sync_would_do_and_does_nothing(server, desks):
    one, two = desks
    suggest(one)
    decide(open_workspace(one), [STEP_ID], Verdict("accepted"))
    before = [refs(repo) for repo in (one, two, server.bare)]
    told = [sync(open_workspace(repo), dry_run=True) for repo in (one, two)]
    assert [refs(repo) for repo in (one, two, server.bare)] == before
    done = [synced(one), synced(two)]
    assert [(t.taken, t.pushed) for t in told] == [
        ((), ("main", STEP_BRANCH)),
        ((STEP_BRANCH, ENTRY_BRANCH), ()),
    ]
    assert (done[0].taken, done[0].pushed) == (told[0].taken, told[0].pushed)
    assert set(synced(two).pushed) == set()


def test_a_branch_that_changed_on_both_sides_is_left_alone(server, desks):
    one, two = desks
    suggest(one)
    looked(two)
    for repo, text in ((one, "甲"), (two, "乙")):
        git(repo, "switch", "-q", "-f", STEP_BRANCH)
        commit(repo, {PAGE: f"# {text}\n"})
        git(repo, "switch", "-q", "-f", "main")
    assert synced(one).pushed == (STEP_BRANCH,)
    before, there = own(refs(two)), own(refs(server.bare))
    shared = synced(two)
    assert "both sides" in shared.problems[0].message
    assert (own(refs(two)), own(refs(server.bare))) == (before, there)
    assert statuses(decided(two, "rejected", STEP_ID)) == {STEP_ID: "refused"}
    assert statuses(refresh(two, STEP_ID)) == {STEP_ID: "refused"}


def test_both_sides_put_a_branch_on_a_newer_main(server, desks):
    one, two = desks
    suggest(one)
    looked(two)
    for repo, text in ((one, "1"), (two, "2")):
        git(repo, "pull", "-q", "--ff-only")
        commit(repo, {"notes.md": text})
        git(repo, "push", "-q", "origin", "main")
        put_on_main(open_workspace(repo), None)
    assert synced(two).pushed == (STEP_BRANCH, ENTRY_BRANCH)
    shared = synced(one)
    assert (shared.problems, shared.taken) == ((), ("main", STEP_BRANCH, ENTRY_BRANCH))
    assert own(refs(one)) == own(refs(two)) == own(refs(server.bare))


def test_what_people_commit_on_the_git_host_is_taken_and_not_lost(server, desks):
    one, two = desks
    suggest(one)
    git(two, "fetch", "-q")
    git(two, "switch", "-q", STEP_BRANCH)
    theirs = commit(two, {PAGE: "# 我改的\n"})
    git(two, "push", "-q", "origin", STEP_BRANCH)
    assert statuses(decided(one, "rejected", STEP_ID)) == {STEP_ID: "refused"}
    assert refs(one)[STEP_REF] == refs(server.bare)[STEP_REF] == theirs


def test_a_branch_that_was_deleted_there_without_a_decision_is_kept(server, desks):
    one, _ = desks
    suggest(one)
    git(server.bare, "update-ref", "-d", STEP_REF)
    shared = synced(one)
    assert "without a decision" in shared.problems[0].message
    assert STEP_REF in refs(one)
    assert statuses(decided(one, "rejected", ENTRY_ID)) == {ENTRY_ID: "rejected"}


def test_a_branch_that_was_deleted_here_without_a_decision_comes_back(desks):
    one, _ = desks
    suggest(one)
    git(one, "update-ref", "-d", STEP_REF)
    assert looked(one).taken == (STEP_BRANCH,)


def test_what_is_opened_again_is_shared_and_taken(server, desks):
    one, two = desks
    suggest(one)
    looked(two)
    decided(one, "rejected", STEP_ID)
    looked(two)
    assert STEP_REF not in refs(two)
    workspace = open_workspace(one)
    assert reopen(workspace, [STEP_ID], sharing=open_sharing(workspace)).shared.pushed == (
        STEP_BRANCH,
    )
    assert looked(two).taken == (STEP_BRANCH,)
    assert looked(one).taken == ()


def test_decisions_that_both_desks_took_alone_all_stand(server, desks):
    one, two = desks
    suggest(one)
    looked(two)
    decide(open_workspace(two), [ENTRY_ID], Verdict("rejected", "不必改", by="S-0042"))
    at = record(two, ENTRY_ID, manual="troubleshooting").decision.at
    decided(one, "accepted", STEP_ID)
    shared = synced(two)
    assert (shared.problems, shared.pushed) == ((), ("main", ENTRY_BRANCH))
    looked(one)
    assert own(refs(one)) == own(refs(two)) == own(refs(server.bare))
    assert list(own(refs(one))) == ["refs/heads/main"]
    again = record(one, ENTRY_ID, manual="troubleshooting").decision
    assert (again.by, again.at, again.reason) == ("S-0042", at, "不必改")
    assert git(two, "status", "--porcelain") == ""
    whole(two)


def test_accepted_by_both_is_accepted_once(server, desks):
    one, two = desks
    suggest(one)
    looked(two)
    decide(open_workspace(two), [STEP_ID, ENTRY_ID], Verdict("accepted"))
    decided(one, "accepted", STEP_ID)
    assert synced(two).problems == ()
    assert own(refs(two)) == own(refs(server.bare))
    assert git(two, "rev-list", "--count", "--merges", "main") == "2"


def test_decided_in_two_ways_the_first_to_share_stands_and_the_other_is_told(server, desks):
    one, two = desks
    suggest(one)
    looked(two)
    decide(open_workspace(two), [STEP_ID], Verdict("accepted"))
    decided(one, "rejected", STEP_ID)
    shared = synced(two)
    assert "does not stand" in shared.problems[0].message
    assert "不必改" in shared.problems[0].message
    assert own(refs(two)) == own(refs(one)) == own(refs(server.bare))
    assert record(two, STEP_ID).decision.state == "rejected"


def test_what_was_accepted_here_and_lost_its_place_there_is_open_again(server, desks):
    one, two = desks
    suggest(one)
    looked(two)
    decide(open_workspace(two), [STEP_ID], Verdict("accepted"))
    commit(one, {PAGE: "# 全部重寫\n"})
    git(one, "push", "-q", "origin", "main")
    shared = synced(two)
    assert "does not stand" in shared.problems[0].message
    assert STEP_REF in refs(two)
    assert page(two) == "# 全部重寫\n"


def test_commits_of_ones_own_on_main_are_left_to_git(server, desks):
    one, two = desks
    suggest(one)
    looked(two)
    own_commit = commit(two, {"notes.md": "x\n"})
    decided(one, "accepted", STEP_ID)
    shared = synced(two)
    assert "different ways" in shared.problems[-1].message
    assert own(refs(server.bare)) == own(refs(one))
    assert own(refs(two))["refs/heads/main"] == own_commit
    with pytest.raises(UserError, match="different ways"):
        decided(two, "accepted", ENTRY_ID)


def test_a_protected_main_refuses_and_nothing_is_decided_here(server, desks):
    one, _ = desks
    suggest(one)
    before = refs(one)
    server.refuse("main is protected here")
    with pytest.raises(UserError, match="main is protected here"):
        decided(one, "accepted", STEP_ID)
    assert own(refs(one)) == own(before)


def test_local_changes_in_the_way_are_told_before_anything_is_pushed(server, desks):
    one, _ = desks
    suggest(one)
    (one / PAGE).write_text("# 還沒存\n", "utf-8")
    before = own(refs(server.bare))
    with pytest.raises(UserError, match="not committed"):
        decided(one, "accepted", STEP_ID)
    assert own(refs(server.bare)) == before


def test_a_remote_without_transactions_gets_main_first(server, desks):
    one, _ = desks
    suggest(one)
    git(server.bare, "config", "receive.advertiseAtomic", "false")
    decided(one, "accepted", STEP_ID)
    assert [push["refs"] for push in server.pushes()[-2:]] == [["refs/heads/main"], [STEP_REF]]
    assert own(refs(one)) == own(refs(server.bare))


def test_no_remote(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    with pytest.raises(UserError, match="no remote"):
        open_sharing(open_workspace(repo))


def test_gitlab_is_asked_for_a_merge_request_with_each_new_branch(server, desks):
    one, _ = desks
    git(one, "config", "manualsmith.forge", "gitlab")
    report = suggest(one)
    first = server.pushes()[0]
    assert first["refs"] == [STEP_REF]
    assert first["options"][:2] == ["merge_request.create", "merge_request.target=main"]
    assert any(option.startswith("merge_request.title=操作手冊：") for option in first["options"])
    assert [push["refs"] for push in server.pushes()] == [[STEP_REF], [ENTRY_REF]]
    assert report.shared.requests == ("http://git.example/shared/-/merge_requests/7",)
    commit(one, {"notes.md": "x\n"})
    refresh(one)
    assert server.pushes()[-1] == {"options": [], "refs": [STEP_REF, ENTRY_REF]}


def test_a_remote_that_takes_no_push_options_gets_the_branches(server, desks):
    one, _ = desks
    git(one, "config", "manualsmith.forge", "gitlab")
    git(server.bare, "config", "receive.advertisePushOptions", "false")
    assert suggest(one).shared.pushed == (STEP_BRANCH, ENTRY_BRANCH)
    assert {STEP_REF, ENTRY_REF} <= set(refs(server.bare))


@pytest.mark.parametrize("forge", ["gitea", "forgejo"])
def test_agit_gets_the_commit_on_refs_for(server, desks, forge):
    one, two = desks
    for repo in desks:
        git(repo, "config", "manualsmith.forge", forge)
    report = suggest(one)
    asked = [push for push in server.pushes() if push["refs"] == ["refs/for/main"]]
    assert [push["options"][0] for push in asked] == [f"topic={STEP_ID}", f"topic={ENTRY_ID}"]
    assert asked[0]["options"][-1] == "force-push=true"
    pull = f"refs/pull/{STEP_ID}/head"
    assert refs(server.bare)[pull] == refs(one)[STEP_REF]
    assert f"http://git.example/shared/pulls/{STEP_ID}" in report.shared.requests
    looked(two)
    before = len(server.pushes())
    assert synced(two).pushed == ()
    assert len(server.pushes()) == before
    commit(one, {"notes.md": "x\n"})
    refresh(one)
    assert refs(server.bare)[pull] == refs(one)[STEP_REF]


@pytest.fixture
def github(desks, monkeypatch):
    """A stand-in for GitHub's API that keeps what it is asked, and answers what it is told to."""
    asked, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, self.headers["Authorization"], body))
            status, content = answers.pop(0) if answers else (201, {"html_url": "http://gh/1"})
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def do_GET(self):
            asked.append((self.path, self.headers["Authorization"], None))
            status, content = answers.pop(0) if answers else (200, [])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *_):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}).start()
    git(desks[0], "config", "manualsmith.forge", "github")
    git(desks[0], "config", "manualsmith.forgeApi", f"http://127.0.0.1:{http.server_port}")
    monkeypatch.setenv("GITHUB_TOKEN", "secret-of-mine")
    yield asked, answers
    http.shutdown()
    http.server_close()


def test_github_is_asked_once_for_each_branch(desks, github):
    asked, _ = github
    report = suggest(desks[0])
    assert [path for path, _, _ in asked] == ["/repos/shared/pulls"] * 2
    _, token, body = asked[0]
    assert token == "Bearer secret-of-mine"
    assert (body["head"], body["base"]) == (STEP_BRANCH, "main")
    assert body["title"].startswith("操作手冊：")
    assert report.shared.requests == ("http://gh/1",)
    suggest(desks[0])
    assert len(asked) == 2


def pull(branch, state, merged=None):
    return {"head": {"ref": branch}, "state": state, "merged_at": merged, "html_url": "http://gh/7"}


def test_a_pull_request_that_was_closed_is_told(desks, github):
    suggest(desks[0])
    _, answers = github
    again = [pull(ENTRY_BRANCH, "open"), pull(ENTRY_BRANCH, "closed")]
    answers.append((200, [pull(STEP_BRANCH, "closed"), *again, pull("others", "closed"), "x"]))
    [problem] = sync(open_workspace(desks[0])).problems
    assert problem.message.startswith(f"{STEP_ID}: its merge request was closed, not merged: http")
    answers.append((200, [pull(STEP_BRANCH, "closed", "2026-11-20T00:00:00Z")]))
    assert sync(open_workspace(desks[0])).problems == ()
    answers.append((403, {"message": "no"}))
    assert sync(open_workspace(desks[0])).problems == ()


def test_a_pull_request_that_was_closed_is_rejected_where_the_settings_say_so(desks, github):
    commit(desks[0], {"pyproject.toml": '[tool.manualsmith]\non_deleted = "reject"\n'})
    suggest(desks[0])
    _, answers = github
    answers.append((200, [pull(STEP_BRANCH, "closed")]))
    assert sync(open_workspace(desks[0]), ended=reject_deleted).problems == ()
    assert set(listed(desks[0])) == {ENTRY_ID}


def test_github_has_one_already(desks, github):
    asked, answers = github
    answers += [(422, {"message": "Validation Failed: A pull request already exists"})] * 2
    assert not suggest(desks[0]).refused
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("answer", "said"), [((403, {"message": "Forbidden to you"}), "Forbidden"), ((302, {}), "302")]
)
def test_github_refuses_and_is_asked_again(server, desks, github, answer, said):
    asked, answers = github
    answers.append(answer)
    report = suggest(desks[0])
    assert report.refused
    told = str(report.shared.problems[0])
    assert said in told
    assert "secret-of-mine" not in told
    assert {STEP_REF, ENTRY_REF} <= set(refs(server.bare))
    assert not synced(desks[0]).problems
    assert "/elsewhere" not in [path for path, _, _ in asked]
    assert len([body for _, _, body in asked if body]) == 3


def test_github_without_a_token(server, desks, github, monkeypatch):
    asked, _ = github
    monkeypatch.delenv("GITHUB_TOKEN")
    report = suggest(desks[0])
    assert "GITHUB_TOKEN" in str(report.shared.problems[0].hint)
    assert not asked
    assert STEP_REF in refs(server.bare)


def said(repo, text):
    remark = NewComment(text, "ask", "R-07")
    return comment(
        open_workspace(repo), [STEP_ID], remark, sharing=open_sharing(open_workspace(repo))
    )


def test_what_was_said_is_a_note_on_githubs_request_once(desks, github):
    suggest(desks[0])
    asked, answers = github
    answers += [(200, [{"number": 7}]), (201, {})]
    assert not said(desks[0], "請寫出按鈕的名稱").refused
    looked_for, noted = asked[-2:]
    assert looked_for[0].startswith("/repos/shared/pulls?state=open&head=shared%3Asuggest%2F")
    assert noted[0] == "/repos/shared/issues/7/comments"
    assert "R-07" in noted[2]["body"]
    assert "請寫出按鈕的名稱" in noted[2]["body"]
    before = len([body for _, _, body in asked if body])
    synced(desks[0])
    assert len([body for _, _, body in asked if body]) == before


def test_gitlabs_request_says_in_its_description_what_was_said(server, desks):
    one, _ = desks
    git(one, "config", "manualsmith.forge", "gitlab")
    suggest(one)
    assert said(one, "請寫出按鈕的名稱").shared.pushed == (STEP_BRANCH,)
    [option] = server.pushes()[-1]["options"]
    assert option.startswith("merge_request.description=")
    assert "請寫出按鈕的名稱" in option


def test_what_was_said_reaches_the_other_desk(desks):
    one, two = desks
    suggest(one)
    said(one, "請改")
    looked(two)
    assert [c.text for c in record(two, STEP_ID, STEP_BRANCH).comments] == ["請改"]
    assert listed(two)[STEP_ID].account.turn == "author"


def test_a_token_goes_over_https_alone(desks, github):
    git(desks[0], "config", "manualsmith.forgeApi", "http://127.0.0.1.example")
    report = suggest(desks[0])
    assert "https" in str(report.shared.problems[0])
    assert not github[0]


def test_an_unknown_forge_is_refused(desks):
    git(desks[0], "config", "manualsmith.forge", "gitlub")
    with pytest.raises(UserError, match="gitlub"):
        open_sharing(open_workspace(desks[0]))


def test_suggesting_with_what_others_shared_joins_it(desks):
    one, two = desks
    suggest(one)
    write(two, 2, findings=(STEP,))
    assert list(statuses(suggest(two)).values()) == ["joined"]
    looked(one)
    assert len(record(one, STEP_ID, STEP_BRANCH).evidence) == 1
    assert set(statuses(suggest_here(one)).values()) == {"unchanged"}
