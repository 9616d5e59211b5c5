"""A manual's Markdown as paragraphs of runs, for paper: no links to follow, nothing is loaded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from manualsmith.text import t

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# ids and classes that MkDocs' Markdown writes after headings and words
_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*[#.][^{}\n]*\}")
# Word and browsers break between these; a cell of a table is told from the next by one
_BETWEEN_CELLS = "｜"


@dataclass(frozen=True)
class Run:
    """Words that look alike."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; one of a list has the mark before it, and how deep it is: 0 is in no list."""

    runs: tuple[Run, ...]
    mark: str = ""
    depth: int = 0

    @property
    def text(self) -> str:
        """Its words alone, the mark with them."""
        return self.mark + "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Rich:
    """A text that is Markdown, as a page or an edit has it."""

    markdown: str

    def __bool__(self) -> bool:
        """Whether anything is written."""
        return bool(self.markdown.strip())


# What stands in one place of a form: texts one under the other.
Cell = str | Rich | tuple[str | Rich, ...]


def paragraphs(cell: Cell) -> list[Paragraph]:
    """Return what a cell says: a plain text line by line, Markdown by its blocks."""
    if isinstance(cell, tuple):
        return [paragraph for part in cell if part for paragraph in paragraphs(part)]
    if isinstance(cell, str):
        return [Paragraph((Run(line),)) for line in cell.split("\n")]
    tokens = _markdown().parse(_ATTRIBUTES.sub("", cell.markdown))
    return [one for one in _blocks(tokens) if one.text.strip()]


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _blocks(tokens: "Sequence[Token]") -> Iterator[Paragraph]:
    """Yield the paragraphs of blocks; the first one of a list's item has its mark."""
    lists: list[int | None] = []
    mark, heading = "", False
    row: list[tuple[Run, ...]] | None = None
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            ordered = token.type == "ordered_list_open"
            lists.append(int(token.attrs.get("start", 1)) if ordered else None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            number = lists[-1]
            mark = "• " if number is None else f"{number}. "
            lists[-1] = number if number is None else number + 1
        elif token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield Paragraph(_joined(row or ()), depth=len(lists))
            row = None
        elif token.type in ("fence", "code_block"):
            for text in token.content.rstrip("\n").split("\n"):
                yield Paragraph((Run(text, code=True),), mark, len(lists))
                mark = ""
        elif token.type == "inline" and row is not None:
            row.append(tuple(_runs(token.children or ())))
        elif token.type == "inline":
            runs = _runs(token.children or (), bold=heading)
            for line in _lines(runs):
                yield Paragraph(line, mark, len(lists))
                mark = ""


def _joined(row: Sequence[tuple[Run, ...]]) -> tuple[Run, ...]:
    """Return the cells of a row one after the other."""
    found: list[Run] = []
    for number, cell in enumerate(row):
        found += [Run(_BETWEEN_CELLS)] if number else []
        found += cell
    return tuple(found)


def _lines(runs: Iterator[Run]) -> Iterator[tuple[Run, ...]]:
    """Yield the runs of each line that a break ends."""
    line: list[Run] = []
    for run in runs:
        if run.text == "\n":
            yield tuple(line)
            line = []
        else:
            line.append(run)
    yield tuple(line)


def _runs(tokens: "Sequence[Token]", *, bold: bool = False) -> Iterator[Run]:
    look = Run("", bold=bold)
    depth = {"strong": int(bold), "em": 0}
    for token in tokens:
        name, _, side = token.type.rpartition("_")
        if name in depth and side in ("open", "close"):
            depth[name] += 1 if side == "open" else -1
            look = Run("", bold=depth["strong"] > 0, italic=depth["em"] > 0)
        elif token.type in ("softbreak", "hardbreak"):
            yield replace(look, text="\n")
        elif token.type == "image":
            yield replace(look, text=t("[picture: {words}]", words=token.content))
        elif token.content:
            yield replace(look, text=token.content, code=token.type == "code_inline")
