"""A page's Markdown as readers will see it, without building the site.

The extensions are those of ``mkdocs.yml`` as this project ships it: our manuals are plain Markdown,
so that a page looks the same wherever it is rendered.
"""

import re
from typing import Any

import markdown as python_markdown
from manualsmith.markdown.frontmatter import find_front_matter
from manualsmith.site.environment import with_environment
from manualsmith.site.labels import labels_for
from manualsmith.site.slugs import slugify

_EXTENSIONS = [
    "admonition",
    "attr_list",
    "tables",
    "toc",
    "pymdownx.details",
    "pymdownx.superfences",
    "pymdownx.tabbed",
]
_CONFIG: dict[str, dict[str, Any]] = {
    "toc": {"slugify": slugify},
    "pymdownx.tabbed": {"alternate_style": True},
}


_TABS, _BLOCK = '<div class="tabbed-labels">', '<div class="tabbed-block">'
_OPENED = '<div class="tabbed-block" >'
_LABEL = re.compile("<label[^>]*>(.*?)</label>", re.DOTALL)


def render(source: str, language: str = "zh-TW") -> str:
    """Return a page's HTML: its environment in a table, its body; no theme around it."""
    return with_environment(render_body(source), source, labels_for(language), {})


def render_body(source: str) -> str:
    """Return the HTML of a page's Markdown alone."""
    front = find_front_matter(source)
    body = source[front.block.end :] if front else source
    html = python_markdown.markdown(body, extensions=_EXTENSIONS, extension_configs=_CONFIG)
    return _with_tab_names(html) if _TABS in html else html


def _with_tab_names(html: str) -> str:
    """Return the HTML with each tab's name above what it holds: no script unfolds them here."""
    first, *sets = html.split(_TABS)
    parts = [first]
    for one in sets:
        labels, end, rest = one.partition("</div>")
        names = _LABEL.findall(labels)
        for name in names:
            rest = rest.replace(_BLOCK, f'{_OPENED}<p class="tab-name">{name}</p>', 1)
        parts.append(labels + end + rest.replace(_OPENED, _BLOCK))
    return _TABS.join(parts)
