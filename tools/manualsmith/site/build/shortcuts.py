"""The shortcuts that make builds fast: the one module that switches them on, or leaves them.

Pages are taken over from earlier builds (`kept_pages`), made in several processes before MkDocs
comes to them (`parallel`), and share the items of their navigation (`fast_navigation`). Without
that the pages are the same, and take two to ten times as long: `benchmarks/site.py`. They reach
into MkDocs and the theme, so they are left where these are not the versions they were made for, and
by the setting ``fast: false``.
"""

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from manualsmith.site.build.build_cache import BuildCache
from manualsmith.site.build.fast_navigation import make_items_once
from manualsmith.site.build.kept_pages import Reuse
from manualsmith.site.build.parallel import work_ahead

# The versions whose insides were looked at, by their beginnings.
_LOOKED_AT = {"mkdocs": ("1.6.",), "mkdocs-material": ("9.7.", "9.8.")}
_THEME = "material"

Work = Callable[[Page], None]


def is_material(config: MkDocsConfig) -> bool:
    """Return whether the site has the theme that our templates, and the search, are made for."""
    return config.theme.name == _THEME


def are_known(config: MkDocsConfig) -> bool:
    """Return whether MkDocs and the theme are those that the shortcuts were made for."""
    try:
        fit = all(version(name).startswith(known) for name, known in _LOOKED_AT.items())
    except PackageNotFoundError:
        return False
    return fit and is_material(config)


class Shortcuts:
    """The shortcuts of one build; *file* is where what was built is kept, None for nowhere."""

    def __init__(self, config: MkDocsConfig, file: Path | None, *, wanted: bool) -> None:
        self._open = wanted and are_known(config)
        self._reuse = Reuse(config, BuildCache(file if self._open else None))

    @property
    def kept(self) -> BuildCache:
        """What this process keeps."""
        return self._reuse.kept

    def read_ahead(self, pages: Sequence[Page], read: Work) -> None:
        """Do *read* on the pages that no build has read yet, on every core."""
        reuse = self._reuse
        new = [one for one in pages if not reuse.knows(one.file.content_bytes, one.file.src_uri)]
        self._many_new = len(new) > len(pages) / 2
        if self._open and reuse.works:
            work_ahead(new, reuse.kept, self._keeping(read))

    def watch(self, page: Page) -> None:
        """Let a page that is about to be read be taken over from an earlier build."""
        if self._open:
            self._reuse.watch(page)

    def prepare(self, env: Environment, config: MkDocsConfig, nav: Navigation) -> None:
        """Let what *env* writes be taken over, and the navigation's items be made once."""
        if self._open:
            make_items_once(env, nav)
            self._reuse.prepare(env, config, nav)

    def write_ahead(self, pages: Sequence[Page], write: Work) -> None:
        """Do *write* on pages on every core, where it is worth it."""
        reuse = self._reuse
        if self._open and reuse.works and (not reuse.knows_site or self._many_new):
            work_ahead(pages, reuse.kept, self._keeping(write))

    def _keeping(self, work: Work) -> Callable[[Page, BuildCache], None]:
        def kept(page: Page, own: BuildCache) -> None:
            self._reuse.kept = own
            work(page)

        return kept

    def finish(self) -> None:
        """Save what was kept."""
        self._reuse.finish()
