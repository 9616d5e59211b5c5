"""Marks of templates and components: what an edit leaves of them must still be in pairs.

``{{< tabs >}}`` of Hugo, ``{% raw %}`` of Jekyll and macros, ``<Tabs>`` of MDX and Vue, ``:::tip``
of containers: to Markdown they are text or HTML, and one without the other breaks the build.
"""

import re
from collections import Counter

from manualsmith.markdown.lost_target import TargetLost
from manualsmith.text import t

_MARK = re.compile(
    r"\{\{[<%]\s*(?P<hugo>/?\s*[\w/.-]+)[^\n]*?(?P<hugo_alone>/?)\s*[>%]\}\}"
    r"|\{%-?\s*(?P<jinja>\w+)[^\n]*?%\}"
    r"|<(?P<component>/?[A-Z][\w.]*)(?:\s[^<>]*?)?(?P<alone>/?)>"
    r"|^(?P<container>:{3,})[ \t]*(?P<kind>[^\s:][^\n]*)?$",
    re.MULTILINE,
)
_CODE = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^[ \t]*(?P=fence)[^\n]*$"
    r"|(?P<mark>`+)[^`\n]+(?P=mark)",
    re.MULTILINE | re.DOTALL,
)
# a line of marks alone: it belongs to what is around the list or paragraph that it follows
_LINE = re.compile(
    r"[ \t]*(?:\{\{[<%][^\n]*[>%]\}\}|\{%[^\n]*%\}|</[A-Z][\w.]*>|:{3,}[^\n]*)[ \t]*\r?"
)


def is_mark_line(line: str) -> bool:
    """Return whether a line is nothing but a mark."""
    return bool(_LINE.fullmatch(line))


def refuse_unpaired(before: str, after: str) -> None:
    """Raise TargetLost where an edit leaves a mark without the one that belongs to it."""
    if not _MARK.search(before) and not _MARK.search(after):
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
    for mark in _MARK.finditer(_CODE.sub("", text)):
        name, step = _named(mark)
        found[name] += step
        closed |= {name} if step < 0 else set()
    return found, closed


def _named(mark: re.Match[str]) -> tuple[str, int]:
    """Return what a mark is called, and 1 where it opens, -1 where it closes, 0 for neither."""
    if mark["hugo"]:
        name = mark["hugo"].replace(" ", "")
        step = 0 if mark["hugo_alone"] else -1 if name.startswith("/") else 1
        return "{{< " + name.lstrip("/") + " >}}", step
    if mark["jinja"]:
        name = mark["jinja"]
        return "{% " + name.removeprefix("end") + " %}", -1 if name.startswith("end") else 1
    if mark["component"]:
        name = mark["component"]
        step = 0 if mark["alone"] else -1 if name.startswith("/") else 1
        return f"<{name.lstrip('/')}>", step
    return ":::", 1 if mark["kind"] else -1
