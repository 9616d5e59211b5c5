"""A suggestion's record (O1.2.1 操作手冊建議修正紀錄, O1.2.2 障礙排除手冊建議修正紀錄).

The bytes of a record follow from its values alone, on any machine. A suggestion without a decision
is open: its branch says so, not its record.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from manualsmith.errors import UserError
from manualsmith.layout import MANUALS, writing
from manualsmith.markdown.action_table import Action, Edit
from manualsmith.markdown.edit_models import Model, same_place
from manualsmith.records.ids import fact_suggestion_id, finding_suggestion_id
from manualsmith.records.models.fields import (
    ConfirmationId,
    FactName,
    FilePath,
    ManualName,
    Moment,
    ObjectId,
    PagePath,
    Release,
    SuggestionId,
)
from manualsmith.records.problems import in_order, problems_of
from manualsmith.records.yaml.read_yaml import Limits, read
from manualsmith.records.yaml.swallowed_text import swallowed
from manualsmith.records.yaml.write_yaml import emit
from manualsmith.text import LANGUAGES, speaking, t

# made by the tool: one fact may edit every page of a manual
LIMITS = Limits(max_bytes=64 << 20, nodes=2_000_000)


class _Part(Model):
    model_config = ConfigDict(title="建議修正紀錄")


class ConfirmationRef(_Part):
    """The confirmation that a suggestion rests on: its id and the blob id of its bytes."""

    id: ConfirmationId
    blob: ObjectId


class EvidenceRef(ConfirmationRef):
    """A further confirmation that reports the same difference: by which finding, or by a fact."""

    finding: int | None = None


class FactRecord(_Part):
    """The fact that a suggestion rests on.

    ``variant`` says that another environment disagrees: the page keeps its value, and names this
    one beside it.
    """

    category: str
    fact: FactName
    documented: str
    observed: str
    variant: bool = False


class TextChange(_Part):
    """One change of a page's text, with the words around it; ``line`` is the old page's, from 1."""

    section: tuple[str, ...] = ()
    line: int
    before: str = ""
    after: str = ""
    prefix: str = ""
    suffix: str = ""


class FileResult(_Part):
    """A further file that an edit changes: its path in the repository, and what it holds then.

    None where it is gone. It is a page, a picture that the edit brings, or the settings of the
    site, whose nav names pages.
    """

    path: FilePath
    result: ObjectId | None = None


class EditRecord(_Part):
    """One page's edit as asked for, and what became of it.

    ``instead`` is the edit as a reviewer worded it before accepting it, at the same place.
    ``blob`` is None for a new page, ``result`` for one that is moved or removed. ``also`` are the
    other files that follow from that. ``asked`` is the page's path as the confirmation has it,
    where the page has moved since. ``picture`` is the blob of the picture that the edit brings.
    """

    page: PagePath
    edit: Edit
    instead: Edit | None = None
    asked: PagePath | None = None
    blob: ObjectId | None = None
    picture: ObjectId | None = None
    result: ObjectId | None = None
    changes: tuple[TextChange, ...] = ()
    also: tuple[FileResult, ...] = ()

    @property
    def as_asked(self) -> tuple[str, Action]:
        """The page and the edit that the confirmation asks for."""
        return self.asked or self.page, self.edit

    @property
    def before_moves(self) -> "EditRecord":
        """The same on the page's path as the confirmation has it, wherever it was found since."""
        return self.model_copy(update={"page": self.asked or self.page, "asked": None})

    @property
    def made(self) -> Action:
        """The edit that is made: as the reviewer worded it, else as it was asked for."""
        return self.instead or self.edit

    @property
    def written(self) -> Action:
        """The edit that is made, with the picture that it brings in its words. Raises UserError."""
        from manualsmith.markdown.actions.picture_words import with_picture  # takes a while

        return with_picture(self.made, self.page, self.asked or self.page)

    @property
    def picture_file(self) -> str | None:
        """The path within the manual of the picture that it brings, None where it brings none."""
        from manualsmith.markdown.actions.picture_words import picture_file, picture_of

        brought = picture_of(self.edit)
        return picture_file(self.asked or self.page, brought) if brought else None

    @model_validator(mode="after")
    def _same_place(self) -> Self:
        if self.instead and not same_place(self.edit, self.instead):
            raise _wrong(t("a reviewer may word an edit otherwise, not make another one"))
        return self


class Mention(_Part):
    """A line that may be concerned and was not edited."""

    manual: ManualName
    page: PagePath
    line: int
    text: str


Saying = Literal["comment", "ask", "amend"]
# Whose turn an open suggestion is: to decide it, to change it, or to decide it with what came.
Turn = Literal["reviewer", "author", "again"]
STOOD = 20  # edits that are kept as they stood


class Comment(_Part):
    """What somebody said of an open suggestion.

    ``ask`` asks its author for a change, ``amend`` says that its words were changed. ``stood``: the
    edits as they were when a change was asked for, so that what came of it can be told.
    """

    kind: Saying = "comment"
    by: str
    at: Moment
    text: Annotated[str, Field(max_length=10_000)] = ""
    stood: tuple[Edit, ...] = ()


State = Literal["accepted", "rejected", "withdrawn", "superseded", "reverted"]
How = Literal["merge", "commit", "squash", "revert"]


class Decision(_Part):
    """What became of a suggestion: who decided, when and why.

    ``how``: what git brought it to main, or took it back, where no command of ours did. merge: a
    commit with several parents; commit: its own commit (a fast-forward, a rebase, a cherry-pick);
    squash: a commit of somebody's own; revert: one that takes another back. ``commit`` is that
    commit of main. ``beyond`` are the pages, by path in the repository, that it changed otherwise
    than the suggestion's edit does, in whatever words: the edits then tell what it changed.
    """

    state: State
    by: str
    at: Moment
    reason: str = ""
    how: How | None = None
    commit: ObjectId | None = None
    beyond: tuple[FilePath, ...] = ()


