"""A report's bytes as text, and the text as lines, labels, JSON or XML."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.etree import ElementTree

from manualsmith.errors import UserError
from manualsmith.text import t

MAX_BYTES = 16 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_END = re.compile(r"\r*\n|\r")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_LABELLED = re.compile(r"([^:：]{1,80})[:：](.*)")


@dataclass(frozen=True)
class MachineReport:
    """A report's text, its line ends ``\\n``."""

    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines that are whole: where the text does not end a line, the last may be cut."""
        return [line.rstrip() for line in self.text.split("\n")[:-1]]

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """The labels and values of the lines ``label: value``, without the blanks around them."""
        return list(labelled(self.lines))

    @cached_property
    def json(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The value that the text is as JSON; None where it is none."""
        if self.text.lstrip()[:1] not in ("{", "["):
            return None
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    @cached_property
    def xml(self) -> ElementTree.Element | None:
        """The root of the text as XML; None where it is none. Entities of its own are not read."""
        text = _DECLARATION.sub("", self.text, count=1)
        if not text.lstrip().startswith("<") or "<!ENTITY" in text:
            return None
        try:
            return ElementTree.fromstring(text)  # noqa: S314 - it has no entities
        except (ElementTree.ParseError, ValueError):
            return None


def labelled(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the label and the value of each line ``label: value``."""
    for line in lines:
        if found := _LABELLED.fullmatch(line.strip()):
            yield found[1].strip(), found[2].strip()


def read_text(data: bytes) -> MachineReport:
    """Return the report in bytes: UTF-8, UTF-16 or, as Windows in Taiwan writes it, CP950.

    Raises UserError for what is empty, larger than 16 MiB or no text.
    """
    if len(data) > MAX_BYTES:
        raise UserError(
            t("larger than {limit} bytes", limit=MAX_BYTES),
            hint=t("make the report of the system, hardware and network alone"),
        )
    text = _LINE_END.sub("\n", _COLOUR.sub("", _decoded(data)))
    if not text.strip():
        raise UserError(t("the report is empty"))
    if _NO_TEXT.search(text):
        raise _no_text()
    return MachineReport(text)


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding)
    if data[1::2].count(0) > len(data) // 4:
        return _strict(data, "utf-16-le")
    if data[::2].count(0) > len(data) // 4:
        return _strict(data, "utf-16-be")
    try:
        # a character that is cut at the end is no reason to take all for another encoding
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return _strict(data, "cp950")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeError as error:
        raise _no_text() from error


def _no_text() -> UserError:
    return UserError(
        t("this is no text, or is damaged"),
        hint=t("copy the report's text, or save it as UTF-8"),
    )
