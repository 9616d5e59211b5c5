"""Markdown as MkDocs reads it, in blocks with the lines they stand on.

markdown-it reads CommonMark. Python-Markdown, which MkDocs uses, differs where manuals notice:
``##標題`` needs no space, an admonition or a content tab holds what is indented by four under it,
and a setext heading has one line. The rules here make markdown-it read those the same way. So do
they with the lines of ``:::`` that other builders have.
"""

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from manualsmith.markdown.colon_lines import part_at_colons

_CONTAINER_HEAD = re.compile(
    r"""(?: !!!\ ?[\w-]                       # admonition
          | \?\?\?\+?\ ?[\w"-]                # details
          | ={3}(?:\+!?|!\+?)?\ +["']         # content tab
        )""",
    re.VERBOSE,
)
_CONTAINER_INDENT = 4
ATX = re.compile(r"(#{1,6})(.*)")
_CLOSING = re.compile(r"(?<!\\)#+[ \t]*$")
_ATX_AT_MARGIN = re.compile(r"^#{1,6}.*", re.MULTILINE)


def parse_blocks(source: str) -> list[Token]:
    """Return markdown-it's block tokens of *source*; inline content is not read.

    Each token's ``map`` holds its first line and the line after its last one, from 0.
    """
    return _parser().parse(source)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    ruler = parser.block.ruler
    ruler.at("heading", _heading, {"alt": ["paragraph", "reference", "blockquote"]})
    ruler.before(
        "fence", "container", _container, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    part_at_colons(parser)
    return parser


def headings_at_margin(text: str, start: int) -> Iterator[int]:
    """Yield where a line of *text* from *start* on looks like a heading and has no indent.

    It is one, outside all other blocks, unless it stands in a fence or in HTML.
    """
    for match in _ATX_AT_MARGIN.finditer(text, start):
        if _atx(match[0].rstrip("\r")):
            yield match.start()


def _atx(line: str) -> re.Match[str] | None:
    match = ATX.match(line)
    return match if match and match[2].strip(" \t#") else None


def heading_content(after_hashes: str) -> str:
    """Return a heading's words as written, without the hashes that may close it."""
    return _CLOSING.sub("", after_hashes).strip()


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    match = _atx(_line(state, start))
    if not match:
        return False
    if silent:
        return True
    token = state.push("heading_open", f"h{len(match[1])}", 1)
    token.markup = match[1]
    token.map = [start, start + 1]
    inline = state.push("inline", "", 0)
    inline.content = heading_content(match[2])
    inline.map = [start, start + 1]
    inline.children = []
    state.push("heading_close", token.tag, -1).markup = match[1]
    state.line = start + 1
    return True


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start) or not _CONTAINER_HEAD.match(_line(state, start)):
        return False
    if silent:
        return True
    indent = state.sCount[start] + _CONTAINER_INDENT
    last = _last_indented_line(state, start + 1, end, indent)
    state.push("container_open", "", 1).map = [start, last]
    outer = state.lineMax, state.blkIndent, state.parentType
    state.lineMax, state.blkIndent, state.parentType = last, indent, "container"
    state.md.block.tokenize(state, start + 1, last)
    state.lineMax, state.blkIndent, state.parentType = outer
    state.push("container_close", "", -1)
    state.line = last
    return True


def _last_indented_line(state: StateBlock, start: int, end: int, indent: int) -> int:
    last = line = start
    while line < end:
        if not state.isEmpty(line):
            if state.sCount[line] < indent:
                break
            last = line + 1
        line += 1
    return last
