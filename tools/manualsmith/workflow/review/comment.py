"""Say something of open suggestions: a comment, a change that is asked for, or other words.

It is kept in the suggestion's record, so its branch is written anew on the commit that it is on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from manualsmith.errors import Problem, UserError
from manualsmith.git.branches import RefInfo
from manualsmith.git.refs import checked_out_branches
from manualsmith.git.repository import Signature
from manualsmith.git.write import BranchWriter
from manualsmith.markdown.action_table import Action
from manualsmith.records.models.suggestion import Comment, Saying, Suggestion
from manualsmith.text import t
from manualsmith.workflow.landing.close import edited, outcome_of
from manualsmith.workflow.landing.left_behind import renewed
from manualsmith.workflow.landing.merger import moment_of
from manualsmith.workflow.landing.session import Session
from manualsmith.workflow.queue.branch import Branch, in_use, read_branches
from manualsmith.workflow.queue.branch_content import Content, author_of, read_content
from manualsmith.workflow.queue.outcomes import Outcome, Report, Status
from manualsmith.workflow.queue.reviewer_words import found_on
from manualsmith.workflow.queue.select import select
from manualsmith.workflow.review.decide import decided_before, in_the_way, in_words, refuse_unfit
from manualsmith.workflow.review.open_session import again, session
from manualsmith.workflow.review.publish import Publisher, report_of
from manualsmith.workflow.sharing.sync import Sharing
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already, rebuild
from manualsmith.workflow.workspace.snapshot import snapshot_of

_STATUS: dict[Saying, Status] = {"comment": "commented", "ask": "asked", "amend": "amended"}


@dataclass(frozen=True)
class NewComment:
    """What a person says of suggestions, and by whom where that is not git's author.

    wording: the edit in other words, at the same place, where it is amended: then no text is
    needed. seen: the commit that a suggestion's branch was at when the person looked, by its id.
    """

    text: str
    kind: Saying = "comment"
    by: str | None = None
    wording: Action | None = None
    seen: Mapping[str, str] = field(default_factory=dict)

    def signed(self, record: Suggestion, signature: Signature) -> Comment:
        """Return it as the record keeps it, said at the time of *signature*."""
        return Comment(
            kind=self.kind,
            by=self.by or signature.name,
            at=moment_of(signature),
            text=self.text.strip(),
            stood=record.stands if self.kind == "ask" else (),
        )


def comment(
    workspace: Workspace,
    names: Sequence[str],
    remark: NewComment,
    *,
    dry_run: bool = False,
    sharing: Sharing | None = None,
) -> Report:
    """Keep a remark in the record of each open suggestion that *names* name.

    One that is decided, that people have committed to, or that has changed since it was seen stays
    as it is, and its outcome says why. Raises UserError, with nothing written, for a name that is
    unknown, and for a text that is empty, too long, or holds personal data.
    """
    if remark.wording and (len(names) > 1 or remark.kind != "amend"):
        raise ValueError("a wording amends one suggestion")
    if not remark.text.strip() and not remark.wording:
        raise UserError(t("say what: the other side will read it"))
    refuse_unfit(remark.text, workspace.settings)
    return again(lambda: _comment(workspace, names, remark, dry_run, sharing))


def _comment(
    workspace: Workspace,
    names: Sequence[str],
    remark: NewComment,
    dry_run: bool,
    sharing: Sharing | None,
) -> Report:
    with session(workspace, "comment", dry_run=dry_run, sharing=sharing) as now:
        repository, main = workspace.repository, now.workspace.main.tip
        chosen = select(names, now.refs, now.snapshot)
        branches = read_branches(repository, now.reader, chosen.opened, main)
        held = checked_out_branches(repository)
        outcomes = [decided_before(record) for record in chosen.decided]
        with BranchWriter(repository) as writer:
            publisher = Publisher(now.workspace, writer, "comment")
            for info in chosen.opened:
                outcome, content = _said(now, branches[info.ref], info, remark, held.get(info.ref))
                outcomes.append(outcome)
                if content and not dry_run:
                    publisher.add(info.ref, info.tip, content, info.parents[0], author_of(info))
            tips = publisher.finish()
    return report_of(workspace, main, outcomes, tips, sharing)


def _said(
    now: Session, branch: Branch, info: RefInfo, remark: NewComment, checked_out: Path | None
) -> tuple[Outcome, Content | None]:
    """Return what becomes of one suggestion, and its content with the remark."""
    record = branch.record
    if record is None or not branch.pristine:
        words = found_on(now.workspace, now.snapshot, branch) if record else None
        return edited(branch, words), None
    reason = in_use(branch, checked_out)
    problem = in_the_way(now, branch, remark.seen.get(record.id))
    if problem or reason:
        told = (problem or Problem(reason or ""),)
        return replace(outcome_of(record, "refused", branch), problems=told), None
    try:
        content = _with(now, branch, info, remark)
    except Already as already:
        said = t("already in the manual: {places}", places=", ".join(already.places[:5]))
        return replace(outcome_of(record, "refused", branch), problems=(Problem(said),)), None
    except UserError as error:
        return replace(outcome_of(record, "refused", branch), problems=error.problems), None
    return outcome_of(content.record, _STATUS[remark.kind], branch), content


def _with(now: Session, branch: Branch, info: RefInfo, remark: NewComment) -> Content:
    """Return a suggestion's content with a remark, its pages in the words that it brings.

    Raises as `rebuild`.
    """
    content = read_content(now.reader, branch)
    said = remark.signed(content.record, now.landing.signature)
    record = content.record.model_copy(update={"comments": (*content.record.comments, said)})
    if remark.wording is None:
        return replace(content, record=record)
    worded = in_words(record, remark.wording, now.workspace.settings)
    parent = snapshot_of(now.workspace.repository, now.reader, info.parents[0])
    return renewed(content, rebuild(worded, parent, now.workspace.settings))
