"""Verify: each field of a record is changed alone, on a branch and on main, and is told.

A field that is new to the models has no case here, and fails until it has one.
"""

from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from doctoring import Made, faults, made_on_main, with_records
from gitrepo import commit, git, make_repo
from manuals import FACT, PAGES, SIGN_IN, STEP, write
from manualsmith.layout import MANUALS, suggestion_branch
from manualsmith.markdown.edit_models import EditAction, ReplaceStep
from manualsmith.records.models.suggestion import (
    Comment,
    ConfirmationRef,
    Decision,
    EditRecord,
    EvidenceRef,
    FactRecord,
    FileResult,
    Mention,
    Suggestion,
    TextChange,
)
from manualsmith.workflow.review.reopen import reopen
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import accept, refresh, reject, suggest
from shots import after_step, bringing, shot

ID = "ENV-2026-0001-1"
FACT_ID = "ENV-2026-0001-operation-client.version"
MOVE = STEP.replace(
    "{action: replace-step, section: [第一次登入], step: 3, text: 按「允許存取」。}",
    "{action: move-page, to: account/sign-in.md}",
)
REMOVE = MOVE.replace("{action: move-page, to: account/sign-in.md}",
                      "{action: remove-page, replaced_by: unbound.md}")  # fmt: skip
NESTED = {
    **PAGES,
    "manuals/operation/sign-in.md": SIGN_IN.replace(
        "3. 按登入。", "3. 按登入。\n\n   > 或按 Enter。"
    ),
    "manuals/operation/more.md": "# 更多\n\n見[登入](sign-in.md)。\n",
}


def finding(repo, *, others=True):
    """Two confirmations of one finding, with a note of what else the step held."""
    write(repo, findings=(STEP,))
    if others:
        write(repo, 2, findings=(STEP,))
    suggest(repo)
    return ID


def on_main_already(repo):
    """A suggestion whose confirmations main has: its branch brings none."""
    write(repo, findings=(STEP,))
    write(repo, 2, findings=(STEP,))
    commit(repo, {})
    suggest(repo)
    return ID


def same_words(repo):
    """Two confirmations that put the same words there by two actions."""
    write(repo, findings=(STEP,))
    other = STEP.replace("replace-step", "replace-text").replace("step: 3", "quote: 按登入。")
    write(repo, 2, findings=(other,))
    suggest(repo)
    return ID


def fact(repo):
    """A fact that two confirmations report, with pages that only mention it."""
    write(repo, facts=FACT, findings=())
    write(repo, 2, facts=FACT, findings=())
    suggest(repo)
    return FACT_ID


def fact_with_a_note(repo):
    """A fact whose reason is the note that the staff wrote."""
    write(repo, facts=FACT.replace("}", ", note: 上週更新}"), findings=())
    suggest(repo)
    return FACT_ID


def variant(repo):
    """A fact beside which another environment has another value."""
    write(repo, facts=FACT, findings=())
    write(repo, 2, facts=FACT.replace("3.16", "3.15"), findings=())
    suggest(repo)
    return FACT_ID.replace("0001", "0002")


def opened_again(repo):
    """What was rejected, and reported again by somebody else."""
    write(repo, findings=(STEP,))
    suggest(repo)
    reject(repo, ID)
    write(repo, 2, findings=(STEP,), staff=None)
    suggest(repo)
    return ID.replace("0001", "0002")


def taken_up_again(repo):
    """What was rejected and opened again by somebody who did not propose it."""
    write(repo, findings=(STEP,), staff=None)
    suggest(repo)
    reject(repo, ID)
    git(repo, "config", "user.name", "S-0777")
    reopen(open_workspace(repo), [ID])
    return ID


def on_a_newer_main(repo):
    """A suggestion that was put on a main whose page is another by now."""
    finding(repo, others=False)
    text = NESTED["manuals/operation/sign-in.md"].replace("# 登入\n", "# 登入\n\n新的一段。\n", 1)
    commit(repo, {"manuals/operation/sign-in.md": text})
    refresh(repo)
    return ID


