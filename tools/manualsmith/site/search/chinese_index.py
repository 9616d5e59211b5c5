"""The index of Material's search plugin, with the words that we cut."""

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from material.plugins.search.plugin import SearchIndex
from mkdocs.structure.pages import Page

from manualsmith.cache.by_key import digest
from manualsmith.layout import manual_of
from manualsmith.naming import one_form
from manualsmith.site.build.build_cache import BuildCache
from manualsmith.site.build.kept_pages import made_by
from manualsmith.site.build.site_files import SitePaths
from manualsmith.site.search.chinese_words import HAN, WordCutter

# A page's own list of what people call its matter.
KEYWORDS = "keywords"
_LIST, _BESIDE = 0.1, 0.5
_BREAK = "\u200b"
_TAG = re.compile(r"<[^>]*>")
_LATIN = re.compile(r"[0-9A-Za-z]+")
# Words with a letter or figure in another width or place: Ａ, ４, ⁵.
_WIDE = "０-９Ａ-Ｚａ-ｚ⁰-ₜ²³¹"
_UNUSUAL = re.compile(rf"[0-9A-Za-z{_WIDE}]*[{_WIDE}][0-9A-Za-z{_WIDE}]*")


class ChineseIndex(SearchIndex):  # type: ignore[misc]  # Material has no types
    """Material's index with our words: those of the text in place, the rest in field ``words``.

    Material cuts by jieba's shared dictionary and takes a file of more terms. Cutting here instead
    lets terms come from the manuals, keeps out guessed words, and finds a text under more words
    than can be shown in it.
    """

    def __init__(
        self,
        words: WordCutter,
        kept: BuildCache,
        paths: SitePaths,
        **config: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(**config)
        self._paths = paths
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
        entry.setdefault("boost", _boost(self._paths.path(page.file)))

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
    return 1.0 if manual_of(path) else _BESIDE
