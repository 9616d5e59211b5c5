"""A page in several languages: the way from one to the other, and which one is behind."""

from collections.abc import Mapping
from html import escape

from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.utils import get_relative_url

from manualsmith.markdown.translation import Behind, Translation, behind, translation_at
from manualsmith.site.pages.html_headings import beneath_first
from manualsmith.text import t

# What a language calls itself.
_NAMES = {"zh": "中文", "en": "English", "ja": "日本語", "ko": "한국어", "vi": "Tiếng Việt"}


class Languages:
    """The translations among a site's files, each beside its page."""

    def __init__(self, files: Files, language: str, *, makes_nav: bool = True) -> None:
        self._own = language
        pages = {file.src_uri: file for file in files.documentation_pages()}
        self._translations: dict[str, Translation] = {}
        self._versions: dict[str, dict[str, File]] = {}
        for path, file in pages.items():
            found = translation_at(path, pages)
            if found:
                # The nav is of one language; a reader comes to the other one from the page.
                if makes_nav:
                    file.inclusion = InclusionLevel.NOT_IN_NAV
                self._translations[path] = found
                of = self._versions.setdefault(found.original, {language: pages[found.original]})
                of[found.language] = file

    def of(self, path: str) -> str:
        """Return the language of the page at *path*."""
        found = self._translations.get(path)
        return found.language if found else self._own

    def original(self, path: str) -> str:
        """Return the page that the one at *path* is a translation of; itself where it is none."""
        found = self._translations.get(path)
        return found.original if found else path

    def with_languages(self, html: str, file: File) -> str:
        """Return a page's *html* with links to its other languages, and which one is behind."""
        found = self._translations.get(file.src_uri)
        versions = self._versions.get(found.original if found else file.src_uri)
        if not versions:
            return html
        language = self.of(file.src_uri)
        links = "".join(
            f'<a href="{escape(get_relative_url(other.url, file.url))}" lang="{name}" '
            f'hreflang="{name}">{escape(_NAMES.get(name.partition("-")[0], name))}</a> '
            for name, other in versions.items()
            if name != language
        )
        label = escape(t("Other languages"))
        line = f'<nav class="ms-languages" aria-label="{label}" data-search-exclude>{links}</nav>'
        told = self._behind(file, language, versions)
        html = beneath_first(html, f"{line}{told}")
        return f'<div lang="{escape(language)}">{html}</div>' if found else html

    def _behind(self, file: File, language: str, versions: Mapping[str, File]) -> str:
        original = versions[self._own].content_string
        states: dict[str, Behind | None] = {
            name: behind(original, other.content_string)
            for name, other in versions.items()
            if name != self._own
        }
        if language != self._own:
            wanted = states[language] in ("translation", "both")
        else:
            wanted = any(state in ("original", "both") for state in states.values())
        if not wanted:
            return ""
        told = escape(t("This page is behind: it was changed in the other language."))
        return f'<p class="ms-behind" role="note" data-search-exclude>{told}</p>'
