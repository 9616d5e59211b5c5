"""Options that the commands of records share, such as --staff and --mask, and how records print."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from manualsmith.errors import UserError
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.records.pictures import Picture
    from manualsmith.workflow.service.search_all import Found
    from manualsmith.workflow.workspace.open_workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])
SEVERITIES = ("urgent", "high", "normal", "low")


def by_whom(command: Command) -> Command:
    """Add the options ``--staff`` and ``--at``: who did it, and when."""
    staff = click.option(
        "--staff",
        help=t(
            "Staff number or role of who does it, never a name; without it, git's "
            "manualsmith.staff. One of the two is needed."
        ),
    )
    at = click.option(
        "--at",
        type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
        help=t("When it happened; without it, now. Example: 2026-11-20T09:30"),
    )
    return staff(at(command))


def masking(command: Command) -> Command:
    """Add the option ``--mask``, for personal data and secrets."""
    option = click.option(
        "--mask",
        is_flag=True,
        help=t("Put what it was in place of what looks like personal data or a secret."),
    )
    return option(command)


def trying(command: Command) -> Command:
    """Add the option ``--dry-run``."""
    return click.option("--dry-run", is_flag=True, help=t("Say what would be; write nothing."))(
        command
    )


def sorting(command: Callable[..., int]) -> Callable[..., int]:
    """Add ``--category``, ``--item`` and ``--impact``; the command gets them as ``sorted_as``."""

    @click.option("--category", help=t("What kind of trouble it is, in your desk's words."))
    @click.option("--item", help=t("The device or service that it is about."))
    @click.option("--impact", help=t("Whom it keeps from work: one person, a unit, everybody."))
    @wraps(command)
    def sorted_(*given: Any, **named: Any) -> int:  # noqa: ANN401 - what click hands on
        sorted_as = {name: named.pop(name) for name in ("category", "item", "impact")}
        return command(*given, sorted_as=sorted_as, **named)

    return sorted_


def picturing(command: Command) -> Command:
    """Add the option ``--picture``: files that `pictures_in` reads."""
    option = click.option(
        "--picture",
        "pictures",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help=t(
            "A picture of the screen (PNG, JPEG, WebP), once for each; what is hidden in it goes."
        ),
    )
    return option(command)


def pictures_in(files: "Sequence[Path]") -> "tuple[Picture, ...]":
    """Return the pictures in files, made anew. Raises UserError for what is none."""
    from manualsmith.records.pictures import taken

    return tuple(taken(file.read_bytes(), str(file)) for file in files)


@dataclass(frozen=True)
class How:
    """Who makes a move, when, in how many minutes of work, with which pictures; and what of it."""

    staff: str | None
    at: datetime | None
    minutes: int | None
    pictures: tuple[Path, ...]
    mask: bool
    dry_run: bool


def moving(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that each move of an incident has; the command gets them as ``how``."""

    @by_whom
    @click.option("--minutes", type=click.IntRange(1), help=t("The minutes of work that it took."))
    @picturing
    @masking
    @trying
    @wraps(command)
    def moved(*given: Any, **named: Any) -> int:  # noqa: ANN401 - what click hands on
        how = How(**{one.name: named.pop(one.name) for one in fields(How)})
        return command(*given, how=how, **named)

    return moved


def as_json(command: Command) -> Command:
    """Add the option ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help=t("Print it as JSON."))(command)


def when(at: datetime | None) -> datetime:
    """Return the time that ``--at`` names, else now; without an offset in the organisation's zone.

    Raises UserError for one that no record can hold.
    """
    from manualsmith.records.models.moments import in_zone, now

    found = in_zone(at) if at else now()
    try:
        found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UserError(t("no time that a record can hold: {at}", at=at)) from error
    return found


def clean(text: str | None, mask: bool, workspace: "Workspace") -> str | None:
    """Return a typed text, masked where that is asked for."""
    from manualsmith.records.privacy import masked

    return masked(text, workspace.settings.allow_personal) if text and mask else text


def desks(folder: Path) -> "tuple[Workspace, Workspace]":
    """Return the workspace of the manuals, and that of the records."""
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.service.service_records import records_of

    workspace = workspace_of(folder)
    return workspace, records_of(workspace)


def show_found(found: "list[Found]", *, empty: str | None = None) -> None:
    """Print what was found, the best first."""
    from rich.text import Text

    from manualsmith.cli.output.terminal import out
    from manualsmith.workflow.service.search_all import kind_name

    console = out()
    if not found and empty:
        console.print(empty, style="dim")
    for one in found:
        line = Text(f"{kind_name(one.passage.kind)}  ", style="cyan")
        line.append(one.passage.title.split("\n")[0], style="bold")
        line.append(f"  {one.passage.name}", style="dim")
        console.print(line)
        if one.excerpt:
            console.print(f"    {one.excerpt}", style="dim")


def record_json(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the record models
    """Return a record as plain values for ``--json``, its state with it."""
    values: dict[str, Any] = record.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    state = getattr(record, "state", None)
    return {**values, "state": state} if state else values
