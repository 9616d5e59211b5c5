"""An incident (異常處理紀錄表, O2.2.2): what was done about requests, move by move.

Its state follows from its log. Escalation goes to the people of note 3 of the standard
IIS3512-001v1, and is tracked until they have answered (P2.2.4).
"""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from manualsmith.errors import UserError
from manualsmith.layout import first_manual, organisation
from manualsmith.markdown.edit_models import HeadingPath, Model
from manualsmith.organisation import label_text
from manualsmith.records.models.environment import Environment
from manualsmith.records.models.fields import (
    ConfirmationId,
    IncidentId,
    ManualName,
    Moment,
    NoneIsNoList,
    NoneIsNoMapping,
    OneLine,
    PagePath,
    PictureName,
    RequestId,
    RoleName,
    Text,
    wanted,
)
from manualsmith.records.models.request import Severity
from manualsmith.text import t

State = Literal["open", "waiting", "escalated", "resolved", "explained"]
MoveName = Literal[
    "open",
    "log",
    "wait",
    "escalate",
    "answer",
    "resolve",
    "explain",
    "reopen",
    "join",
    "assign",
    "announce",
    "unannounce",
]
Worked = Literal["as-written", "corrected", "no-entry"]

# What can be done in each state, and the state that it leads to.
MOVES: dict[State, dict[MoveName, State]] = {
    "open": {
        "log": "open",
        "assign": "open",
        "join": "open",
        "announce": "open",
        "unannounce": "open",
        "wait": "waiting",
        "escalate": "escalated",
        "resolve": "resolved",
    },
    "waiting": {
        "log": "waiting",
        "assign": "waiting",
        "join": "waiting",
        "announce": "waiting",
        "unannounce": "waiting",
        "answer": "open",
        "escalate": "escalated",
        "resolve": "resolved",
    },
    "escalated": {
        "log": "escalated",
        "assign": "escalated",
        "join": "escalated",
        "announce": "escalated",
        "unannounce": "escalated",
        "escalate": "escalated",
        "answer": "open",
    },
    "resolved": {"log": "resolved", "assign": "resolved", "explain": "explained", "reopen": "open"},
    "explained": {"log": "explained", "assign": "explained", "reopen": "open"},
}
# of one move: a work week
_LONGEST = 5 * 24 * 60
OVER: tuple[State, ...] = ("resolved", "explained")


class Move(Model):
    """One move: when, by whom (staff number or role), what, and what there is to say of it.

    ``to`` is the role that it was escalated to, ``minutes`` the work that it took.
    """

    model_config = ConfigDict(title="處理經過")

    at: Moment
    by: OneLine
    move: MoveName
    to: RoleName | None = None
    minutes: Annotated[int, Field(ge=1, le=_LONGEST)] | None = None
    note: Text | None = None
    pictures: Annotated[tuple[PictureName, ...], NoneIsNoList] = ()


class EntryRef(Model):
    """The troubleshooting entry that was followed."""

    model_config = ConfigDict(title="用到的排除項目")

    page: PagePath
    section: HeadingPath
    manual: ManualName = Field(default_factory=lambda: first_manual("troubleshooting").name)


