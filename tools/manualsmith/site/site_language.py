"""The language of a site: what the plugin puts on its pages is said in it.

The same sources give the same site on every machine, whatever language its shell speaks.
"""

from mkdocs.config.defaults import MkDocsConfig


def site_language(config: MkDocsConfig) -> str:
    """Return the theme's language, such as ``zh-TW``; empty where it names none."""
    return str(config.theme.get("language", ""))
