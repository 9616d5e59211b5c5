"""The preview of suggestions in the site: changes are marked, and every page says what it is."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from manualsmith.markdown.checks.sanitizer import sanitize
from manualsmith.site.build.failed_pages import as_text_if_it_fails
from manualsmith.site.build.told_warnings import heard
from manualsmith.site.pages.compare_html import ComparedRow, compare
from manualsmith.text import t

LIST_PAGE = "preview.md"
_BODY = re.compile(r"<body\b[^>]*>")
_NAMES = re.compile(r'\s(?:id|name|for)="[^"]*"')


@dataclass(frozen=True)
class Suggested:
    """A suggestion as the preview names it; ``pages`` are paths in the repository."""

    id: str
    summary: str
    reason: str
    pages: tuple[str, ...]


@dataclass(frozen=True)
class SitePreview:
    """The suggestions that are shown, and each page that they change as it was, None for new."""

    suggested: tuple[Suggested, ...]
    before: Mapping[str, str | None]


def list_file(config: MkDocsConfig) -> File:
    """Return the file of the page that lists what is changed; it is in no nav."""
    title, level = t("Preview"), InclusionLevel.NOT_IN_NAV
    text = f"---\ntitle: {title}\n---\n"
    return File.generated(config, LIST_PAGE, content=text, inclusion=level)


def with_marks(
    html: str, before: str | None, page: Page, config: MkDocsConfig, files: Files
) -> str:
    """Return a changed page's *html* with what is new marked and what was there folded away.

    *before* is the Markdown of the page as it was. What is new holds nothing that could run.
    """
    if before is None:
        new = escape(t("New page"))
        return f'<p class="ms-new-page">{new}</p>\n{sanitize(html)}'
    old = rendered(before, page, config, files)
    rows = compare(old, html, whole=True)
    return "\n".join(row.after if row.kind == "same" else _changed(row) for row in rows)


def rendered(text: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return the HTML of *text*, Markdown that stands in place of a page's own."""
    file = File.generated(config, page.file.src_uri, content=text)
    file.dest_uri, file.url = page.file.dest_uri, page.file.url
    made = Page(None, file, config)
    made.read_source(config)
    as_text_if_it_fails(made)
    with heard():  # it is no page of the site: what is wrong with it fails no build
        made.render(config, files)
    return made.content or ""


def _changed(row: ComparedRow) -> str:
    before, after = sanitize(row.before), sanitize(row.after)
    was = ""
    if before.strip():
        summary = t("What was here") if after.strip() else t("Something was taken out here")
        was = (
            f'<details class="ms-was" data-search-exclude><summary>{escape(summary)}</summary>'
            f"{_NAMES.sub('', before)}</details>"
        )
    return f'<div class="ms-changed">{after}{was}</div>'


def list_html(preview: SitePreview, find: Callable[[str], File | None], url: str) -> str:
    """Return the body of the page at *url* that lists what is changed.

    *find* returns the site's file that is at a path in the repository.
    """
    title = escape(t("Preview"))
    parts = [f"<h1>{title}</h1>"]
    for one in preview.suggested:
        links = "".join(f"<li>{link}</li>" for link in _links(one.pages, preview, find, url))
        parts.append(
            f"<h2>{escape(one.summary)}</h2><p>{escape(one.reason)}</p>"
            f"<p><code>{escape(one.id)}</code></p><ul>{links}</ul>"
        )
    return "\n".join(parts)


def _links(
    pages: Sequence[str], preview: SitePreview, find: Callable[[str], File | None], url: str
) -> Iterator[str]:
    for path in pages:
        file = find(path)
        title = str(file.page.title) if file and file.page else path
        new = " " + escape(t("New page")) if preview.before.get(path, "") is None else ""
        href = escape(get_relative_url(file.url, url)) if file else ""
        yield f'<a href="{href}">{escape(title)}</a> <small>{escape(path)}</small>{new}'


def with_banner(html: str, preview: SitePreview, path: str, url: str, list_url: str) -> str:
    """Return a written page with a line at its top: a preview, of what, and what it changes.

    *path* is the page's in the repository, *url* its address on the site.
    """
    here = [one for one in preview.suggested if path in one.pages]
    named = here or preview.suggested
    told = t(", ").join(one.id for one in named[:3]) + ("…" if len(named) > 3 else "")
    if here:
        says = t("This page shows what {names} suggests; it is not accepted yet.", names=told)
    else:
        says = t(
            "With what {names} suggests, not accepted yet; this page is not changed.", names=told
        )
    title, link = escape(t("Preview")), escape(t("See the changed pages"))
    href = escape(get_relative_url(list_url, url))
    banner = (
        f'<aside class="ms-preview" aria-label="{title}">'
        f"<strong>{title}</strong> {escape(says)} "
        f'<a href="{href}">{link}</a></aside>'
    )
    return _BODY.sub(lambda found: f"{found[0]}\n{banner}", html, count=1)
