"""Say which file holds words that a page only takes in: an edit is made where the text is."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from manualsmith.layout import layout
from manualsmith.markdown.action_table import Action
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.text import t
from manualsmith.workflow.workspace.snapshot import Snapshot

# pymdownx.snippets, include-markdown, markdown-include, and components of MDX
_INCLUDES = re.compile(
    r"""^[ \t]*-{1,}8<-{1,}[ \t]+["'](?P<snippet>[^"'\n]+)["']"""
    r"""|\{%-?\s*include(?:-markdown)?\s+["'](?P<jinja>[^"'\n]+)["']"""
    r"""|\{!\s*(?P<bang>[^!\n]+?)\s*!\}"""
    r"""|^import\s+\w+\s+from\s+["'](?P<mdx>[^"'\n]+\.mdx?)["']""",
    re.MULTILINE,
)
_MOST = 20


def told_where(
    lost: TargetLost, wanted: str, path: str, text: str, snapshot: Snapshot
) -> TargetLost:
    """Return the error with the file that the page at *path* takes the *wanted* words from.

    As it is where the page takes none in, or none of those has them.
    """
    if lost.reason != "missing" or not wanted:
        return lost
    for file, held in included(path, text, snapshot):
        if wanted in held:
            said = t("the page takes that from {file}: make the edit there", file=file)
            lost.problems = tuple(replace(one, hint=said) for one in lost.problems)
            return lost
    return lost


def included(path: str, text: str, snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield the files that a page takes in, by path in the repository, and their texts."""
    site = posixpath.dirname(layout().site)
    bases = ("", site, layout().docs, posixpath.dirname(path))
    for found in [*_INCLUDES.finditer(text)][:_MOST]:
        name = next(name for name in found.groups() if name).partition(":")[0]
        for base in dict.fromkeys(bases):
            file = posixpath.normpath(posixpath.join(base, name))
            data = None if file.startswith(("../", "/")) else snapshot.read(file)
            if data is not None:
                yield file, data.decode("utf-8", "replace")
                break


def words_of(edit: Action) -> str:
    """Return the words that an edit names its place by, empty where it names it otherwise."""
    quote, section = getattr(edit, "quote", None), getattr(edit, "section", None)
    exact = getattr(quote, "exact", quote)
    return str(exact or (section[-1] if section else ""))