def fact_on_a_newer_main(repo):
    """A fact that was put on a main on which one of two pages says so already."""
    page = "manuals/operation/second.md"
    commit(repo, {page: SIGN_IN})
    write(repo, facts=FACT, findings=())
    suggest(repo)
    commit(repo, {page: SIGN_IN.replace("3.13", "3.16")})
    refresh(repo)
    return FACT_ID


def moves(repo):
    """A page that moves, with a link to it that follows."""
    write(repo, findings=(MOVE,))
    suggest(repo)
    return ID


def goes(repo):
    """A page whose place another one takes, put on a newer main."""
    write(repo, findings=(REMOVE,))
    suggest(repo)
    commit(repo, {"notes.txt": "x"})
    refresh(repo)
    return ID


def moved_since(repo):
    """A suggestion whose page has moved since it was made."""
    write(repo, 1, findings=(STEP,))
    suggest(repo)
    write(repo, 2, findings=(MOVE,))
    suggest(repo)
    accept(repo, ID.replace("0001", "0002"))
    refresh(repo)
    return ID


def brings(repo):
    """A suggestion that brings a picture, put on a main that moved on."""
    file = write(repo, findings=(bringing(after_step()),))
    (file.parent / "shot.png").write_bytes(shot())
    suggest(repo)
    (file.parent / "shot.png").unlink()
    commit(repo, {"notes.txt": "x"})
    refresh(repo)
    return ID


SCENES: list[Callable[..., str]] = [
    finding, on_main_already, same_words, fact, fact_with_a_note, variant, opened_again,
    taken_up_again, on_a_newer_main, fact_on_a_newer_main, moves, goes, moved_since,
    brings,
]  # fmt: skip


def made(repo, scene, *, merged):
    """Return what a scene made: a suggestion's branch, or the merge of it on main."""
    name = scene(repo)
    manual = MANUALS["troubleshooting" if "troubleshooting" in name else "operation"]
    ref = suggestion_branch(manual, name)
    branch = Made(repo, ref, git(repo, "rev-parse", ref))
    return made_on_main(branch, name) if merged else branch


NOBODY = "ab" * 20
WORDS = "別的"
ONE_CHANGE = TextChange(section=(WORDS,), line=1, before="a", after="b")
OLD = Decision(state="rejected", by="S-0009", at="2026-11-20T09:30:00+08:00", reason=WORDS)
# That it was joined, where main has the confirmation that joined it: the branch brings none then.
NOTHING_TELLS = {on_main_already: ["Suggestion.evidence"]}
REWORDED = ReplaceStep(action="replace-step", section=("第一次登入",), step="3", text=WORDS)
REMARK = Comment(by="S-0009", at="2026-11-20T09:30:00+08:00", text=WORDS)
LINE = Mention(manual="operation", page="other.md", line=5, text="3.13")


def words(old: Any) -> list[Any]:
    return [f"{old or ''}{WORDS}"]


def others(*new: Any) -> Callable[[Any], list[Any]]:
    return lambda old: [one for one in new if one != old]


def items(more: Any) -> Callable[[Any], list[Any]]:
    """One more, the last one gone, the first one twice."""
    return lambda old: [(*old, more), *([old[:-1], (old[0], *old)] if old else [])]


def other_edits(edit: Any) -> list[Any]:
    """Return edits that are otherwise in one field, without asking whether they make sense."""
    return [edit.model_copy(update={n: other_value(v)}) for n, v in edit if n != "action"]


def other_value(old: Any) -> Any:
    if isinstance(old, BaseModel):
        name, value = next(iter(old))
        return old.model_copy(update={name: other_value(value)})
    return (*old, WORDS) if isinstance(old, tuple) else f"{old or ''}{WORDS}"


