"""The slugify function that ``mkdocs.yml`` names under ``toc``: how headings get their ids."""

import manualsmith.site.build.quiet  # noqa: F401  # as early as mkdocs.yml can ask for it
from manualsmith.markdown.heading_ids import slugify

__all__ = ["slugify"]
