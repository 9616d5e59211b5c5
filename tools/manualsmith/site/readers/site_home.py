"""The home page: the product's name, a search field, known troubles, what is asked, and tasks.

An author writes plain Markdown: a heading, and for each kind of task a second-level heading with
its links. ``icons`` in the front matter names an icon of the theme for each of these.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape, unescape
from pathlib import Path

from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

from manualsmith.naming import fold
from manualsmith.site.pages.html_headings import every
from manualsmith.site.readers.from_records import AskedPlace, Notice
from manualsmith.text import t

_log = get_plugin_logger("manualsmith")
_H1 = re.compile(r"<h1\b.*?</h1>\s*", re.DOTALL)
_CARD = re.compile(r"(?=<h2\b)")
_ICON = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)+")
# stands in the page until all others are read
_TO_COME = "<!-- ms-home -->"
_MOST_ASKED, _WORTH_A_LIST = 6, 3


def as_home(html: str, site_name: str, icons: Sequence[str]) -> str:
    """Return the *html* of a home page with its parts in their places; *icons* are SVG, by card."""
    heading = _H1.search(html)
    top = heading[0] if heading else ""
    rest = html.replace(top, "", 1) if top else html
    lead, *tasks = _CARD.split(rest)
    # a list that comes before any heading is what the page has, and no introduction
    intro, body = ("", lead) if re.search(r"<[uo]l\b", lead) else (lead, "")
    name = f'<p class="ms-product" data-search-exclude>{escape(site_name)}</p>'
    hero = f'<div class="ms-hero">{name}{top}{intro}{_search_field()}</div>'
    shown = [*icons, *[""] * len(tasks)]
    cards = "".join(
        f'<section class="ms-card">{icon}{task}</section>'
        for icon, task in zip(shown, tasks, strict=False)
    )
    cards = f'<div class="ms-cards">{cards}</div>' if cards else ""
    return f'<div class="ms-home">{hero}{_TO_COME}{body}{cards}</div>'


def _search_field() -> str:
    label, search = escape(t("Search the manuals")), escape(t("Search"))
    example = escape(t("What would you like to do, or what does the screen say?"))
    return (
        f'<form class="ms-ask" role="search" aria-label="{label}" data-search-exclude>'
        f'<input type="search" name="q" autocomplete="off" aria-label="{label}" '
        f'placeholder="{example}"><button class="md-button md-button--primary">'
        f"{search}</button></form>"
    )


def read_icons(names: object, folders: Iterable[str], path: str) -> list[str]:
    """Return the icons that *names* lists as SVG, from the theme's *folders*; warn of others.

    *path* is the page's that lists them.
    """
    found = []
    for name in names if isinstance(names, list) else []:
        good = isinstance(name, str) and _ICON.fullmatch(name)
        files = [Path(folder, ".icons", f"{name}.svg") for folder in folders] if good else []
        file = next((one for one in files if one.is_file()), None)
        if file is None:
            _log.warning(t("{path}: the theme has no icon {name}", path=path, name=name))
        svg = file.read_text("utf-8") if file else ""
        found.append(f'<span class="ms-icon" aria-hidden="true">{svg}</span>' if svg else "")
    return found


def completed(html: str, notices: Sequence[Notice], asked: str) -> str:
    """Return a home page with the notices, and what is *asked*, put in."""
    return html.replace(_TO_COME, f"{notice_box(notices)}{asked}", 1)


def notice_box(notices: Sequence[Notice]) -> str:
    """Return what readers are told of known troubles; empty where there is none."""
    if not notices:
        return ""
    label = escape(t("Known troubles"))
    items = "".join(map(_notice, notices))
    return (
        f'<section class="ms-notices" aria-label="{label}" data-search-exclude>'
        f"<p><strong>{label}</strong></p><ul>{items}</ul></section>"
    )


def _notice(one: Notice) -> str:
    since = escape(t("since {time}", time=_shown(one.since)))
    return f"<li>{escape(one.text)} <small>{since}</small></li>"


def _shown(moment: str) -> str:
    """Return a moment as readers see it: day and minute, in the zone of the record."""
    return f"{moment[:10]} {moment[11:16]}"


def asked_list(places: Iterable[AskedPlace], url: str, find: Callable[[str], File | None]) -> str:
    """Return links to what is asked most, for the page at *url*; empty where it is too little.

    *find* returns the site's file that is at a path in the repository.
    """
    links: dict[str, str] = {}
    for place in places:
        file = find(place.path)
        if file and file.page and len(links) < _MOST_ASKED:
            anchor, title = _named(file, place.section)
            href = get_relative_url(file.url, url) + (f"#{anchor}" if anchor else "")
            links.setdefault(href, title)
    if len(links) < _WORTH_A_LIST:
        return ""
    label = escape(t("Often asked"))
    items = "".join(f'<li><a href="{escape(to)}">{title}</a></li>' for to, title in links.items())
    return (
        f'<nav class="ms-asked" aria-label="{label}" data-search-exclude>'
        f"<p><strong>{label}</strong></p><ul>{items}</ul></nav>"
    )


def _named(file: File, section: Sequence[str]) -> tuple[str, str]:
    """Return the id and title, as HTML, of a place; those of the page where it has no such one."""
    page = file.page
    wanted = fold(section[-1]) if section else None
    for heading in every(page.toc.items) if page and wanted else ():
        if fold(unescape(heading.title)) == wanted:
            return heading.id, heading.title
    return "", escape(str(page.title if page else file.name))