OTHERWISE: dict[tuple[type[BaseModel], str], Callable[[Any], list[Any]]] = {
    (Suggestion, "schema_"): others("manualsmith/suggestion/v2"),
    (Suggestion, "id"): others("ENV-2026-0001-7", "ENV-2026-0009-1", FACT_ID + "x"),
    (Suggestion, "output"): others("O1.2.2", "O1.1.1"),
    (Suggestion, "indicators"): others((), ("P1.2.2",), ("P1.2.1", "P1.2.1")),
    (Suggestion, "decision"): others(None, OLD, OLD.model_copy(update={"state": "accepted"})),
    (Suggestion, "history"): items(OLD),
    (Suggestion, "comments"): items(REMARK),
    (Suggestion, "manual"): others("troubleshooting"),
    (Suggestion, "product"): others("", "other"),
    (Suggestion, "release"): others("30"),
    (Suggestion, "kind"): others("finding", "fact"),
    (Suggestion, "finding"): others(None, 2),
    (Suggestion, "fact"): lambda old: [None] if old else [
        FactRecord(category="software", fact="client.version", documented="3.13", observed="3.16")
    ],
    (Suggestion, "summary"): words,
    (Suggestion, "reason"): words,
    (Suggestion, "confirmation"): others(ConfirmationRef(id="ENV-2026-0009", blob=NOBODY)),
    (Suggestion, "evidence"): items(EvidenceRef(id="ENV-2026-0009", blob=NOBODY, finding=1)),
    (Suggestion, "base"): others(NOBODY),
    (Suggestion, "proposer"): words,
    (Suggestion, "edits"): lambda old: [(), (*old, old[0])],
    (Suggestion, "notes"): items("已由主管核准"),
    (Suggestion, "mentions"): items(LINE),
    (ConfirmationRef, "id"): others("ENV-2026-0009"),
    (ConfirmationRef, "blob"): others(NOBODY),
    (EvidenceRef, "id"): others("ENV-2026-0009", "ENV-2026-0001"),
    (EvidenceRef, "blob"): others(NOBODY),
    (EvidenceRef, "finding"): others(None, 1, 2),
    (FactRecord, "category"): others("hardware"),
    (FactRecord, "fact"): others("server.version"),
    (FactRecord, "documented"): words,
    (FactRecord, "observed"): words,
    (FactRecord, "variant"): others(True, False),
    (TextChange, "section"): items(WORDS),
    (TextChange, "line"): lambda old: [old + 1],
    (TextChange, "before"): words,
    (TextChange, "after"): words,
    (TextChange, "prefix"): words,
    (TextChange, "suffix"): words,
    (FileResult, "path"): others("manuals/operation/other.md"),
    (FileResult, "result"): others(None, NOBODY),
    (EditRecord, "page"): others("other.md", "unbound.md"),
    (EditRecord, "edit"): other_edits,
    (EditRecord, "instead"): others(None, REWORDED),
    (EditRecord, "asked"): others(None, "other.md", "sign-in.md"),
    (EditRecord, "blob"): others(None, NOBODY),
    (EditRecord, "picture"): others(None, NOBODY),
    (EditRecord, "result"): others(None, NOBODY),
    (EditRecord, "changes"): items(ONE_CHANGE),
    (EditRecord, "also"): items(FileResult(path="manuals/operation/other.md")),
    (Mention, "manual"): others("troubleshooting"),
    (Mention, "page"): others("other.md"),
    (Mention, "line"): lambda old: [old + 1],
    (Mention, "text"): words,
    (Comment, "kind"): others("ask"),
    (Comment, "by"): words,
    (Comment, "at"): others("2026-11-20"),
    (Comment, "text"): words,
    (Comment, "stood"): lambda old: [()],
    (Decision, "state"): others("rejected", "withdrawn"),
    (Decision, "by"): words,
    (Decision, "at"): others("2026-11-20"),
    (Decision, "reason"): words,
    (Decision, "how"): others("merge", "squash", "revert"),
    (Decision, "commit"): others(NOBODY),
    (Decision, "beyond"): items("manuals/operation/other.md"),
}  # fmt: skip


def models(of: type[BaseModel]) -> set[type[BaseModel]]:
    """Return a record's models: its own and those that its fields are made of, but no action."""
    found, left = set(), [of]
    while left:
        one = left.pop()
        if one not in found and not issubclass(one, EditAction):
            found.add(one)
            left += [m for f in one.model_fields.values() for m in _inside(f.annotation)]
    return found


def _inside(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _inside(part)]


