"""One value as YAML text: without quotes where it cannot be misread, else in quotes.

The quotes are JSON's, which every YAML reader takes.
"""

import json
import re
from functools import lru_cache

# a letter first: what begins with a digit is a number or a date to some YAML reader
_PLAIN = re.compile(
    r"[^\W\d_](?:[\w./+() 「」『』，。、；：？！（）％～—…·›-]*[\w.)」』，。；：？！（）％…])?"
)
_RESERVED = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))
# as a person writes it: a number too, which is one to who reads it as such
_BARE = re.compile(r"(?!-(?: |\Z))[\w./+~-](?:[\w ./+~%()-]|:(?! |\Z))*(?<! )")
# what no editor shows, or shows in another order than it stands in, is escaped
HIDDEN = "\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
_ESCAPED = re.compile(f"[{HIDDEN}]")


@lru_cache(maxsize=4096, typed=True)
def scalar(value: str | int | None) -> str:
    """Return a value on one line, safe within brackets and braces too."""
    if not isinstance(value, str):
        return json.dumps(value)
    plain = _PLAIN.fullmatch(value) and value.lower() not in _RESERVED
    return value if plain else quoted(value)


def quoted(text: str) -> str:
    """Return *text* in double quotes."""
    return _ESCAPED.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(text, ensure_ascii=False))


def bare(text: str) -> str:
    """Return *text* as a person would write it: a number or a day without quotes too."""
    return text if _BARE.fullmatch(text) else quoted(text)


def restyled(old: str, text: str) -> str:
    """Return *text* in place of *old*: in its quotes, with the line ends that follow a block."""
    if not old:
        return f" {bare(text)}"
    if old.startswith("'") and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    if old.startswith(("'", '"')):
        return quoted(text)
    return bare(text) + old[len(old.rstrip()) :]
