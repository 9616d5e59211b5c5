"""YAML text as parser events or nodes, by ruamel.yaml, with its C extension or without it alike.

Where the extension is installed it reads what is common, in a twentieth of the time. Whatever it
refuses or could read in another way is read by the parser in Python, which is taught here what
libyaml takes: tabs within a line, question marks within brackets. So what a text means, and what is
told of it, never depends on what is installed. Both read YAML 1.1, as MkDocs does.
"""

import re
import string
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeVar

from ruamel.yaml.composer import ComposerError
from ruamel.yaml.docinfo import DocInfo
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.parser import Parser, ParserError
from ruamel.yaml.reader import Reader
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scanner import Scanner, ScannerError
from ruamel.yaml.tokens import Token, ValueToken

try:
    from _ruamel_yaml import CParser
except ImportError:  # no wheel for this Python: everything is read by the parser below
    CParser = None

Result = TypeVar("Result")

_DEEPEST = 100
_RESOLVER = VersionedResolver((1, 1))

_BREAKS = "\r\n\x85\u2028\u2029"
_ENDS = "\0 \t" + _BREAKS
# directives, byte order marks within the text, and question marks that stand alone
_READ_IN_PYTHON = re.compile(
    r"(?:\A|[\n\r\x85\u2028\u2029])%|\ufeff|(?<![^\s\[{,])\?(?![^\s\]},:])"
)
_OF_NAMES = string.ascii_letters + string.digits + "_-"
_BLOCK_MARKS = re.compile(r"[-+]?[1-9]?|[1-9][-+]")
_COLON_IN_BRACKETS = re.compile(r":[,?\[\]{}]")


class _LeftToPython(Exception):
    """The C parser came to a tag, or to what it cannot read."""


def parsed(text: str, read: Callable[[Iterator[Event]], Result]) -> Result:
    """Return what *read* makes of a text's events. It is called again where C gave up half-way.

    The events raise ruamel.yaml's YAMLError, with its mark, where *text* is no YAML.
    """
    if CParser is not None and not _READ_IN_PYTHON.search(text):
        with suppress(_LeftToPython):
            return read(_events_of_c(text))
    return read(_events(text))


def _events_of_c(text: str) -> Iterator[Event]:
    try:
        parser = CParser(text)
        while (event := parser.get_event()) is not None:
            if getattr(event, "ctag", None):
                raise _LeftToPython
            yield event
    except (YAMLError, UnicodeError) as error:
        raise _LeftToPython from error


def _events(text: str) -> Iterator[Event]:
    parser = _PythonParser(text)
    while parser.check_event():
        yield parser.get_event()


