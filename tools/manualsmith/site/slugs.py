"""The ids of headings, as ``mkdocs.yml`` names them under ``toc``."""

import manualsmith.site.quiet  # noqa: F401  # as early as mkdocs.yml can ask for it
from manualsmith.markdown.slugs import slugify

__all__ = ["slugify"]
