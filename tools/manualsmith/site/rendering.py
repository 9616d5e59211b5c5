"""A page's Markdown as readers will see it, without building the site.

The extensions are those of ``mkdocs.yml`` as this project ships it: our manuals are plain Markdown,
so that a page looks the same wherever it is rendered.
"""

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


def render(source: str, language: str = "zh-TW") -> str:
    """Return a page's HTML: its environment in a table, its body; no theme around it."""
    return with_environment(render_body(source), source, labels_for(language), {})


def render_body(source: str) -> str:
    """Return the HTML of a page's Markdown alone."""
    front = find_front_matter(source)
    body = source[front.block.end :] if front else source
    return python_markdown.markdown(body, extensions=_EXTENSIONS, extension_configs=_CONFIG)
