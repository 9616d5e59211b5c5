"""The commonest slips in hand-written YAML, told in plain words instead of a parser's."""

import re
from collections.abc import Iterator

from ruamel.yaml.error import YAMLError

from manualsmith.text import t

Slip = tuple[int, str]  # index into the text, hint
Told = tuple[str, int, str | None]  # message, index into the text, hint

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_TAB = re.compile(r"[ ]*(?=\t)")
_ODD_SPACE = re.compile("[ \t]*(?=[\u3000\u00a0])")
_WIDE_COLON = re.compile(r"[ ]*(?:- +)*[\w.-]+ *(?=：)")
_NO_SPACE = re.compile(r"[ ]*(?:- +)*[A-Za-z_][\w.-]*:(?=[^\s:/])")
_PAIR = re.compile(r"[ ]*(?:- +)*[\w.-]+:(?:\s|$)")


def explain(error: YAMLError, text: str, opened: int | None = None) -> Told:
    """Return message, index into *text* and hint for what a YAML parser stopped at.

    *opened* is where the innermost bracket or brace stands that was open then.
    """
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None) or mark
    problem = getattr(error, "problem", None) or str(error).split("\n")[0]
    at = min(int(mark.index), len(text)) if mark else 0
    start = min(int(context.index), len(text)) if context else at
    within = getattr(error, "context", None) or ""
    if "quoted scalar" in within:
        return _of_quotes(problem, text, at, start)
    for index in (start, at):
        if slip := slip_near(text, index):
            return t("this line is not name: value"), *slip
    if "flow" in within and opened is not None:
        start = opened
    return _of_problem(within, problem, text, at, start)


def slip_near(text: str, index: int) -> Slip | None:
    """Return where and how the line of *index*, or the one before, strays from ``name: value``."""
    for begin, line in _lines_before(text, index):
        for pattern, hint in _slips():
            if (found := pattern.match(line)) and not _PAIR.match(line):
                return begin + found.end(), hint
        if found := _TAB.match(line):
            return begin + found.end(), t("a tab stands here; indent with spaces")
    return None


def _slips() -> tuple[tuple[re.Pattern[str], str], ...]:
    return (
        (_ODD_SPACE, t("a full-width or no-break space stands here; indent with ordinary spaces")),
        (_WIDE_COLON, t("a full-width colon stands here; write : and a space")),
        (_NO_SPACE, t("put a space after the colon")),
    )


def _lines_before(text: str, index: int) -> Iterator[tuple[int, str]]:
    """Yield start and text of the line that holds *index*, then of the last with text before."""
    begin = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    yield begin, _line(text, begin)
    end = len(text[:begin].rstrip())
    if end:
        above = max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1
        yield above, _line(text, above)


def _line(text: str, begin: int) -> str:
    found = _LINE.match(text, begin)
    return found[0].rstrip("\r\n") if found else ""


def _of_quotes(problem: str, text: str, at: int, start: int) -> Told:
    if "escape" in problem:
        hint = t("in double quotes a backslash starts an escape; use single quotes, or write \\\\")
        return t("no such escape"), text.rindex("\\", start, at), hint
    return t("the quote that opens here is not closed"), start, t("close it with the same quote")


def _of_problem(within: str, problem: str, text: str, at: int, start: int) -> Told:
    if "cannot start any token" in problem:
        return _special(text[at : at + 1], at)
    if any(what in within for what in ("alias", "anchor", "tag", "directive")):
        return _special(text[start : start + 1], start)
    if "flow" in within:
        char = text[start : start + 1]
        hint = t("close it, or put a text that begins with {char} in quotes", char=char)
        return t("the {char} that opens here is not closed", char=char), start, hint
    unexpected = "expected" in problem or "not allowed" in problem
    if unexpected and text[at : at + 1] == ":" and "mapping values" not in problem:
        return t("a name is missing before the colon"), at, None
    if unexpected:
        message, hint = _of_structure(problem, text[:at].rstrip(" ")[-1:])
        return message, at, hint
    return t("this is not YAML: {reason}", reason=problem), at, None


def _of_structure(problem: str, before: str) -> tuple[str, str]:
    """Return message and hint for a token that fits nowhere; *before* is the character before."""
    if "mapping values" in problem:
        hint = t("put text that holds a colon and a space in quotes, or mend the indentation")
        return t("a colon is not expected here"), hint
    if before in ("'", '"'):
        hint = t("put the whole text in quotes; inside, write the quote twice")
        return t("the text goes on after its closing quote"), hint
    hint = t("lines that belong together start in the same column")
    return t("the indentation does not fit the lines before"), hint


def _special(char: str, index: int) -> Told:
    if char == "\t":
        return t("a tab is not allowed here"), index, t("use spaces")
    message = t("a text cannot begin with {char} here", char=char)
    return message, index, t("put the whole text in quotes")
