"""UserError, the one exception for what a user can mend, with each problem's place and hint."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Place:
    """Where something was found: a file as the user knows it, line and column from 1."""

    file: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return ``file:line:column``, as far as each is known."""
        parts = (self.file, self.line, self.column)
        return ":".join(str(part) for part in parts if part is not None)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: what was found and what is allowed, where, and how to go on.

    ``field`` names the field of an edit that is at fault, for a caller that knows its place.
    """

    message: str
    place: Place = Place()
    hint: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        """Return ``file:line:column: message``, without the hint."""
        place = str(self.place)
        return f"{place}: {self.message}" if place else self.message


class UserError(Exception):
    """One or more problems that the user can mend. It carries data and prints nothing."""

    def __init__(
        self, message: str | Iterable[Problem], place: Place = Place(), hint: str | None = None
    ) -> None:
        if isinstance(message, str):
            self.problems: tuple[Problem, ...] = (Problem(message, place, hint),)
        else:
            self.problems = tuple(message)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def at(self, file: str) -> "UserError":
        """Return the same error with *file* as the place of each problem that names none."""
        return UserError(
            replace(problem, place=replace(problem.place, file=problem.place.file or file))
            for problem in self.problems
        )