def test_each_field_of_a_record_has_a_case():
    fields = {(model, name) for model in models(Suggestion) for name in model.model_fields}
    assert len(fields) > 50
    assert fields == set(OTHERWISE)


def variants(record: BaseModel) -> Iterator[tuple[str, BaseModel]]:
    """Yield a record with one field otherwise, at any depth, each with the field's name."""
    for name in type(record).model_fields:
        old = getattr(record, name)
        told = f"{type(record).__name__}.{name}"
        for new in OTHERWISE[type(record), name](old):
            if new != old:
                yield told, record.model_copy(update={name: new})
        parts = enumerate(old) if isinstance(old, tuple) else [(None, old)]
        for at, part in parts:
            if (type(part), next(iter(getattr(type(part), "model_fields", ())), "")) in OTHERWISE:
                for inner, changed in variants(part):
                    whole = changed if at is None else (*old[:at], changed, *old[at + 1 :])
                    yield inner, record.model_copy(update={name: whole})


def test_a_confirmation_counts_once(tmp_path):
    one = made(make_repo(tmp_path, NESTED), finding, merged=False)
    record = one.record()
    twice = record.model_copy(update={"evidence": (*record.evidence, *record.evidence)})
    [said] = faults(one, with_records(one, [twice]))
    assert "its record names ENV-2026-0002 twice" in said


def test_a_decision_is_no_branch_s(tmp_path):
    one = made(make_repo(tmp_path, NESTED), finding, merged=False)
    decided = one.record().model_copy(update={"decision": OLD})
    [said] = faults(one, with_records(one, [decided]))
    assert "its record holds a decision" in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("的環境是 3.16", "的環境是 3.20"),
        ("的環境是 3.16", "的環境是 3.15"),
        ("ENV-2026-0001", "ENV-2026-0002"),
        ("-operation-", "-troubleshooting-"),
        ("-client.version", "-server.version"),
    ],
)
def test_what_another_environment_is_said_to_have(tmp_path, old, new):
    one = made(make_repo(tmp_path, NESTED), variant, merged=False)
    record = one.record()
    assert old in record.reason
    changed = record.model_copy(update={"reason": record.reason.replace(old, new)})
    [said] = faults(one, with_records(one, [changed]))
    assert "does not ask for this edit" in " ".join(said)


def test_a_base_on_which_the_pages_are_the_same_means_the_same(tmp_path):
    """The one thing in a record that nothing tells; on another page it is told."""
    repo = make_repo(tmp_path, {**NESTED, "manuals/operation/sign-in.md": SIGN_IN})
    older = git(repo, "rev-parse", "main")
    commit(repo, {"manuals/operation/sign-in.md": NESTED["manuals/operation/sign-in.md"]})
    same = git(repo, "rev-parse", "main")
    commit(repo, {"notes.txt": "x"})
    one = made(repo, finding, merged=False)
    tree = git(repo, "rev-parse", "main^{tree}")
    aside = git(repo, "commit-tree", tree, "-p", "main", "-m", "x")
    bases = [one.record().model_copy(update={"base": base}) for base in (same, older, aside)]
    first, second, third = faults(one, with_records(one, bases))
    assert first == []
    assert second
    assert third == ["its record names a base that is not in the history that it stands on"]


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")  # a number that is a word
@pytest.mark.parametrize(
    ("scene", "merged"),
    [
        *((scene, False) for scene in SCENES),
        *((scene, True) for scene in (finding, fact, variant, taken_up_again, moves)),
    ],
    ids=lambda one: one.__name__ if callable(one) else "main" if one else "branch",
)
def test_a_field_that_is_otherwise_is_told(tmp_path, scene, merged):
    one = made(make_repo(tmp_path, NESTED), scene, merged=merged)
    record = one.record()
    found = [("", record), *variants(record)]
    commits = with_records(one, [changed for _, changed in found])
    told = faults(one, commits)
    assert told[0] == []
    assert len(told) > 40
    free = [name for (name, _), said in zip(found, told, strict=True) if not said]
    # what people say of an open suggestion is theirs alone to say; the gate sees that none is lost
    said = () if merged else ("Suggestion.comments",)
    assert free == ["", *said, *NOTHING_TELLS.get(scene, ())]
