"""The search index of Material's search plugin, filled with what our own search needs.

Other themes have a search of their own, which is left as it is.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from manualsmith.cache.by_key import digest
from manualsmith.layout import manual_of
from manualsmith.site.build.build_cache import BuildCache
from manualsmith.site.build.kept_pages import made_by
from manualsmith.site.build.site_files import SitePaths
from manualsmith.site.search.page_sections import sections_of
from manualsmith.words.folding import simplified
from manualsmith.words.vocabulary import Vocabulary

# A page's own list of what people call its matter.
KEYWORDS = "keywords"
# Lists of links name every word, and answer no question; what is in no manual comes after them.
_LIST, _BESIDE = 0.1, 0.5
_PLUGIN = "material.plugins.search.plugin"


def search_plugin(config: MkDocsConfig) -> Any | None:  # noqa: ANN401
    """Return Material's search plugin where it is at work, None where the site has another."""
    plugins = (one for one in config.plugins.values() if type(one).__module__ == _PLUGIN)
    return next((one for one in plugins if one.config.enabled), None)


def fill_index(
    config: MkDocsConfig, vocabulary: Vocabulary, kept: BuildCache, paths: SitePaths
) -> None:
    """Let Material's search plugin fill an index of ours."""
    if plugin := search_plugin(config):
        plugin.search_index = SectionIndex(vocabulary, kept, paths)


def keep_in(config: MkDocsConfig, kept: BuildCache) -> None:
    """Let the index that is being filled keep what it reads in *kept*."""
    if (plugin := search_plugin(config)) and isinstance(plugin.search_index, SectionIndex):
        plugin.search_index.kept = kept


class SectionIndex:
    """The sections of the site's pages; what Material's search plugin asks of its index."""

    def __init__(self, vocabulary: Vocabulary, kept: BuildCache, paths: SitePaths) -> None:
        self.kept = kept
        self.entries: list[dict[str, Any]] = []
        self._vocabulary, self._paths = vocabulary, paths

    def add_entry_from_context(self, page: Page) -> None:
        """Add a page's sections, as they were read before where nothing changed."""
        search = page.meta.get("search") or {}
        if isinstance(search, dict) and search.get("exclude"):
            return
        content = page.content or ""
        meta = [page.meta.get(name) for name in ("title", "tags", KEYWORDS)]
        key = digest(b"sections", made_by(), repr((page.url, page.title, content, meta)).encode())
        if (found := self.kept.get(key)) is None:
            found = json.dumps(list(_entries(page, content))).encode()
            self.kept.put(key, found)
        entries = json.loads(found)
        entries[0].update(self._of_page(page, search))
        self.entries += entries

    def _of_page(self, page: Page, search: object) -> Mapping[str, Any]:
        """Return what a page's first entry says of all of them: its way, kind and weight."""
        path = self._paths.path(page.file)
        manual = manual_of(path)
        is_list = PurePosixPath(path).name.partition(".")[0] in ("index", "README")
        boost = _LIST if is_list else 1.0 if manual else _BESIDE
        if isinstance(search, dict) and isinstance(search.get("boost"), int | float):
            boost *= search["boost"]
        way = [str(one.title) for one in [*page.ancestors][::-1] if one.title]
        return {"path": way, "boost": boost, **({"kind": manual.kind.name} if manual else {})}

    def generate_search_index(self, before: "SectionIndex | None") -> str:
        """Return the index as JSON; *before* is that of the build before, when one page is new."""
        if before and self.entries:
            here = self.entries[0]["location"]
            others = [one for one in before.entries if one["location"].partition("#")[0] != here]
            self.entries = others + self.entries
        elif before:
            self.entries = before.entries
        words = self._vocabulary.as_json()
        texts = (str(value) for one in self.entries for value in one.values())
        index = {
            "docs": self.entries,
            "vocabulary": words,
            "simplified": _simplified([*texts, json.dumps(words, ensure_ascii=False)]),
        }
        return json.dumps(index, ensure_ascii=False, separators=(",", ":"))


def _entries(page: Page, content: str) -> Iterable[dict[str, Any]]:
    sections = sections_of(content)
    title = str(page.meta.get("title") or page.title or "")
    # the page itself: what stands before and beneath its first-level heading
    first = [one for one in sections[:2] if one.id is None or one.level == 1]
    own = page.meta.get(KEYWORDS)
    listed = own if isinstance(own, list) else [own] if own else []
    tags = page.meta.get("tags")
    listed += tags if isinstance(tags, list) else []
    called = [str(word) for word in listed] + [word for one in first for word in one.keywords]
    named = next((one.title for one in first if one.title), title)
    text = "\n".join(one.text for one in first if one.text)
    yield _entry(page.url or "", named, text, called)
    for one in sections[len(first) :]:
        yield _entry(f"{page.url or ''}#{one.id}", one.title or title, one.text, one.keywords)


def _entry(location: str, title: str, text: str, keywords: list[str]) -> dict[str, Any]:
    entry = {"location": location, "title": title, "text": text}
    return {**entry, "keywords": " ".join(keywords)} if keywords else entry


def _simplified(texts: Iterable[str]) -> str:
    """Return each character of *texts* that is written otherwise in Simplified, with that form."""
    chars = sorted(char for char in set().union(*texts) if "\u3400" <= char <= "\uffdc")
    pairs = ((char, simplified(char)) for char in chars)
    return "".join(char + plain for char, plain in pairs if plain != char)