class Incident(Model):
    """One incident, of one or several requests.

    ``due`` is when it should be resolved. ``category``, ``item`` and ``impact`` are as those of a
    request, ``assignee`` whose work it is: a staff number or role. ``worked`` says how the entry's
    resolution did: ``as-written``, ``corrected`` (another way worked), or ``no-entry``. ``notice``
    says that it is widespread: what the site tells its readers until it is resolved. Nothing else
    of an incident is for them.
    """

    model_config = ConfigDict(title="異常處理紀錄表（O2.2.2）")

    schema_: Annotated[Literal["manualsmith/incident/v1"], Field(alias="schema")] = (
        "manualsmith/incident/v1"
    )
    id: IncidentId
    product: OneLine
    severity: Severity = "normal"
    due: Moment
    impact: OneLine | None = None
    assignee: OneLine | None = None
    category: OneLine | None = None
    item: OneLine | None = None
    symptom: OneLine
    requests: Annotated[tuple[RequestId, ...], NoneIsNoList] = ()
    environment: Annotated[Environment, NoneIsNoMapping] = Environment()
    entry: EntryRef | None = None
    worked: Worked | None = None
    cause: Text | None = None
    resolution: Annotated[tuple[Text, ...], NoneIsNoList] = ()
    explained: Text | None = None
    notice: OneLine | None = None
    confirmation: ConfirmationId | None = None
    log: Annotated[tuple[Move, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _can_have_gone_so(self) -> Self:
        if self.log[0].move != "open":
            raise wanted(t("a log that begins with the move {move}", move="open"))
        for number in range(1, len(self.log)):
            before = state_after(self.log[:number])
            if self.log[number].move not in MOVES[before]:
                raise wanted(
                    t(
                        "a log that can have happened: no. {number} is {move}, and {state}"
                        " allows {allowed}",
                        number=number + 1,
                        move=self.log[number].move,
                        state=before,
                        allowed=", ".join(MOVES[before]),
                    )
                )
        return self

    @property
    def state(self) -> State:
        """Where it stands."""
        return state_after(self.log)

    @property
    def opened(self) -> str:
        """When it was opened."""
        return self.log[0].at

    @property
    def waiting_on(self) -> str | None:
        """Who is to answer: ``user``, ``developer`` or ``architect``; None where nobody is."""
        if self.state == "waiting":
            return "user"
        return self.escalations[-1].to if self.state == "escalated" else None

    @property
    def announced(self) -> str | None:
        """When readers were first told of it; None where they are told nothing now."""
        if self.notice is None or self.state in OVER:
            return None
        since: str | None = None
        for move in self.log:
            if move.move in ("unannounce", "reopen"):
                since = None
            elif move.move == "announce":
                since = since or move.at
        return since

    @property
    def escalations(self) -> tuple[Move, ...]:
        """The moves that reported it to the people who build the product."""
        return tuple(move for move in self.log if move.move == "escalate")

    @property
    def resolved(self) -> str | None:
        """When it was resolved last, None where it is not."""
        return self._last("resolve") if self.state in OVER else None

    @property
    def closed(self) -> str | None:
        """When the user was told last what was done, None where nobody was."""
        return self._last("explain") if self.state == "explained" else None

    @property
    def minutes(self) -> int:
        """The minutes of work that its moves took, as far as they were noted."""
        return sum(move.minutes or 0 for move in self.log)

    def _last(self, wanted: MoveName) -> str | None:
        times = [move.at for move in self.log if move.move == wanted]
        return times[-1] if times else None


def state_after(log: tuple[Move, ...]) -> State:
    """Return the state that a log, whose moves were possible, leads to."""
    state: State = "open"
    for move in log[1:]:
        state = MOVES[state].get(move.move, state)
    return state


def moved(incident: Incident, move: Move, **fields: object) -> Incident:
    """Return the incident after a move that also sets *fields*.

    Raises UserError where its state does not allow the move, naming those that it does.
    """
    allowed = MOVES[incident.state]
    if move.move not in allowed:
        raise UserError(
            t(
                "{id} is {state}: {move} is not possible now",
                id=incident.id,
                state=state_name(incident.state),
                move=move_name(move.move),
            ),
            hint=t("possible: {moves}", moves=", ".join(f"{m} ({move_name(m)})" for m in allowed)),
        )
    last = incident.log[-1].at
    if _instant(move.at) < _instant(last):
        raise UserError(
            t("{id}: the move before was later, at {at}", id=incident.id, at=last),
            hint=t("give the time it happened: --at"),
        )
    return incident.model_copy(update={"log": (*incident.log, move), **fields})


def _instant(moment: str) -> float:
    from manualsmith.records.models.moments import instant

    return instant(moment).timestamp()


def state_name(state: State) -> str:
    """Return a state as people say it."""
    return {
        "open": t("in work"),
        "waiting": t("waiting for the user"),
        "escalated": t("escalated"),
        "resolved": t("resolved, not explained yet"),
        "explained": t("explained to the user"),
    }[state]


def move_name(move: MoveName) -> str:
    """Return a move as people say it."""
    return {
        "open": t("taken up"),
        "log": t("noted"),
        "join": t("another request joined"),
        "wait": t("asked the user"),
        "escalate": t("escalated"),
        "answer": t("answered"),
        "resolve": t("resolved"),
        "explain": t("explained"),
        "reopen": t("taken up again"),
        "assign": t("given to somebody"),
        "announce": t("told to readers"),
        "unannounce": t("the notice to readers taken down"),
    }[move]


def move_label(move: MoveName) -> str:
    """Return a move as something to do."""
    return {
        "open": t("Take it up"),
        "log": t("Note what was tried"),
        "join": t("Join another request"),
        "wait": t("Ask the user for something"),
        "escalate": t("Escalate it"),
        "answer": t("Note the answer"),
        "resolve": t("Resolve it"),
        "explain": t("Note what the user was told"),
        "reopen": t("Take it up again"),
        "assign": t("Give it to somebody"),
        "announce": t("Tell readers"),
        "unannounce": t("Take the notice down"),
    }[move]


def level_name(level: str) -> str:
    """Return whom an incident waits for as people say it: the user, or a role of the settings.

    A role that is not set any more is named as the record has it.
    """
    roles = organisation().roles
    if level == "user":
        return t("the user")
    return label_text(roles[level]) if level in roles else level
