"""The search index of the site, and what the browser does with a question."""

import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from material.plugins.search.plugin import SearchIndex, SearchPlugin
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from manualsmith.cache.by_key import digest
from manualsmith.layout import MANUALS_FOLDER
from manualsmith.naming import one_form
from manualsmith.site.build.build_cache import BuildCache
from manualsmith.site.build.kept_pages import made_by
from manualsmith.site.search.chinese_words import HAN, WordCutter
from manualsmith.text import t

# What Material's search splits text at: between two words we cut, at blanks, and at punctuation,
# full width as well. A dot inside a word stays (3.16, remote.php), so that codes are found whole.
SEPARATOR = (
    r"[\s\u200b\u3000\-,:;!?=\[\](){}<>\"'`/|、。，．：；？！「」『』（）《》〈〉【】〔〕…—～·]+"
    r"|\.(?!\w)|&(?:lt|gt|amp);"
)
# A title counts more than text, but not a thousand times more, as Material has it: a page with both
# words of a question comes before one whose title is the first of them.
FIELDS = {"title": {"boost": 4.0}, "words": {"boost": 2.0}}
# A page's own list of what people call its matter.
KEYWORDS = "keywords"
_LIST, _BESIDE = 0.1, 0.5
_BREAK = "\u200b"
_TAG = re.compile(r"<[^>]*>")
_LATIN = re.compile(r"[0-9A-Za-z]+")
# Words with a letter or figure in another width or place: Ａ, ４, ⁵.
_WIDE = "０-９Ａ-Ｚａ-ｚ⁰-ₜ²³¹"
_UNUSUAL = re.compile(rf"[0-9A-Za-z{_WIDE}]*[{_WIDE}][0-9A-Za-z{_WIDE}]*")
_WORKERS = "assets/javascripts/workers/search."

_log = get_plugin_logger("manualsmith")


class ChineseIndex(SearchIndex):  # type: ignore[misc]  # Material has no types
    """Material's index with our words: those of the text in place, the rest in field ``words``.

    Material cuts by jieba's shared dictionary and takes a file of more terms. Cutting here instead
    lets terms come from the manuals, keeps out guessed words, and finds a text under more words
    than can be shown in it.
    """

    def __init__(self, words: WordCutter, kept: BuildCache, **config: Any) -> None:  # noqa: ANN401
        super().__init__(**config)
        self._cutter = words
        self.kept = kept

    def add_entry_from_context(self, page: Page) -> None:
        """Add a page's sections to the index, as they were cut before where nothing changed."""
        content = page.content or ""
        meta = [page.meta.get(name) for name in ("title", "search", "tags", KEYWORDS)]
        shown = repr((page.file.src_uri, page.url, page.title, content, meta)).encode()
        # With the same terms on the whole site it need not be known which of them stand here.
        site = digest(b"cut", made_by(), shown, self._cutter.marked)
        if (found := self.kept.get(site)) is None:
            known = self._cutter.known_in(f"{page.title} {content}")
            key = digest(b"cut here", made_by(), shown, repr(known).encode())
            found = self.kept.get(key) or self._cut(page)
            self.kept.put(key, found)
            self.kept.put(site, found)
        self.entries += json.loads(found)

    def _cut(self, page: Page) -> bytes:
        """Return a page's sections as the index holds them."""
        before = len(self.entries)
        super().add_entry_from_context(page)
        made = self.entries[before:]
        del self.entries[before:]
        return json.dumps(made).encode()

    def _segment_chinese(self, data: str) -> str:
        cut = HAN.sub(lambda run: f"{_BREAK}{self._in_place(run[0])}{_BREAK}", data)
        return cut.strip(_BREAK)

    def _in_place(self, run: str) -> str:
        return _BREAK.join(self._cutter.cut(run).words)

    def create_entry_for_section(self, section: Any, toc: Any, url: str, page: Page) -> None:  # noqa: ANN401
        """Add one section of a page to the index."""
        super().create_entry_for_section(section, toc, url, page)
        entry = self.entries[-1]
        shown = f"{entry['title']} {entry['text']}".replace(_BREAK, "")
        also = page.meta.get(KEYWORDS) if section.id is None or entry["location"] == url else None
        keywords = " ".join(map(str, also)) if isinstance(also, list) else str(also or "")
        more = dict.fromkeys(self._more(shown))
        named = one_form(keywords)
        for run in HAN.findall(named):
            more.update(dict.fromkeys(chain(*self._cutter.cut(run))))
        more.update(dict.fromkeys(_LATIN.findall(named)))
        if more:
            entry["words"] = " ".join(more)
        entry.setdefault("boost", _boost(page.file.src_uri))

    def _more(self, text: str) -> Iterator[str]:
        """Yield what *text* is found by beside the words that it is cut into in its place."""
        for run in HAN.findall(text):
            yield from self._cutter.cut(run).more
            if (plain := one_form(run)) != run:
                yield from chain(*self._cutter.cut(plain))
        for word in _UNUSUAL.findall(_TAG.sub(" ", text)):
            if (plain := one_form(word)) != word:
                yield plain


def _boost(path: str) -> float:
    """Return how much a page counts: lists of links name every word, and answer no question."""
    if path.rpartition("/")[2] == "index.md":
        return _LIST
    return 1.0 if path.startswith(f"{MANUALS_FOLDER}/") else _BESIDE


def _search_plugin(config: MkDocsConfig) -> Any | None:  # noqa: ANN401
    plugins = (plugin for plugin in config.plugins.values() if isinstance(plugin, SearchPlugin))
    return next(plugins, None)


def configure(config: MkDocsConfig) -> None:
    """Give Material's search plugin what its settings leave open, before it reads them."""
    if plugin := _search_plugin(config):
        plugin.config.separator = plugin.config.separator or SEPARATOR
        plugin.config.fields = FIELDS | plugin.config.fields


def use_words(config: MkDocsConfig, words: WordCutter, kept: BuildCache) -> None:
    """Let Material's search plugin fill an index of ours, cut by *words*."""
    if (plugin := _search_plugin(config)) and plugin.config.enabled:
        plugin.search_index = ChineseIndex(words, kept, **plugin.config)


def keep_in(config: MkDocsConfig, kept: BuildCache) -> None:
    """Let the index that is being filled keep what it cuts in *kept*."""
    if (plugin := _search_plugin(config)) and isinstance(plugin.search_index, ChineseIndex):
        plugin.search_index.kept = kept


def cut_questions(files: Files) -> None:
    """Put our cutting of questions in front of the theme's search worker, among *files*."""
    workers = [
        file for file in files if file.src_uri.startswith(_WORKERS) and file.src_uri.endswith(".js")
    ]
    for worker in workers:
        ours = Path(__file__).parents[1] / "assets" / "search-query.js"
        worker.content_string = f"{ours.read_text('utf-8')}\n{worker.content_string}"
    if not workers:
        _log.warning(t("the theme has no search worker: Chinese questions are searched uncut"))
