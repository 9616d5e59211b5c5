"""Take a suggestion off the queue: its record goes to main with who decided, when and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import headers
from manualsmith.git.branches import describe_commits
from manualsmith.git.history import MainCommit, steps
from manualsmith.git.repository import Signature
from manualsmith.layout import MANUALS, page_path, writing
from manualsmith.markdown.action_table import Action
from manualsmith.records.models.suggestion import Decision, State, Suggestion, dump_suggestion
from manualsmith.text import t
from manualsmith.workflow.landing.left_behind import rebuild_branch, renewed
from manualsmith.workflow.landing.merger import moment_of
from manualsmith.workflow.landing.session import Session
from manualsmith.workflow.queue.branch import Branch, record_path
from manualsmith.workflow.queue.branch_content import Content, author_of
from manualsmith.workflow.queue.commit_messages import decision_message
from manualsmith.workflow.queue.decision_words import said_already
from manualsmith.workflow.queue.outcomes import Outcome, Status
from manualsmith.workflow.queue.reviewer_words import AsFound
from manualsmith.workflow.workspace.changed_page import new_pages
from manualsmith.workflow.workspace.followed_pages import redirects_to_offer
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already, Rebuilt
from manualsmith.workflow.workspace.snapshot import Snapshot

SHOWN = 3


@dataclass(frozen=True)
class Verdict:
    """What a person decides: the state, why, and by whom where that is not git's author.

    wording: the edit as the one who accepts words it, at the same place. seen: the commit that the
    suggestion's branch was at when the person looked. Both are for one suggestion alone.
    as_edited: in the words that people have given it on its branch. seen_each: as *seen*, by the
    suggestion's id, where several are decided.
    """

    state: State
    reason: str = ""
    by: str | None = None
    wording: Action | None = None
    seen: str | None = None
    as_edited: bool = False
    seen_each: Mapping[str, str] = field(default_factory=dict)

    def signed(self, signature: Signature) -> Decision:
        """Return the decision as a record keeps it, taken at the time of *signature*."""
        return Decision(
            state=self.state,
            by=self.by or signature.name,
            at=moment_of(signature),
            reason=self.reason.strip(),
        )


def land(
    now: Session, branch: Branch, content: Content, rebuilt: Rebuilt, decision: Decision
) -> Outcome:
    """Merge an accepted suggestion: its pages as they are on today's main, and its record."""
    pages = new_pages(rebuilt.pages)
    record = rebuilt.record.model_copy(update={"decision": decision})
    files = {**_evidence(now.snapshot, content), **pages}
    _write(now, files, record, branch, merged=_to_merge(now, branch, content))
    notes = redirects_to_offer(MANUALS[record.manual], record.edits, rebuilt.pages)
    told = outcome_of(record, "accepted", branch)
    return replace(told, changed=rebuilt.pages, notes=notes)


def _to_merge(now: Session, branch: Branch, content: Content) -> str:
    """Return the commit that a merge brings: the branch's own, or one that is made on main now.

    What a branch that was left behind rests on is not to come to main with it.
    """
    if now.dry_run or not branch.left_behind:
        return branch.tip
    try:
        rebuilt = rebuild_branch(now.workspace, now.reader, branch, content.record, now.snapshot)
    except (Already, UserError):
        return branch.tip
    [info] = describe_commits(now.workspace.repository, [branch.tip])
    return now.landing.propose(renewed(content, rebuilt), author_of(info))


def close(now: Session, branch: Branch, content: Content, decision: Decision) -> Outcome:
    """Put the record alone on main, with its decision, and the confirmations that main lacks.

    One that is withdrawn rests on what was taken back, and brings none.
    """
    record = content.record.model_copy(update={"decision": decision})
    withdrawn = decision.state == "withdrawn"
    files = {} if withdrawn else _evidence(now.snapshot, content)
    _write(now, files, record, branch)
    return replace(outcome_of(record, decision.state, branch), message=decision.reason or None)


