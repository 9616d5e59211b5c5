"""The service worker that keeps a site on its readers' devices, and the page for no network."""

import hashlib
import json
from html import escape
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel

from manualsmith.site.offline.linked_files import linked_files
from manualsmith.text import t

OFFLINE_PAGE = "manualsmith-offline.md"
SCRIPT = "assets/manualsmith/offline.js"
WORKER = "manualsmith-worker.js"
_WORKER, _FAREWELL = (Path(__file__).with_name(name) for name in ("worker.js", "farewell.js"))
_VALUES = "/*SITE*/ {}"
# They hold the day of the build, whatever the pages are.
_OF_THE_DAY = ("sitemap.xml", "sitemap.xml.gz", WORKER)


def offline_file(config: MkDocsConfig) -> File:
    """Return the file of the page that says that there is no network; it is in no nav."""
    title = t("No network")
    text = f"---\ntitle: {title}\nsearch: {{exclude: true}}\n---\n"
    level = InclusionLevel.NOT_IN_NAV
    return File.generated(config, OFFLINE_PAGE, content=text, inclusion=level)


def offline_html(site_name: str) -> str:
    """Return the body of that page; a script fills in what is on the device."""
    title, again = escape(t("No network")), escape(t("Try again"))
    told = escape(t("This page was not opened on this device yet. It needs a network."))
    pages = escape(t("Pages that are on this device"))
    return (
        f"<h1>{title}</h1>\n<p>{told}</p>\n"
        f'<p class="ms-try-again" hidden><a class="md-button" href="">{again}</a></p>\n'
        f'<div class="ms-kept-pages" hidden><h2>{pages}</h2>\n'
        f'<ul data-site="{escape(site_name)}"></ul></div>'
    )


def write_worker(site: Path, page: File, language: str) -> None:
    """Write the worker of the site that was built in the folder *site*.

    page: the page for no network. language: the site's, as HTML names it. It is spoken.
    """
    html = (site / page.dest_uri).read_text("utf-8")
    notice = t("No network: this is a copy of {day}.", day="DAY")
    values = {
        "version": _version(site),
        "offline": page.url,
        "shell": [page.url, *linked_files(html, page.url, site)],
        "language": language,
        "notice": f'<p class="ms-kept" role="status">{escape(notice)}</p>',
    }
    text = _WORKER.read_text("utf-8").replace(_VALUES, json.dumps(values, ensure_ascii=False), 1)
    (site / WORKER).write_text(text, "utf-8", newline="\n")


def write_farewell(site: Path) -> None:
    """Write the worker that takes back what an earlier one kept."""
    (site / WORKER).write_bytes(_FAREWELL.read_bytes())


def _version(site: Path) -> str:
    """Return a digest of all files of a site."""
    found = hashlib.sha256()
    for file in sorted(one for one in site.rglob("*") if one.is_file()):
        name = file.relative_to(site).as_posix()
        if name not in _OF_THE_DAY:
            found.update(f"{name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()[:16]