class Suggestion(_Part):
    """One reviewable edit to one manual.

    ``base`` is the commit that the edits' targets were read on; the branch may since have been put
    on a newer main. ``evidence`` are further confirmations of the same difference, ``history`` the
    decisions that were taken before it was opened again, ``comments`` what was said of it.
    """

    schema_: Annotated[Literal["manualsmith/suggestion/v1"], Field(alias="schema")] = (
        "manualsmith/suggestion/v1"
    )
    id: SuggestionId
    output: str
    indicators: tuple[Annotated[str, Field(pattern=r"^P\d\.\d\.\d$")], ...] = ()
    decision: Decision | None = None
    history: tuple[Decision, ...] = ()
    comments: tuple[Comment, ...] = ()
    manual: ManualName
    product: str = ""
    release: Release | Literal[""] = ""
    kind: Literal["finding", "fact"]
    finding: int | None = None
    fact: FactRecord | None = None
    summary: str
    reason: str
    confirmation: ConfirmationRef
    evidence: tuple[EvidenceRef, ...] = ()
    base: ObjectId
    proposer: str
    edits: tuple[EditRecord, ...]
    notes: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """All that was decided of it, the oldest first."""
        return (*self.history, *([self.decision] if self.decision else ()))

    @property
    def authors(self) -> frozenset[str]:
        """Who proposed it, and who changed its words since."""
        return frozenset([self.proposer, *(one.by for one in self.comments if one.kind == "amend")])

    @property
    def stands(self) -> tuple[Action, ...]:
        """The edits as they are made, as far as a comment keeps them."""
        return tuple(edit.made for edit in self.edits[:STOOD])

    @property
    def since_asked(self) -> tuple[Comment, ...]:
        """The last comment that asked for a change and those after it; none where none did."""
        asks = [number for number, one in enumerate(self.comments) if one.kind == "ask"]
        return self.comments[asks[-1] :] if asks else ()

    @property
    def turn(self) -> Turn:
        """Whose turn it is while it is open: a change, or a word of its author, is an answer."""
        if not self.since_asked:
            return "reviewer"
        asked, *later = self.since_asked
        answered = any(one.kind == "amend" or one.by == self.proposer for one in later)
        return "again" if answered or asked.stood != self.stands else "author"

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.output != MANUALS[self.manual].output:
            raise _wrong(t("output {output} is not that of the manual", output=self.output))
        if self.id != self._id_of_source():
            raise _wrong(t("the id does not follow from the confirmation and the finding or fact"))
        return self

    def _id_of_source(self) -> str | None:
        above = self.confirmation.id
        if self.kind == "finding" and self.finding is not None and self.fact is None:
            return finding_suggestion_id(above, self.finding)
        if self.kind == "fact" and self.fact is not None and self.finding is None:
            return fact_suggestion_id(above, self.manual, self.fact.fact)
        return None


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("value_error", "{error}", {"error": message})


def as_worded(proposed: Suggestion, decided: Suggestion) -> Suggestion:
    """Return a suggestion with its edits as whoever accepted it worded them."""
    words = {edit.as_asked[0]: edit.instead for edit in decided.edits}
    edits = (e.model_copy(update={"instead": words.get(e.as_asked[0])}) for e in proposed.edits)
    return proposed.model_copy(update={"edits": tuple(edits)})


def as_proposed(suggestion: Suggestion) -> Suggestion:
    """Return a suggestion in the words of who proposed it."""
    edits = tuple(edit.model_copy(update={"instead": None}) for edit in suggestion.edits)
    return suggestion.model_copy(update={"edits": edits})


def dump_suggestion(suggestion: Suggestion) -> bytes:
    """Return a record's bytes: YAML with the model's order; what is None or empty is left out.

    Its first line is in the manual's language.
    """
    with writing(suggestion.manual):
        return _first_line(suggestion) + _values(suggestion)


def is_dump_of(data: bytes | None, suggestion: Suggestion) -> bool:
    """Return whether bytes are a record's, in a language that the manual may have had then."""
    values = _values(suggestion)
    for language in LANGUAGES:
        with speaking(language):
            if _first_line(suggestion) + values == data:
                return True
    return False


def _first_line(suggestion: Suggestion) -> bytes:
    title = t(MANUALS[suggestion.manual].kind.output_label)
    return f"# {title} ({suggestion.output})\n".encode()


def _values(suggestion: Suggestion) -> bytes:
    values: dict[str, Any] = suggestion.model_dump(
        mode="json", exclude_defaults=True, exclude={"schema_"}
    )
    for written, record in zip(values["edits"], suggestion.edits, strict=True):
        written["edit"] = record.edit.model_dump(mode="json", exclude_unset=True)
        if record.instead:
            written["instead"] = record.instead.model_dump(mode="json", exclude_unset=True)
    for written, said in zip(values.get("comments", ()), suggestion.comments, strict=True):
        if said.stood:
            written["stood"] = [
                one.model_dump(mode="json", exclude_unset=True) for one in said.stood
            ]
    return emit({"schema": suggestion.schema_, **values}).encode()


def parse_suggestion(data: bytes, file: str) -> Suggestion:
    """Return the record in a file's bytes. Raises UserError with all that is wrong with it."""
    document = read(data, file, LIMITS)
    problems = [*document.problems, *swallowed(document, Suggestion)]
    suggestion = None
    try:
        suggestion = Suggestion.model_validate(document.value)
    except ValidationError as error:
        problems += problems_of(error, document, Suggestion)
    if suggestion is None or problems:
        raise UserError(in_order(problems))
    return suggestion
