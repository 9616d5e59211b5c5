"""Silence a notice that is not about the manuals. Importing this module is what does it.

mkdocs-material 9.8 prints a notice about MkDocs 2 while its package ``material.templates`` is
imported. MkDocs does that while it checks ``theme``, before it loads any plugin, so a plugin is
too late. Earlier than both is reading ``mkdocs.yml`` itself: its line
``slugify: !!python/name:manualsmith.site.slugs.slugify`` imports this module there.
"""

import os

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
