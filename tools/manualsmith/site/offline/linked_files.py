"""Which files of a site a page of it needs to be seen: its styles, scripts and icon."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

_SITE = "https://site.invalid/"


def linked_files(html: str, url: str, site: Path) -> list[str]:
    """Return the addresses, from the site's root, of what the page at *url* takes from *site*."""
    reader = _Reader()
    reader.feed(html)
    whole = (urljoin(_SITE + url, one) for one in reader.found)
    own = (urlsplit(one).path.lstrip("/") for one in whole if one.startswith(_SITE))
    return sorted({one for one in own if (site / unquote(one)).is_file()})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a style sheet, a script or an icon is."""
        values = {name: value or "" for name, value in attrs}
        if tag == "script" and "src" in values:
            self.found.append(values["src"])
        elif tag == "link" and values.get("rel") in ("stylesheet", "icon"):
            self.found.append(values.get("href", ""))
