"""Links to report a problem (回報問題, O2.2.1): on each page and heading, its place filled in.

Where it goes is the site's setting: an address of mail or of a forge's new-issue page. Without one
it is a text to copy. Nothing is sent by the page itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote

from mkdocs.structure.toc import AnchorLink

from manualsmith.site.pages.html_headings import beneath, every
from manualsmith.text import t

VERSION_DIGITS = 12
_TEXT_ID = "report-a-problem"


@dataclass(frozen=True)
class ReportedPage:
    """The page that a report is about: its path in the repository, its title, and its blob."""

    path: str
    title: str
    blob: str


def with_reports(html: str, page: ReportedPage, toc: Sequence[AnchorLink], to: str | None) -> str:
    """Return a page's *html* with a link beside each heading below the first.

    *to* is the site's setting: ``mailto:…`` or ``https://…``, with ``{title}`` and ``{body}`` where
    they belong if that is not said by its kind. None: a text to copy at the end of the page.
    """
    lines = {}
    for heading in every(toc):
        if heading.level > 1:
            title = unescape(heading.title)
            href = _address(to, page, title) if to else f"#{_TEXT_ID}"
            text = t("Report a problem")
            link = _link("ms-report", href, text, f"{text}: {title}", title)
            lines[heading.id] = f'<p class="ms-report-line" data-search-exclude>{link}</p>'
    return beneath(html, lines)


def report_of_page(page: ReportedPage, to: str | None) -> str:
    """Return what stands at a page's end: a link to report it, or the text to copy."""
    if to is None:
        return _to_copy(page)
    link = _link("md-button", _address(to, page, None), t("Report a problem with this page"))
    return f'<p class="ms-report-page" data-search-exclude>{link}</p>'


def report_address(page: ReportedPage, to: str | None) -> str:
    """Return where a page is reported: its address, or the place of the text to copy."""
    return _address(to, page, None) if to else f"#{_TEXT_ID}"


def _link(name: str, href: str, text: str, label: str = "", heading: str = "") -> str:
    more = f' aria-label="{escape(label)}"' if label else ""
    more += f' data-heading="{escape(heading)}"' if heading else ""
    return f'<a class="{name}" href="{escape(href)}"{more}>{escape(text)}</a>'


def report_text(page: ReportedPage, heading: str | None) -> str:
    """Return what a reader begins with: the place, and what the desk needs to know."""
    lines = [t("Page: {title} ({path})", title=page.title, path=page.path)]
    if heading is not None:
        lines.append(t("Heading: {heading}", heading=heading))
    lines.append(t("Version: {version}", version=page.blob[:VERSION_DIGITS]))
    questions = (
        t("What you did:"),
        t("What you saw (messages word for word):"),
        t("Your device and its version:"),
    )
    return "\n".join([*lines, "", *questions]) + "\n"


def _address(to: str, page: ReportedPage, heading: str | None) -> str:
    about = " › ".join(part for part in (page.title, heading) if part)
    return _filled(to, t("Report a problem") + f": {about}", report_text(page, heading))


def search_report_text() -> str:
    """Return what a reader reports whom search did not help; ``{question}`` is what was asked."""
    lines = (t("What you looked for:") + " {question}", t("What you wanted to do or know:"))
    return "\n".join(lines) + "\n"


def search_report_address(to: str) -> str:
    """Return where such a report goes, ``{question}`` being encoded in it."""
    return _filled(to, t("Not found by search") + ": {question}", search_report_text())


def _filled(to: str, title: str, body: str) -> str:
    if "{title}" in to or "{body}" in to:
        named = to.replace("{title}", quote(title, safe=""))
        return named.replace("{body}", quote(body, safe=""))
    name = "subject" if to.startswith("mailto:") else "title"
    ends = "&" if "?" in to else "?"
    # RFC 6068 wants CRLF in a mail's body; forms take either.
    return f"{to}{ends}{name}={quote(title, safe='')}&body={quote(body, safe='')}".replace(
        "%0A", "%0D%0A" if name == "subject" else "%0A"
    )


def _to_copy(page: ReportedPage) -> str:
    text = escape(report_text(page, ""))
    summary = escape(t("Report a problem with this page"))
    told = escape(t("Copy this text, fill it in and send it to the service desk:"))
    return (
        f'<details class="ms-report-text" id="{_TEXT_ID}" data-search-exclude>'
        f"<summary>{summary}</summary><p>{told}</p>"
        f"<pre><code>{text}</code></pre></details>"
    )
