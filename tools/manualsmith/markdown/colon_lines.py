"""Lines of ``:::``, which begin and end what VitePress, Docusaurus and others hold together.

CommonMark alone would take one for words of what stands above it: of a step, of a table's row.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

_COLONS = re.compile(r":{3}")


def part_at_colons(parser: "MarkdownIt") -> None:
    """Have *parser* read a line of ``:::`` as a paragraph of its own."""
    above = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("fence", "colons", _colons, {"alt": above})


def _colons(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if state.is_code_block(start) or not _COLONS.match(line):
        return False
    if silent:
        return True
    state.push("paragraph_open", "p", 1).map = [start, start + 1]
    inline = state.push("inline", "", 0)
    inline.content = line.strip()
    inline.map = [start, start + 1]
    inline.children = []
    state.push("paragraph_close", "p", -1)
    state.line = start + 1
    return True
