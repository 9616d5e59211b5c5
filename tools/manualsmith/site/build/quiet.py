"""Silence notices that are not about the manuals. Importing this module is what does it.

- mkdocs-material 9.8 prints a notice about MkDocs 2 while its package ``material.templates`` is
  imported. MkDocs does that while it checks ``theme``, before it loads any plugin, so a plugin is
  too late. Earlier than both is reading ``mkdocs.yml`` itself: its line
  ``slugify: !!python/name:manualsmith.site.slugs.slugify`` imports this module there.
- jieba reports on its loading through a logger with a handler of its own, and its sources raise
  syntax and deprecation warnings when Python compiles them for the first time.
"""

import logging
import os
import warnings

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jieba

jieba.setLogLevel(logging.CRITICAL)
