"""The outcome of each suggestion that a command worked on, and the report of them all."""

from dataclasses import dataclass, field
from typing import Any, Literal

from manualsmith.errors import Problem
from manualsmith.workflow.workspace.changed_page import ChangedPage

Status = Literal[
    "created",
    "updated",
    "joined",
    "unchanged",
    "already",
    "left-alone",
    "decided",
    "evidence",
    "refused",
    "accepted",
    "rejected",
    "withdrawn",
    "superseded",
    "reverted",
    "refreshed",
    "reopened",
    "commented",
    "asked",
    "amended",
]

# What has become a commit.
WRITTEN: tuple[Status, ...] = (
    "created",
    "updated",
    "joined",
    "accepted",
    "rejected",
    "withdrawn",
    "superseded",
    "reverted",
    "refreshed",
    "reopened",
    "commented",
    "asked",
    "amended",
)


@dataclass(frozen=True)
class Outcome:
    """One suggestion, or one piece of evidence, and what became of it.

    ``branch`` is the branch's short name, ``commit`` its tip; both None where there is no branch.
    ``changed`` are the pages that it changes, for who wants to see them.
    """

    status: Status
    id: str
    summary: str
    confirmation: str
    manual: str | None = None
    branch: str | None = None
    commit: str | None = None
    pages: tuple[str, ...] = ()
    message: str | None = None
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    changed: tuple[ChangedPage, ...] = field(default=(), compare=False)

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``; what is None or empty is left out."""
        values = {
            "status": self.status,
            "id": self.id,
            "summary": self.summary,
            "confirmation": self.confirmation,
            "manual": self.manual,
            "branch": self.branch,
            "commit": self.commit,
            "pages": list(self.pages),
            "message": self.message,
            "notes": list(self.notes),
            "problems": [problem_json(problem) for problem in self.problems],
        }
        return {name: value for name, value in values.items() if value not in (None, [])}


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain values for ``--json``."""
    place = problem.place
    values = {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "message": problem.message,
        "hint": problem.hint,
    }
    return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class Shared:
    """What went to and came from a remote.

    taken, pushed: short names of branches that were moved here and there. requests: addresses of
    merge requests. problems: what the remote did not take, or why it could not be reached. waiting:
    open here, deleted or closed there, and asked about before: they wait for an answer.
    """

    remote: str
    taken: tuple[str, ...] = ()
    pushed: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    waiting: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return {
            "remote": self.remote,
            "taken": list(self.taken),
            "pushed": list(self.pushed),
            "requests": list(self.requests),
            "problems": [problem_json(problem) for problem in self.problems],
            "waiting": list(self.waiting),
        }


@dataclass(frozen=True)
class Report:
    """What a command did: an outcome for each suggestion, and what files were refused.

    ``base`` is main's tip when it ended. ``pages`` is what is wrong with pages of main, whose facts
    were not seen for it. ``shared`` is None where no remote was asked.
    """

    main: str
    base: str
    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()
    pages: tuple[Problem, ...] = ()
    shared: Shared | None = None

    @property
    def refused(self) -> bool:
        """Whether anything was refused, for the exit code."""
        unshared = self.shared is not None and bool(self.shared.problems)
        told = bool(self.problems or self.pages) or unshared
        return told or any(o.status == "refused" for o in self.outcomes)

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return {
            "main": self.main,
            "base": self.base,
            "suggestions": [outcome.as_json() for outcome in self.outcomes],
            "problems": [problem_json(problem) for problem in (*self.problems, *self.pages)],
            "notices": list(self.notices),
            **({"shared": self.shared.as_json()} if self.shared else {}),
        }