class _PythonParser(Reader, Scanner, Parser, VersionedResolver):
    """ruamel.yaml's parser in Python, for what libyaml reads otherwise than it."""

    comment_handling = None
    processing_version = (1, 1)
    scanner_processing_version = (1, 1)
    top_level_block_style_scalar_no_indent_error_1_1 = True
    forward = Reader.forward_1_1
    _taken: Token | None = None

    def __init__(self, text: str) -> None:
        self.doc_infos = [DocInfo()]
        Reader.__init__(self, text, loader=self)
        Scanner.__init__(self, loader=self)
        Parser.__init__(self, loader=self)
        VersionedResolver.__init__(self, (1, 1), loader=self)

    def _passed(self, characters: str) -> str:
        """Pass over the characters that come, as long as they are among these, and return them."""
        start = self.pointer
        while self.peek() in characters:
            self.forward()
        return str(self.buffer[start : self.pointer])

    def scan_to_next_token(self) -> None:
        """Pass over blanks and comments; a tab is a blank but where indentation is counted."""
        while True:
            if self.column == 0 and self.peek() == "\ufeff":
                self.forward()
            self._passed(" \t" if self.flow_level or not self.allow_simple_key else " ")
            if self.peek() == "#":
                while self.peek() not in "\0" + _BREAKS:
                    self.forward()
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain(self) -> Token:
        """Read a text without quotes; within brackets it may hold a ``?``, as in YAML 1.2."""
        self.scanner_processing_version = (1, 2)
        token: Token = super().scan_plain()
        self.scanner_processing_version = (1, 1)
        start, end = token.start_mark, token.end_mark.index + 1
        if self.flow_level and (found := _COLON_IN_BRACKETS.search(self.buffer, start.index, end)):
            self.pointer = self.index = start.index
            self.line, self.column = start.line, start.column
            self.forward(found.start() - start.index)
            what = "while scanning a plain scalar", start, "found unexpected ':'", self.get_mark()
            raise ScannerError(*what)
        return token

    def scan_plain_spaces(self, indent: int, start_mark: object) -> list[str] | None:
        """Read what stands between two words of a text without quotes, tabs too."""
        blanks = self._passed(" \t")
        if self.peek() not in _BREAKS:
            return [blanks] if blanks else []
        breaks: list[str] = []
        while True:
            if self.peek() == " " or (self.peek() == "\t" and self.column >= indent):
                self.forward()
            elif self.peek() in _BREAKS:
                breaks.append(self.scan_line_break())
                self.allow_simple_key = True
                if self.prefix(3) in ("---", "...") and self.peek(3) in _ENDS:
                    return None
            else:
                break
        first, *rest = breaks
        return (rest or [" "]) if first == "\n" else breaks

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: object) -> list[str]:
        """Read a word of a text in quotes; what is escaped must be a character."""
        try:
            chunks: list[str] = super().scan_flow_scalar_non_spaces(double, start_mark)
            "".join(chunks).encode()
        except (ValueError, OverflowError) as error:
            problem = "found an escape of no character", self.get_mark()
            raise ScannerError("while scanning a quoted scalar", start_mark, *problem) from error
        return chunks

    def scan_block_scalar_indicators(self, start_mark: object) -> tuple[bool | None, int | None]:
        """Read the marks after ``|`` or ``>``, and the blanks before a comment."""
        marks = self._passed("+-0123456789")
        if not _BLOCK_MARKS.fullmatch(marks):
            problem = "expected chomping or indentation indicators"
            raise ScannerError("while scanning a block scalar", None, problem, self.get_mark())
        self._passed(" \t")
        width = marks.strip("+-")
        chomping = None if marks == width else "+" in marks
        return chomping, int(width) if width else None

    def scan_block_scalar_indentation(self) -> tuple[list[str], int, object]:
        """Read the empty lines that a block begins with: they may be of any width."""
        breaks: list[str] = []
        end, deepest = self.get_mark(), len(self._passed(" "))
        while self.peek() in _BREAKS:
            breaks.append(self.scan_line_break())
            end, deepest = self.get_mark(), max(deepest, len(self._passed(" ")))
        if self.peek() == "\t":
            problem = "found a tab character where an indentation space is expected"
            raise ScannerError("while scanning a block scalar", end, problem, self.get_mark())
        return breaks, deepest, end

    def scan_anchor(self, kind: Callable[..., Token]) -> Token:
        """Read ``&name`` or ``*name``; a name is of ASCII letters and digits, ``_`` and ``-``."""
        start = self.get_mark()
        self.forward()
        name = self._passed(_OF_NAMES)
        if not name or self.peek() not in _ENDS + "?:,]}%@`":
            problem = "expected alphabetic or numeric character"
            raise ScannerError("while scanning an anchor", start, problem, self.get_mark())
        return kind(name, start, self.get_mark())

    def get_token(self) -> Token:
        """Take the next token, and keep it: what is empty stands after it."""
        self._taken = super().get_token()
        return self._taken

    def process_empty_scalar(self, mark: object, comment: object = None) -> Event:
        """Return an empty value; ruamel.yaml places it after the token that follows."""
        if self.state == self.parse_flow_sequence_entry_mapping_value:
            raise ParserError(None, None, "did not find expected name after '?'", mark)
        if "flow" in self.state.__name__:
            mark = self.peek_token().start_mark
        elif isinstance(self._taken, ValueToken):
            mark = self._taken.end_mark
        event: Event = super().process_empty_scalar(mark, comment)
        return event


@lru_cache(maxsize=4)
def compose(text: str) -> Node | None:
    """Return a text's one document as ruamel.yaml's nodes, None where it is empty.

    They are shared by whoever asks for the same text: read them alone. Raises YAMLError where it
    is no YAML, has an anchor, or more than one document.
    """
    return parsed(text, _composed)


def _composed(events: Iterator[Event]) -> Node | None:
    """Build the nodes; ruamel.yaml's own composer takes twice as long for the same."""
    root: Node | None = None
    opened: list[Node] = []
    for event in events:
        if isinstance(event, CollectionEndEvent):
            _close(opened.pop(), event)
        elif isinstance(event, NodeEvent):
            node = _node(event)
            if opened:
                opened[-1].value.append(node)
            root = root or node
            if not isinstance(node, ScalarNode):
                opened.append(node)
            if len(opened) > _DEEPEST:
                raise ComposerError(None, None, "nested too deeply", event.start_mark)
        elif isinstance(event, DocumentStartEvent) and root:
            raise ComposerError(None, None, "found another document", event.start_mark)
    return root


def _close(node: Node, event: Event) -> None:
    node.end_mark = event.end_mark
    if isinstance(node, MappingNode):
        node.value = list(zip(node.value[::2], node.value[1::2], strict=True))


def _node(event: Any) -> Node:  # noqa: ANN401 - a NodeEvent; what it has is told by its class
    if event.anchor:
        raise ComposerError(None, None, "anchors and aliases", event.start_mark)
    if isinstance(event, ScalarEvent):
        tag = _tag(event, ScalarNode, event.value)
        return ScalarNode(tag, event.value, event.start_mark, event.end_mark, style=event.style)
    kind = MappingNode if isinstance(event, MappingStartEvent) else SequenceNode
    return kind(_tag(event, kind), [], event.start_mark, flow_style=event.flow_style)


def _tag(event: Any, kind: Any, value: str = "") -> Any:  # noqa: ANN401 - ruamel.yaml's Tag
    if event.ctag is None or str(event.ctag) == "!":
        implicit = event.implicit if kind is ScalarNode else bool(event.implicit)
        return _resolved(kind, value, implicit)
    return event.ctag


@lru_cache(maxsize=4096)
def _resolved(kind: Any, value: str, implicit: Any) -> Any:  # noqa: ANN401
    return _RESOLVER.resolve(kind, value, implicit)
