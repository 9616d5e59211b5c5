"""The Markdown of the site that is being built."""

from mkdocs.config.defaults import MkDocsConfig

from manualsmith.markdown.dialect import Dialect


def dialect_of_build(config: MkDocsConfig) -> Dialect:
    """Return the extensions that a build renders pages with, and their settings."""
    return Dialect(tuple(config.markdown_extensions), config.mdx_configs or {})
