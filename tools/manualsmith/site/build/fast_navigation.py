"""Render each item of the theme's navigation once, for all pages that show it alike.

On each page the theme makes every item of the nav anew, which is most of what writing a page costs.
An item that the page is not under looks the same on all pages of a folder.
"""

import posixpath
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, cast

from jinja2 import BaseLoader, Environment
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

_ITEMS = "partials/nav-item.html"
_MACRO = "{% macro render(nav_item, path, level, parent) %}"
_ANEW = "{% macro render_anew(nav_item, path, level, parent) %}"
_ONCE = (
    f"{_MACRO}{{{{ nav_item_once(render_anew, page, nav_item, path, level, parent) }}}}"
    "{% endmacro %}"
)

Make = Callable[[Page | Section, str, int, Section | None], str]


def make_items_once(env: Environment, nav: Navigation) -> None:
    """Let the templates of *env* make each item of *nav* once; as it was if they are others."""
    loader = cast(BaseLoader, env.loader)
    source, name, is_fresh = loader.get_source(env, _ITEMS)
    if source.count(_MACRO) == 1:
        env.globals["nav_item_once"] = _Items(nav).once
        env.loader = _With(loader, source.replace(_MACRO, _ANEW) + _ONCE, name, is_fresh)


class _With(BaseLoader):
    """A loader with one template of its own."""

    def __init__(self, other: BaseLoader, *own: Any) -> None:  # noqa: ANN401
        self._other, self._own = other, own

    def get_source(self, environment: Environment, template: str) -> Any:  # noqa: ANN401
        return self._own if template == _ITEMS else self._other.get_source(environment, template)


class _Items:
    def __init__(self, nav: Navigation) -> None:
        pages = (page.url.rstrip("/") for page in nav.pages)
        self._folders = {str(folder) for url in pages for folder in PurePosixPath(url).parents}
        self._made: dict[tuple[object, ...], str] = {}

    def once(
        self,
        make: Make,
        page: Page | None,
        item: Page | Section,
        path: str,
        level: int,
        parent: Section | None = None,
    ) -> str:
        """Return the item as HTML, as *make* makes it."""
        if page is None or item.active:
            return make(item, path, level, parent)
        # Addresses are told from the page: they are the same for all pages of a folder, but for one
        # that other pages have their addresses under. How an item looks is for its parent to say.
        url = page.url.rstrip("/") or "."
        of = f"{url}/" if url in self._folders else posixpath.dirname(url)
        key = (id(item), path, level, bool(parent and parent.active), of)
        if key not in self._made:
            self._made[key] = make(item, path, level, parent)
        return self._made[key]
