"""Links in text that is compared away from its site: those that lead nowhere there say where to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from urllib.parse import unquote

from manualsmith.site.pages.compare_html import ComparedRow

_LINK = re.compile(r'<a\b[^>]*?\shref="(?P<address>[^"]*)"[^>]*>')
_WHOLE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ID = re.compile(r'\sid="([^"]*)"')


def without_dead_links(rows: Sequence[ComparedRow]) -> Iterator[ComparedRow]:
    """Yield the rows; a link to another page becomes text that has the link's target as title.

    Links to other hosts stay, and those to a heading that is in the rows.
    """
    sides = [side for row in rows for side in (row.before, row.after)]
    ids = {unescape(name) for side in sides for name in _ID.findall(side)}

    def kept(found: "re.Match[str]") -> str:
        address = unescape(found["address"])
        if _WHOLE.match(address) or (address[:1] == "#" and unquote(address[1:]) in ids):
            return found[0]
        return f'<a title="{found["address"]}">'

    for row in rows:
        before, after = (_LINK.sub(kept, side) for side in (row.before, row.after))
        yield replace(row, before=before, after=after)
