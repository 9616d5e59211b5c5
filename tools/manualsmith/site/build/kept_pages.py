"""The cache of site builds: pages as they were read, and as they were written.

Each piece is kept under a key made of all that it follows from, so that what is taken over is what
would have been made anew. Where we cannot know all of it (another plugin, an extension that reads
other files, a theme of the site's own), nothing is kept, and the build is a plain one.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from manualsmith.cache.by_key import digest
from manualsmith.site.build.build_cache import BuildCache
from manualsmith.site.build.told_warnings import Said, heard, say

# Those that look at nothing but the page; pymdownx.snippets, for one, reads other files.
_LISTED = """
abbr admonition attr_list def_list fenced_code footnotes md_in_html meta sane_lists smarty tables
toc pymdownx.arithmatex pymdownx.betterem pymdownx.caret pymdownx.critic pymdownx.details
pymdownx.emoji pymdownx.highlight pymdownx.inlinehilite pymdownx.keys pymdownx.mark
pymdownx.smartsymbols pymdownx.superfences pymdownx.tabbed pymdownx.tasklist pymdownx.tilde
"""
_EXTENSIONS = frozenset(_LISTED.split())
_PLUGINS = frozenset(("manualsmith", "search", "material/search"))
_PACKAGES = (
    "manualsmith",
    "mkdocs",
    "mkdocs-material",
    "Markdown",
    "pymdown-extensions",
    "Jinja2",
)
_OWN = Path(__file__).parents[1]
# What the theme's nav shows of a page beside its title and address.
_SHOWN_IN_NAV = ("icon", "status", "subtitle", "hide")

Values = Mapping[str, Any]
# A file's address, and whether the site has it.
_Seen = list[str] | None


class Reuse:
    """Takes over pages of earlier builds with the same settings, and keeps those of this one."""

    def __init__(self, config: MkDocsConfig, kept: BuildCache) -> None:
        self.kept = kept
        self._settings = _settings(config)
        self._site = b""

    @property
    def works(self) -> bool:
        """Whether anything is kept: what a page follows from is known."""
        return bool(self._settings)

    def knows(self, source: bytes, path: str) -> bool:
        """Return whether the page at *path* was read before, as far as its own text tells."""
        return self.works and self._read_key(path, source, "") in self.kept

    def watch(self, page: Page) -> None:
        """Let *page*, which is about to be read, be taken over where it can be."""
        render = page.render

        def rendered(config: MkDocsConfig, files: Files) -> None:
            self._read(page, config, files, render)

        if self.works and logging.getLogger("mkdocs").getEffectiveLevel() > logging.DEBUG:
            page.render = rendered  # type: ignore[method-assign]  # MkDocs has no hook for it

    def _read(
        self,
        page: Page,
        config: MkDocsConfig,
        files: Files,
        render: Callable[[MkDocsConfig, Files], None],
    ) -> None:
        text = page.markdown or ""
        changed = "" if text in page.file.content_string else text
        key = self._read_key(page.file.src_uri, page.file.content_bytes, changed)
        if (kept := self.kept.get(key)) and _put(found := json.loads(kept), page, files):
            say(found["said"])
            return
        asked = _Asked(files)
        try:
            with heard() as said:
                render(config, cast(Files, asked))
        finally:
            say(said)
        self.kept.put(key, json.dumps(_taken(page, asked.answers, said)).encode())

    def _read_key(self, path: str, source: bytes, changed: str) -> bytes:
        return digest(b"read", self._settings, path.encode(), source, changed.encode())

    def prepare(self, env: Environment, config: MkDocsConfig, nav: Navigation) -> None:
        """Let pages that *env* is to write be taken over; their titles are known by now."""
        if not self.works or config.theme.custom_dir:
            return
        self._site = digest(b"site", self._settings, *_seen_in_nav(nav.items))
        write = self._written

        class Reused(env.template_class):  # type: ignore[misc,name-defined]
            def render(self, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401 - as jinja has it
                context = dict(*args, **kwargs)
                make = super().render
                return write(context, str(self.name), lambda: make(context))

        env.template_class = Reused

    def _written(self, context: Values, template: str, make: Callable[[], str]) -> str:
        page: Page | None = context.get("page")
        if page is None:
            return make()
        shown = (
            template,
            page.url,
            page.title,
            page.content,
            page.meta,
            page.edit_url,
            page.canonical_url,
            page.is_homepage,
            _outline(page.toc),
        )
        key = digest(b"page", self._site, repr(shown).encode())
        if (found := self.kept.get(key)) is not None:
            return found.decode("utf-8", "surrogatepass")
        made = make()
        self.kept.put(key, made.encode("utf-8", "surrogatepass"))  # a title may hold any character
        return made

    @property
    def knows_site(self) -> bool:
        """Whether a build wrote pages with the nav and the settings of this one."""
        return bool(self._site) and self._site in self.kept

    def finish(self) -> None:
        """Save what was kept."""
        if self._site and self._site not in self.kept:
            self.kept.put(self._site, b"")
        self.kept.save()


class _Asked:
    """The site's files, and which of them were asked for, with what was seen of each."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.answers: dict[str, _Seen] = {}

    def get_file_from_path(self, path: str) -> File | None:
        file = self._files.get_file_from_path(path)
        self.answers[path] = _seen(file)
        return file


