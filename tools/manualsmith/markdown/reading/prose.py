"""A page's text without its code, and the code words in it."""

import re
from collections.abc import Iterator

_CODE = re.compile(
    r"(?P<fence>^[ \t>]*(?P<mark>`{3,}|~{3,})[^\n]*\n[\s\S]*?^[ \t>]*(?P=mark)[`~]*[ \t]*$)"
    r"|(?<!`)(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE,
)


def without_code(text: str) -> str:
    """Return *text* with code blocks and code words blanked out; what is left stays in place."""
    return _CODE.sub(lambda match: " " * len(match[0]), text)


def code_words(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each code word within a line begins and ends, its marks included."""
    yield from (found.span() for found in _CODE.finditer(text) if found["ticks"])
