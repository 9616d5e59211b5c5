"""Tell which edits need no rendered check: plain words in a line for plain words.

They are most of all edits, and rendering a page takes longer than making one.
"""

import re

from manualsmith.markdown.reading.source import Source, TextEdit

# Letters, figures and Chinese punctuation, with points and spaces only within: no mark of Markdown.
_FULL = r"\w，。、；：？！「」『』（）《》〈〉【】…～·％"
_PLAIN = re.compile(rf"[{_FULL}](?:[{_FULL}]|[.,%/ ](?=[{_FULL}]))*")
_ODD = re.compile(r"_|(?<![\w.])\d+$")
_LETTER = re.compile(r"[^\W\d_]")
# A version, a number, a word: what a fact has.
_VALUE = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
# A line that begins so is words, an item or a row, whatever the words in it are.
_BEGINS = re.compile(r"[ \t]*(?:(?:[-+*]|\d{1,9}\.)[ \t]+|\|.*|[^\W\d_].*)\Z", re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}<>()]")
_UNDERLINE = re.compile(r"[ \t]*(?:=+|-+)[ \t]*\r?$", re.MULTILINE)
_MAY_HOLD = re.compile(r"```|~~~|<|\$\$|///")
_HEADING = re.compile(r"#{1,6}[ \t]*[^\s#]")


def keeps_beside(text: str, source: Source, edit: TextEdit) -> bool:
    """Return whether an edit of a page's body can change nothing that readers see beside it."""
    return _in_line(text, source, edit) or _new_block(text, source, edit)


def _plain(words: str) -> bool:
    return bool(_PLAIN.fullmatch(words)) and not _ODD.search(words)


def _in_line(text: str, source: Source, edit: TextEdit) -> bool:
    """Return whether an edit puts plain words in the place of plain words, within a line."""
    gone, come = text[edit.start : edit.end], edit.text
    line = source.line_of(edit.start)
    before = text[source.starts[line] : edit.start]
    if _VALUE.fullmatch(gone) and _VALUE.fullmatch(come):
        if not re.search(r"\w", before):
            return False
    elif (
        not (_plain(gone) and _plain(come) and _LETTER.match(come))
        or _joins(before[-1:], come[0])
        or _joins(come[-1], text[edit.end : edit.end + 1])
    ):
        return False
    brackets = _BRACKETS.findall(before)
    in_brackets = bool(brackets) and brackets[-1] in "[{<("
    return not in_brackets and bool(_BEGINS.match(before)) and not _underlined(text, source, line)


def _underlined(text: str, source: Source, line: int) -> bool:
    return line + 1 < source.line_count and bool(_UNDERLINE.match(text, source.starts[line + 1]))


def _joins(left: str, right: str) -> bool:
    """Return whether two characters side by side may be read as one word, or as a mark."""
    return bool(left and right) and left.isascii() and right.isascii() and not right.isspace()


def _new_block(text: str, source: Source, edit: TextEdit) -> bool:
    """Return whether an edit adds a plain paragraph, with nothing but a heading or the end below.

    Nothing before it may be open that would take it in.
    """
    words = edit.text.strip("\r\n")
    alone = edit.start == edit.end and edit.text.startswith(source.newline * 2)
    if not (alone and _plain(words) and _LETTER.match(words)):
        return False
    if edit.start != source.end_of_line(source.line_of(edit.start)):
        return False
    below = text[edit.end :].lstrip("\r\n")
    if below and not _HEADING.match(below):
        return False
    return not _MAY_HOLD.search(text, 0, edit.start)
