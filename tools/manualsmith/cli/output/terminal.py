"""Print to the terminal: JSON, tables, problems, word differences, a progress bar."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from manualsmith.errors import Problem
from manualsmith.markdown.worddiff import Hunk, Piece
from manualsmith.records.pictures import size_of
from manualsmith.text import t

if TYPE_CHECKING:
    from rich.table import Table

    from manualsmith.workflow.workspace.changed_page import NewPicture

STYLES = {"same": "", "old": "red strike", "new": "green underline"}
PLAIN = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}


def out() -> Console:
    """Return the console for results; colour and width follow the terminal."""
    return Console(highlight=False, soft_wrap=True, emoji=False, markup=False)


def err() -> Console:
    """Return the console for problems and progress."""
    return Console(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False)


def show_json(value: Any) -> None:  # noqa: ANN401 - any plain value
    """Print plain values as JSON, Chinese as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def listing(headings: Sequence[str]) -> "Table":
    """Return an empty table under dim headings; ids stay whole."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for heading in headings:
        made.add_column(heading, header_style="dim", overflow="fold", no_wrap=heading == t("id"))
    return made


def show_problems(problems: Iterable[Problem]) -> None:
    """Print each problem as ``file:line:column: message``, with its hint under it."""
    console = err()
    for problem in problems:
        console.print(problem_text(problem))


def problem_text(problem: Problem, indent: str = "") -> Text:
    """Return a problem as people read it, each line after its first with *indent* before it."""
    text = Text()
    if place := str(problem.place):
        text.append(f"{place}: ", style="bold")
    text.append(problem.message, style="red")
    if problem.hint:
        hint = t("hint: {hint}", hint=problem.hint).replace("\n", f"\n{indent}    ")
        text.append(f"\n{indent}  {hint}", style="dim")
    return text


def diff_text(console: Console, path: str, hunks: Sequence[Hunk]) -> Text:
    """Return a page's differences, word by word: in colour, or with [-old-]{+new+} without it."""
    text = Text()
    for hunk in hunks:
        text.append(f"{path}:{hunk.line}\n", style="cyan")
        if hunk.before and hunk.before.strip():
            text.append(f"    {hunk.before}\n", style="dim")
        text.append(_indented(_pieces(console, hunk.pieces)))
        text.append("\n")
        if hunk.after and hunk.after.strip():
            text.append(f"    {hunk.after}\n", style="dim")
    return text


def _pieces(console: Console, pieces: Sequence[Piece]) -> Text:
    text = Text()
    for piece in pieces:
        if console.color_system:
            text.append(piece.text, style=STYLES[piece.kind])
        else:
            text.append(PLAIN[piece.kind].format(piece.text))
    return text


def _indented(text: Text) -> Text:
    return Text("\n").join(Text("  │ ") + line for line in text.split("\n", allow_blank=True))


class Bar:
    """A progress bar on a terminal, nothing in a pipe; shown once the work takes a moment."""

    def __init__(self, what: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(
            *columns, console=err(), transient=True, disable=not sys.stderr.isatty()
        )
        self._task = self._progress.add_task(what, total=None)

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, done: int, of: int) -> None:
        """Show that *done* of *of* are done."""
        self._progress.update(self._task, completed=done, total=of)


def picture_text(path: str, picture: "NewPicture") -> Text:
    """Return what there is to say of a picture that comes with a page."""
    if not picture.shown:
        return Text(f"{path}: " + t("Git LFS keeps it, and it is not here"), style="yellow")
    width, height = size_of(picture.shown)
    kilobytes = -(-len(picture.shown) // 1024)
    return Text(t("{path}: new picture, {width} × {height} pixels, {size} KB", path=path,
                  width=width, height=height, size=kilobytes), style="bold")  # fmt: skip
