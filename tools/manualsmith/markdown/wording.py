"""Word an edit so that it gives the page that somebody made of it by hand."""

import re
from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from typing import Any

from pydantic import ValidationError

from manualsmith.markdown.action_table import EDIT_ADAPTER, Action
from manualsmith.markdown.edit_models import WORDING
from manualsmith.markdown.reading.source import TextEdit

# Comparing takes the square of it: what a reviewer touches up is a few lines.
_LONGEST = 4_000


def reworded(action: Action, edits: tuple[TextEdit, ...], made: str, wanted: str) -> Action | None:
    """Return *action* with the words that stand in *wanted* where its own stand in *made*.

    *edits* are what the action came down to on the page before, *made* the page after them,
    *wanted* the page as somebody left it. That the action then gives *wanted* is not looked at.
    None where it has no words, where its own are not found, or where more than words differ.
    """
    values = action.model_dump(exclude_unset=True)
    words = {name: value for name, value in values.items() if name in WORDING}
    moved = _Moved(made, wanted)
    if not words or not moved.is_small:
        return None
    spans = _spans_after(edits)

    def say(text: str) -> str:
        for start, end in spans:
            found = _in_lines(text).search(made, start, end) if text.strip() else None
            if found:
                return _without_indent(text, found.group(), moved.text(*found.span()))
        return text

    try:
        return EDIT_ADAPTER.validate_python({**values, **_each(words, say)})
    except ValidationError:  # nothing is left of a text that must be there
        return None


class _Moved:
    """Where the parts of one text stand in another one that was made of it."""

    def __init__(self, old: str, new: str) -> None:
        self._new = new
        self._head = _in_common(old, new)
        tail = _in_common(old[self._head :][::-1], new[self._head :][::-1])
        self._old_end, self._shift = len(old) - tail, len(new) - len(old)
        before, after = (text[self._head : len(text) - tail] for text in (old, new))
        self.is_small = max(len(before), len(after)) <= _LONGEST
        self._codes = (
            SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
            if self.is_small
            else []
        )

    def text(self, start: int, end: int) -> str:
        """Return what stands in the new text where ``old[start:end]`` stood.

        What was added right before or after it belongs to it.
        """
        return self._new[self._place(start, first=True) : self._place(end, first=False)]

    def _place(self, at: int, *, first: bool) -> int:
        if at < self._head or (at == self._head and not first and not self._codes):
            return at
        if at > self._old_end:
            return at + self._shift
        within, found = at - self._head, at
        for tag, old_from, old_to, new_from, new_to in self._codes:
            if old_from <= within <= old_to:
                if tag == "equal":
                    place = new_from + within - old_from
                else:
                    place = new_from if first or within == old_from < old_to else new_to
                found = self._head + place
                if first:
                    break
        return found


def _in_common(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _spans_after(edits: tuple[TextEdit, ...]) -> list[tuple[int, int]]:
    """Return where the new texts stand on the page that the edits give."""
    spans, shift = [], 0
    for edit in sorted(edits):
        start = edit.start + shift
        spans.append((start, start + len(edit.text)))
        shift += len(edit.text) - (edit.end - edit.start)
    return spans


def _in_lines(text: str) -> re.Pattern[str]:
    """Return what finds a text whose further lines may be indented."""
    lines = text.strip("\n").split("\n")
    return re.compile(r"\r?\n[ \t]*".join(re.escape(line.strip(" \t")) for line in lines))


def _without_indent(own: str, found: str, text: str) -> str:
    """Return *text* as an action holds it: its further lines without the page's indent."""
    first, *rest = text.replace("\r\n", "\n").split("\n")
    depths = [
        _indent(there) - _indent(here)
        for here, there in zip(own.strip("\n").split("\n")[1:], found.split("\n")[1:], strict=False)
        if here.strip()
    ]
    depth = min(depths or [_indent(line) for line in rest if line.strip()], default=0)
    return "\n".join([first, *(line[min(depth, _indent(line)) :] for line in rest)])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _each(value: Any, say: Callable[[str], str]) -> Any:  # noqa: ANN401 - plain values
    """Return plain values with each text in them as *say* gives it."""
    if isinstance(value, str):
        return say(value)
    if isinstance(value, Mapping):
        return {name: _each(one, say) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_each(one, say) for one in value]
    return value
