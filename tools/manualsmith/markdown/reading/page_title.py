"""What a page is called: by its front matter, else by its first heading."""

import re

from manualsmith.markdown.reading.front_matter import find_front_matter

_NAMED = re.compile(r"^title:[ \t]*(?P<title>\S.*)$", re.MULTILINE)
_HEADING = re.compile(r"^#[ \t]+(?P<title>.+?)[ \t]*(?:\{[^{}]*\})?[ \t#]*$", re.MULTILINE)


def page_title(text: str) -> str:
    """Return the title of a page's text, empty where it has none; the page is not read whole."""
    front = find_front_matter(text)
    named = _NAMED.search(front.body.of(text)) if front else None
    found = named or _HEADING.search(text, front.block.end if front else 0)
    return found["title"].strip("\"' ") if found else ""
