"""Show pages that cannot be rendered as their text, with a warning, and build the rest.

A page's text may come from anyone, and Markdown, its extensions and the theme do not take every
text: ``http://[server]/`` is no address, and a hundred quotations within each other are too many.
"""

from math import isfinite
from typing import Any

from jinja2 import Environment, Template
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents

from manualsmith.site.pages.render_page import as_text
from manualsmith.text import t

_log = get_plugin_logger("manualsmith")
# A front matter's own words, and no more: of a page that the theme cannot show.
_PLAIN = ("title",)


def as_text_if_it_fails(page: Page) -> None:
    """Let *page*, which is about to be read, be shown as its text where it cannot be rendered."""
    render = page.render

    def rendered(config: MkDocsConfig, files: Files) -> None:
        try:
            render(config, files)
        except MkDocsException:
            raise
        except Exception as error:  # noqa: BLE001 - whatever an extension does with a text
            _log.warning(_told(page, error))
            _show_text(page)

    page.render = rendered  # type: ignore[method-assign]  # MkDocs has no hook for it


def _told(page: Page, error: Exception) -> str:
    return t(
        "{path}: Markdown cannot make a page of this text, so it is shown as it is: {reason}",
        path=page.file.src_uri,
        reason=f"{type(error).__name__}: {error}",
    )


def _show_text(page: Page) -> None:
    page.content = as_text(page.markdown or "")
    page.toc = TableOfContents([])
    page._title_from_render = None
    page.present_anchor_ids, page.links_to_anchors = set(), {}


def without_front_matter_if_it_fails(env: Environment) -> None:
    """Let *env* write a page without its front matter where the theme fails at that."""

    class Forgiving(Template):
        def render(self, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401 - as jinja has it
            context = dict(*args, **kwargs)
            page: Page | None = context.get("page")
            try:
                return super().render(context)
            except Exception as error:
                if page is None or not page.meta:
                    raise
                _log.warning(_unshown(page, f"{type(error).__name__}: {error}"))
            page.meta = {name: page.meta[name] for name in _PLAIN if name in page.meta}
            return super().render(context)

    env.template_class = Forgiving


def drop_what_does_not_fit(page: Page, config: MkDocsConfig) -> None:
    """Take out of a page's front matter what the theme and its search would fail at, and tell it.

    Their settings are of every page's making: one page's icon is drawn in the nav of all of them.
    """
    for name, fits in _FITS.items():
        if name in page.meta and not fits(page.meta[name], config):
            _log.warning(_unshown(page, f"{name}: {page.meta.pop(name)}"))


def _search_fits(value: object, _: MkDocsConfig) -> bool:
    boost = value.get("boost", 1) if isinstance(value, dict) else ""
    return value is None or (isinstance(boost, int | float) and isfinite(boost))


def _hide_fits(value: object, _: MkDocsConfig) -> bool:
    return isinstance(value, str | list | dict | None)


def _template_fits(value: object, config: MkDocsConfig) -> bool:
    return _has(config, value)


def _icon_fits(value: object, config: MkDocsConfig) -> bool:
    return not value or _has(config, f".icons/{value}.svg")


def _has(config: MkDocsConfig, template: object) -> bool:
    """Return whether the theme has a *template* of this name."""
    try:
        config.theme.get_env().get_template(template)  # type: ignore[arg-type]  # it may be any value
    except Exception:  # noqa: BLE001 - and may hold anything
        return False
    return True


_FITS = {
    "hide": _hide_fits,
    "icon": _icon_fits,
    "search": _search_fits,
    "template": _template_fits,
}


def _unshown(page: Page, reason: str) -> str:
    return t(
        "{path}: the theme cannot show what the front matter says: {reason}",
        path=page.file.src_uri,
        reason=reason,
    )
