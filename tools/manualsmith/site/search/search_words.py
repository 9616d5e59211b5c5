"""What the search says to readers, in the site's language, and the ways on that it shows."""

from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from manualsmith.layout import MANUALS
from manualsmith.site.build.site_files import SitePaths
from manualsmith.site.pages.report_problem import search_report_address, search_report_text
from manualsmith.text import t


def search_words(
    report: str | None, contact: str | None, paths: SitePaths, config: MkDocsConfig
) -> dict[str, Any]:
    """Return the texts by the names that ``search.js`` and the templates know them by.

    *report* and *contact* are the site's settings. In them and in the texts ``{question}`` stands
    for what was asked, and ``#`` for a number.
    """
    return {
        "begin": t("Describe it in your own words, or paste a message from the screen."),
        "loading": t("Getting the search ready"),
        "failed": t("The search could not be loaded. Check the connection and try again."),
        "one": t("1 page found"),
        "other": t("# pages found"),
        "moreOne": t("1 more section of this page"),
        "moreOther": t("# more sections of this page"),
        "none": t("Nothing was found for “{question}”.", question="{question}"),
        "nearest": t("This comes nearest:"),
        "symptoms": t("By what you see"),
        "contact": contact or "",
        "reportIt": t("Not what you looked for? Tell us what was missing"),
        "report": search_report_address(report) if report else "",
        "tellDesk": t("Tell the desk these words alone"),
        "toldDesk": t("The desk has been told. Thank you."),
        "notTold": t("The desk could not be told."),
        "toCopy": search_report_text(),
        "label": t("Search"),
        "home": t("Home page"),
        "gone": t("There is no page here"),
        "gonePlace": t("It may have been moved or removed. Search for it, or begin here:"),
        "manuals": _manuals(paths, config),
    }


def _manuals(paths: SitePaths, config: MkDocsConfig) -> list[tuple[str, str]]:
    """Return the manuals' titles and the addresses of their first pages, where they have one."""
    last = "" if config.use_directory_urls else "index.html"
    return [
        (t(manual.title), f"{manual.folder.removeprefix(paths.prefix)}/{last}")
        for manual in MANUALS.values()
        if (paths.root / manual.path("index.md")).is_file()
    ]
