"""Marks of templates and components: what an edit leaves of them must still be in pairs.

``{{< tabs >}}`` of Hugo, ``{% raw %}`` of Jekyll and macros, ``<Tabs>`` of MDX and Vue, ``:::tip``
of containers: to Markdown they are text or HTML, and one without the other breaks the build.
"""

import re
from collections import Counter

from manualsmith.markdown.lost_target import TargetLost
from manualsmith.text import t

# Bounded, so that no page takes longer than its length: a push is checked by them.
_MARK = re.compile(
    r"\{\{[<%]\s{0,9}(?P<hugo>/?\s{0,9}[\w/.-]{1,80})(?P<hugo_more>[^\n{}]{0,500})[>%]\}\}"
    r"|\{%-?\s{0,9}(?P<jinja>\w{1,40})[^\n{}]{0,500}%\}"
    r"|<(?P<component>/?[A-Z][\w.]{0,60})(?:\s[^<>]{0,1000})?>"
    r"|^[ \t]{0,9}(?P<container>:{3,9})[ \t]{0,9}(?P<kind>[^\s:][^\n]{0,500})?$",
    re.MULTILINE,
)
_FENCE = re.compile(r"[ \t]{0,99}(?P<fence>`{3,9}|~{3,9})")
_IN_LINE = re.compile(r"(?<!`)(?P<mark>`{1,4})(?!`)[^`\n]{1,500}(?<!`)(?P=mark)(?!`)")
# mkdocstrings names a module so: it is never closed
_IDENTIFIER = re.compile(r"[\w-]+(?:\.[\w-]+)+")
# a line of marks alone: it belongs to what is around the list or paragraph that it follows
_LINE = re.compile(
    r"[ \t]*(?:\{\{[<%][^\n]*[>%]\}\}|\{%[^\n]*%\}|</[A-Z][\w.]*>|:{3,}[^\n]*)[ \t]*\r?"
)


def is_mark_line(line: str) -> bool:
    """Return whether a line is nothing but a mark."""
    return bool(_LINE.fullmatch(line))


def refuse_unpaired(before: str, after: str) -> None:
    """Raise TargetLost where an edit leaves a mark without the one that belongs to it."""
    if not any(sign in before or sign in after for sign in ("{{", "{%", "</", ":::")):
        return
    (was, closed), (now, closed_now) = _balance(before), _balance(after)
    for name in closed | closed_now:  # what is never closed is whole by itself
        if was[name] != now[name]:
            raise TargetLost(
                "structure",
                t("the edit would part {mark} from the one that belongs to it", mark=name),
                hint=t("leave both, or take both out"),
            )


def _balance(text: str) -> tuple[Counter[str], set[str]]:
    """Return by name how many marks open more than close, and the names that are closed at all."""
    found, closed = Counter[str](), set[str]()
    for mark in _MARK.finditer(_without_code(text)):
        name, step = _named(mark)
        found[name] += step
        closed |= {name} if step < 0 else set()
    return found, closed


def _without_code(text: str) -> str:
    """Return a page's lines but for blocks of code, and without what is code in a line."""
    kept: list[str] = []
    fence = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        if fence:
            closes = found and found["fence"].startswith(fence) and not line[found.end() :].strip()
            fence = "" if closes else fence
        elif found:
            fence = found["fence"]
        else:
            kept.append(_IN_LINE.sub("", line) if "`" in line else line)
    return "\n".join(kept)


def _named(mark: re.Match[str]) -> tuple[str, int]:
    """Return what a mark is called, and 1 where it opens, -1 where it closes, 0 for neither."""
    if mark["hugo"]:
        name = "".join(mark["hugo"].split())
        alone = mark["hugo_more"].rstrip().endswith("/") or name.endswith("/")
        return "{{< " + name.strip("/") + " >}}", -1 if name.startswith("/") else 0 if alone else 1
    if mark["jinja"]:
        name = mark["jinja"]
        return "{% " + name.removeprefix("end") + " %}", -1 if name.startswith("end") else 1
    if mark["component"]:
        name = mark["component"]
        step = 0 if mark[0].endswith("/>") else -1 if name.startswith("/") else 1
        return f"<{name.lstrip('/')}>", step
    if mark["kind"] and _IDENTIFIER.fullmatch(mark["kind"].strip()):
        return ":::", 0
    return ":::", 1 if mark["kind"] else -1
