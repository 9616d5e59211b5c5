"""Where the images of a page's HTML are had from, when it is shown apart from its site."""

import posixpath
import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import unquote

_IMAGE = re.compile(r'(<img [^>]*?src=")([^"]*)"')


def with_images(html: str, path: str, address: Callable[[str], str]) -> str:
    """Return the HTML of the page at *path* with its images from elsewhere.

    *address* returns an image's address by its path in the repository. What is another site's, or
    begins at the root of a site, is not loaded.
    """
    folder = posixpath.dirname(path)

    def image(found: re.Match[str]) -> str:
        source = unescape(found[2])
        if ":" in source or source.startswith("/"):
            return f'{found[1]}"'
        target = posixpath.normpath(posixpath.join(folder, unquote(source)))
        return f'{found[1]}{escape(address(target))}"'

    return _IMAGE.sub(image, html)
