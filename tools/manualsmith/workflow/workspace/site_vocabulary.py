"""What readers call things: the package's vocabulary with the one that a site's settings name."""

import posixpath
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.repository import Repository
from manualsmith.layout import layout
from manualsmith.words.vocabulary import Vocabulary, own_vocabulary, vocabulary_in
from manualsmith.workflow.workspace.site_dialect import plugin_settings


def vocabulary_at(repository: Repository, commit: str) -> Vocabulary:
    """Return the vocabulary that a commit's site is searched by.

    Where its settings or its own file cannot be read it is the package's: the build tells of them.
    """
    return _read(replace(repository, person=None), commit, layout().site)


# a desk searches while somebody types, and a commit says the same each time: 14 ms for each letter
@lru_cache(maxsize=16)
def _read(repository: Repository, commit: str, site: str) -> Vocabulary:
    with BlobReader(repository) as reader, suppress(UserError):

        def read(path: str) -> bytes | None:
            blob = reader.get(f"{commit}:{path}")
            return blob.data if blob else None

        named = str(plugin_settings(read).get("vocabulary") or "")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(site), named))
        if named and (data := read(path)) is not None:
            return own_vocabulary() + vocabulary_in(data, named)
    return own_vocabulary()