def _seen(file: File | None) -> _Seen:
    """Return what a page that links to *file* shows of it, None where there is none."""
    return None if file is None else [file.url, file.inclusion.name]


def _taken(page: Page, asked: Mapping[str, _Seen], said: list[Said]) -> Values:
    links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
    return {
        "content": page.content,
        "title": page._title_from_render,
        "toc": _outline(page.toc),
        # an id without a value is none that a link can name
        "ids": sorted(name for name in page.present_anchor_ids or () if name is not None),
        "links": links,
        "asked": asked,
        "said": said,
    }


def _put(found: Values, page: Page, files: Files) -> bool:
    """Make *page* as it was; return False where a file is not where it was, or is there now."""
    for path, seen in found["asked"].items():
        if _seen(files.get_file_from_path(path)) != seen:
            return False
    by_path = {path: files.get_file_from_path(path) for path in found["links"]}
    page.content = found["content"]
    page.toc = TableOfContents([_anchor(one) for one in found["toc"]])
    page._title_from_render = found["title"]
    page.present_anchor_ids = set(found["ids"])
    page.links_to_anchors = {file: found["links"][path] for path, file in by_path.items() if file}
    return True


def _outline(toc: Iterable[AnchorLink]) -> list[Any]:
    return [[one.title, one.id, one.level, _outline(one.children)] for one in toc]


def _anchor(one: list[Any]) -> AnchorLink:
    title, name, level, children = one
    anchor = AnchorLink(title, name, level)
    anchor.children = [_anchor(child) for child in children]
    return anchor


def _seen_in_nav(items: Iterable[Any]) -> Iterable[bytes]:
    for item in items:
        meta = getattr(item, "meta", None) or {}
        shown = [meta.get(name) for name in _SHOWN_IN_NAV]
        yield repr((type(item).__name__, item.title, getattr(item, "url", None), shown)).encode()
        if item.children:
            yield b"("
            yield from _seen_in_nav(item.children)
            yield b")"


def _version(name: str) -> str:
    """Return a package's version, empty where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@cache
def made_by() -> bytes:
    """Return a digest of the programs that make pages, this package's own files among them."""
    versions = [f"{name} {_version(name)}" for name in _PACKAGES]
    own = [
        (path.name, path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(_OWN.rglob("*"))
        if path.suffix in (".py", ".html", ".txt", ".css", ".js")
    ]
    return digest(_bytes((versions, own)))


def _settings(config: MkDocsConfig) -> bytes:
    """Return a digest of all that a page follows from beside its source; empty where unknown."""
    known = set(config.markdown_extensions) <= _EXTENSIONS and set(config.plugins) <= _PLUGINS
    if not known or config.hooks:
        return b""
    plugins = {name: dict(plugin.config) for name, plugin in config.plugins.items()}
    settings = {
        name: value
        for name, value in config.items()
        # the nav is looked at by its titles, and folders are this machine's
        if name not in ("nav", "plugins", "theme", "site_dir", "docs_dir", "config_file_path")
    }
    theme = (config.theme.name, {name: config.theme[name] for name in config.theme})
    return digest(made_by(), _bytes((plugins, settings, theme)))


def _bytes(value: Any) -> bytes:  # noqa: ANN401 - whatever settings hold
    return json.dumps(value, default=_plain).encode()


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return *value* as JSON can hold it, the same in every process."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if callable(value):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value))}"
    shown = str(value)
    return type(value).__qualname__ if " at 0x" in shown else shown
