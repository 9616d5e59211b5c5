"""``manualsmith apply``: one edit on one file, as the pipeline makes it."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from manualsmith.cli.group import OK, REFUSED
from manualsmith.cli.output.output_file import writing
from manualsmith.errors import Place, UserError
from manualsmith.files import refuse_links
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.markdown import TargetLost

STREAM = "-"
SHOWN = 5


@click.command(
    help=t(
        "Make one edit on a page and print the page. The edit is an action with its target, as "
        "records hold it, in JSON. With --base, the page that the edit was made against, its place "
        "is found again on a page that has changed since; where that is not certain the edit is "
        "refused, with the places that were weighed."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith apply sign-in.md --edit edit.json
  manualsmith apply sign-in.md --edit edit.json --base sign-in.old.md --in-place
  manualsmith apply sign-in.md --edit edit.json --diff
\b
An edit:
  {"action": "replace-text", "section": ["登入"],
   "quote": {"exact": "按「登入」", "prefix": "", "suffix": ""}, "text": "按「下一步」"}
\b
Exit codes: 0 made, 1 refused or already there, 2 wrong usage.
"""
    ),
)
@click.argument("page", metavar="PAGE", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--edit",
    "edit_file",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, allow_dash=True),
    help=t("The edit, in JSON ('-' reads it from the standard input)."),
)
@click.option(
    "--base",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=t("The page as it was when the edit was made."),
)
@click.option("--in-place", is_flag=True, help=t("Write the page instead of printing it."))
@click.option("--diff", is_flag=True, help=t("Print the changed words, write nothing."))
@click.option("--json", "as_json", is_flag=True, help=t("Print the page, or why not, as JSON."))
def apply(
    page: Path, edit_file: Path, base: Path | None, in_place: bool, diff: bool, as_json: bool
) -> int:
    """Apply the edit."""
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.markdown import TargetLost
    from manualsmith.markdown import apply as made

    if (in_place or str(edit_file) == STREAM) and str(page) == STREAM:
        raise click.UsageError(t("the page cannot be the standard input then"))
    if sum((in_place, diff, as_json)) > 1:
        raise click.UsageError(t("give one of --in-place, --diff and --json"))
    before = _text(page)
    edit = _edit(edit_file)
    then = _text(base) if base else None
    try:
        after = made(before, edit, then)
        data = after.encode()
    except UnicodeEncodeError as error:
        raise UserError(t("the edit's text is no valid Unicode"), Place(str(edit_file))) from error
    except TargetLost as lost:
        if not as_json:
            raise _told(lost, page) from lost
        show_json(_refused(lost))
        return REFUSED
    if as_json:
        show_json({"applied": True, "page": after})
    elif in_place:
        refuse_links(page)
        with writing(page) as new:
            new.write_bytes(data)
    elif diff:
        _show(page, before, after)
    else:
        sys.stdout.buffer.write(data)
    return OK


def _text(file: Path) -> str:
    from manualsmith.markdown.reading.source import decode

    return decode(_bytes(file), str(file))


def _bytes(file: Path) -> bytes:
    if str(file) == STREAM:
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(
            t("cannot be read: {reason}", reason=error.strerror), Place(str(file))
        ) from error


def _edit(file: Path) -> dict[str, Any]:
    """Return the edit in a file. Raises UserError with its place where it is none."""
    text = _text(file)
    try:
        edit = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(str(file), error.lineno, error.colno)
        raise UserError(t("not JSON: {reason}", reason=error.msg), place) from error
    except RecursionError as error:
        raise UserError(t("it is nested too deep"), Place(str(file))) from error
    if not isinstance(edit, dict):
        raise UserError(
            t("an edit is an object, as in {example}", example='{"action": "replace-text", …}'),
            Place(str(file)),
        )
    return edit


def _told(lost: "TargetLost", page: Path) -> UserError:
    """Return the refusal as a person reads it, with the places that were weighed."""
    from dataclasses import replace

    from manualsmith.naming import show_path

    places = [
        f"{page}:{one.line}: {show_path([*one.section, one.text])}"
        for one in lost.candidates[:SHOWN]
    ]
    weighed = t("weighed: {places}", places="\n".join(places)) if places else ""
    first, *others = lost.at(str(page)).problems
    hint = "\n".join(part for part in (first.hint, weighed) if part) or None
    return UserError([replace(first, hint=hint), *others])


def _refused(lost: "TargetLost") -> dict[str, Any]:
    [problem] = lost.problems
    return {
        "applied": False,
        "reason": lost.reason,
        "message": problem.message,
        "hint": problem.hint,
        "candidates": [
            {"line": c.line, "section": list(c.section), "text": c.text, "score": c.score}
            for c in lost.candidates
        ],
    }


def _show(page: Path, before: str, after: str) -> None:
    from manualsmith.cli.output.terminal import diff_text, out
    from manualsmith.markdown.worddiff import hunks

    console = out()
    console.print(diff_text(console, str(page), hunks(before, after)))