def supersede(
    now: Session, branch: Branch, content: Content, already: Already, decision: Decision
) -> Outcome:
    """Close a suggestion that main says already; the reason says where, and who put it there."""
    steps = since(now.workspace, content.record)[:SHOWN]
    reason = said_already(content.record.manual, already.places)
    with writing(content.record.manual):
        named = (
            t("{name} ({commit})", name=step.suggestion or step.subject, commit=step.commit[:9])
            for step in steps
        )
        if by := t(", ").join(named):
            reason = t("{reason}; corrected by {steps}", reason=reason, steps=by)
    closed = decision.model_copy(update={"state": "superseded", "reason": reason})
    return close(now, branch, content, closed)


def _write(
    now: Session,
    files: Mapping[str, bytes | None],
    record: Suggestion,
    branch: Branch,
    merged: str | None = None,
) -> None:
    """Write the commit, and take its files as main's for what is decided after it."""
    everything: dict[str, bytes | None] = {**files, record_path(record): dump_suggestion(record)}
    if not now.dry_run and record.decision:
        author = now.landing.decider(record.decision.by, record.decision.at)
        message = decision_message(record)
        now.landing.add(everything, message, author, branch.ref, branch.tip, merged)
    for path, data in everything.items():
        now.snapshot.put(path, data)


def _evidence(snapshot: Snapshot, content: Content) -> dict[str, bytes | None]:
    """Return the confirmations that main does not have yet."""
    confirmations = content.confirmations.items()
    return {path: data for path, data in confirmations if snapshot.entry(path) is None}


def outcome_of(record: Suggestion, status: Status, branch: Branch | None = None) -> Outcome:
    """Return an outcome with what a record says of itself."""
    return Outcome(
        status,
        record.id,
        record.summary,
        record.confirmation.id,
        manual=record.manual,
        branch=branch.name if branch else None,
        commit=branch.tip if branch else None,
        pages=tuple(edit.page for edit in record.edits),
    )


def not_as_recorded(branch: Branch) -> Outcome:
    """Return the outcome of a branch that holds what its record does not say."""
    name = branch.ref.rpartition("/")[2]
    hint = t(
        "drop what was added by hand: manualsmith review refresh --discard-edits {id}", id=name
    )
    told = Outcome("refused", name, "", "", branch=branch.name, commit=branch.tip)
    told = outcome_of(branch.record, "refused", branch) if branch.record else told
    faults = (t("{branch}: {fault}", branch=branch.name, fault=fault) for fault in branch.faults)
    return replace(told, problems=tuple(Problem(fault, hint=hint) for fault in faults))


def edited(branch: Branch, words: AsFound | None) -> Outcome:
    """Return the outcome of a branch that people have committed to, with what can be done of it."""
    told = not_as_recorded(branch)
    if words is None:
        return told
    if words.beyond:
        more = Problem(t("it changes more than its words: {paths}", paths=", ".join(words.beyond)))
        return replace(told, problems=(*told.problems, more))
    [hint] = {problem.hint for problem in told.problems}
    command = f"manualsmith review accept --as-edited {told.id}"
    hint = "\n".join([t("accept it as it was edited: {command}", command=command), hint or ""])
    return replace(told, problems=tuple(replace(one, hint=hint) for one in told.problems))


def conflict(now: Session, branch: Branch, record: Suggestion, error: UserError) -> Outcome:
    """Return the outcome of a suggestion that has no place on today's main, with what it met."""
    met = tuple(
        t(
            "since then {name} changed the page ({commit} {subject})",
            name=step.suggestion or t("a commit"),
            commit=step.commit[:9],
            subject=step.subject,
        )
        for step in since(now.workspace, record)[:SHOWN]
    )
    return replace(outcome_of(record, "refused", branch), problems=error.problems, notes=met)


def since(workspace: Workspace, record: Suggestion) -> list[MainCommit]:
    """Return the commits of main that changed a suggestion's pages since it was made.

    None where the commit that it was made on is not here, as in a shallow clone.
    """
    if headers(workspace.repository, [record.base]) == [None]:
        return []
    pages = [page_path(record.manual, edit.page) for edit in record.edits]
    return steps(workspace.repository, record.base, workspace.main.tip, pages)
