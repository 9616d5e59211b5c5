"""Redirects from old addresses: a page names in its front matter where it once was.

``redirect_from: [old-name.md]``, from the page's own folder, as a link to it would have been.
"""

import posixpath
from collections.abc import Iterator
from html import escape
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url, write_file

from manualsmith.markdown.redirect_addresses import FIELD
from manualsmith.site.site_language import site_language
from manualsmith.text import html_language, speaking, t

_log = get_plugin_logger("manualsmith")


def write_redirects(files: Files, config: MkDocsConfig) -> None:
    """Write a page at each old address that leads to the new one, heading and all.

    Warns of what is no path of a page, and of an address that another page has.
    """
    taken = {file.dest_uri for file in files}
    for page in (file.page for file in files.documentation_pages() if file.page):
        for path in _old_paths(page):
            old = File(path, config.docs_dir, config.site_dir, config.use_directory_urls)
            if old.dest_uri in taken:
                names = {"path": page.file.src_uri, "address": old.url}
                _log.warning(t("{path}: redirect_from: {address} is a page itself", **names))
                continue
            taken.add(old.dest_uri)
            target = get_relative_url(page.file.url, old.url)
            with speaking(site_language(config)):
                html = _html(target, str(page.title))
            write_file(html.encode(), str(Path(config.site_dir, old.dest_uri)))


def _old_paths(page: Page) -> Iterator[str]:
    named = page.meta.get(FIELD, [])
    for name in named if isinstance(named, list) else [named]:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page.file.src_uri), str(name)))
        if str(name).endswith(".md") and not path.startswith(("../", "/")):
            yield path
        else:
            values = {"path": page.file.src_uri, "name": name}
            _log.warning(t("{path}: redirect_from: {name} is no path of a page", **values))


def _html(target: str, title: str) -> str:
    href, told, moved = escape(target), escape(title), escape(t("This page is now at:"))
    return f"""\
<!doctype html>
<html lang="{html_language()}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{told}</title>
<link rel="canonical" href="{href}">
<script>location.replace("{href}" + location.search + location.hash)</script>
<noscript><meta http-equiv="refresh" content="0; url={href}"></noscript>
</head>
<body><p>{moved} <a href="{href}">{told}</a></p></body>
</html>
"""
