"""Where a page's links lead, and which ids its own headings have."""

import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import unquote

from manualsmith.markdown.outline import heading_attributes, heading_text
from manualsmith.markdown.page import Page
from manualsmith.markdown.slugs import slugify

_CODE = re.compile(
    r"^[ \t>]*(?P<mark>`{3,}|~{3,})[^\n]*\n[\s\S]*?^[ \t>]*(?P=mark)[`~]*[ \t]*$"
    r"|(?<!`)(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE,
)
_LINK = re.compile(r"\]\(\s*(?:<(?P<braced>[^>\n]*)>|(?P<plain>[^\s)]+))", re.MULTILINE)
_DEFINED = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*<?(?P<target>[^\s>]+)", re.MULTILINE)
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|/|$")
_ID = re.compile(r"#([^\s}]+)")
_OTHER_ID = re.compile(r"""\{[^}\n]*#([^\s}]+)[^}\n]*\}|\b(?:id|name)=["']([^"']+)["']""")


@dataclass(frozen=True)
class Link:
    """A link within the repository: a path as it is written, empty for the page itself, and an id.

    Both without percent signs.
    """

    path: str
    anchor: str

    def __str__(self) -> str:
        """Return it as a page has it."""
        return f"{self.path}#{self.anchor}" if self.anchor else self.path


def added_links(old: str, new: str) -> list[Link]:
    """Return the links within the repository that *new* has more often than *old*, in order."""
    before = Counter(_links(old))
    return [link for link, count in Counter(_links(new)).items() if count > before[link]]


def _links(text: str) -> list[Link]:
    words = _CODE.sub("", text)
    targets = [found["braced"] or found["plain"] or "" for found in _LINK.finditer(words)]
    targets += [found["target"] for found in _DEFINED.finditer(words)]
    links = []
    for target in targets:
        if not _ELSEWHERE.match(target):
            path, _, anchor = target.partition("#")
            links.append(Link(unquote(path.partition("?")[0]), unquote(anchor)))
    return links


def anchors(page: Page) -> set[str]:
    """Return the ids on a page: those of its headings, and those that it gives by itself."""
    ids: set[str] = {a or b for a, b in _OTHER_ID.findall(page.text)}
    for section in page.sections:
        given = _ID.search(heading_attributes(section.raw) or "")
        name = given[1] if given else slugify(heading_text(section.raw), "-")
        number, free = 1, name
        while free in ids and not given:
            free, number = f"{name}_{number}", number + 1
        ids.add(free)
    return ids
