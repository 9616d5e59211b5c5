"""The navigation, made from folders and front matter, so that adding a page touches nothing else.

A folder is a section, titled by its ``index.md``; pages stand by their ``order``, then by name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf, isnan
from typing import Any

from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File
from mkdocs.utils import meta

from manualsmith.layout import MANUALS, manual_folders
from manualsmith.text import t

_log = get_plugin_logger("manualsmith")
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)

NavItem = str | dict[str, list[Any]]


@dataclass
class _Folder:
    path: str
    pages: list[File] = field(default_factory=list)
    folders: dict[str, "_Folder"] = field(default_factory=dict)

    def add(self, file: File, parts: list[str]) -> None:
        if len(parts) == 1:
            self.pages.append(file)
            return
        path = f"{self.path}/{parts[0]}".lstrip("/")
        self.folders.setdefault(parts[0], _Folder(path)).add(file, parts[1:])

    def at(self, path: str) -> "_Folder":
        """Return the folder at *path*, one without files where there is none."""
        found = self
        for name in path.split("/"):
            found = found.folders.get(name, _Folder(path))
        return found


def build_nav(pages: Iterable[File], docs: str, docs_title: str) -> list[NavItem]:
    """Return MkDocs' ``nav`` for *pages*: the home page, the manuals, then the rest of *docs*.

    *docs* is the path of the docs folder and *docs_title* the title of its section.
    """
    root = _Folder("")
    for page in pages:
        root.add(page, page.src_uri.split("/"))
    home = root.at(docs)
    first = [page for page in home.pages if page.name == "index"]
    home.pages = [page for page in home.pages if page.name != "index"]
    nav: list[NavItem] = [page.src_uri for page in first]
    beside = [folder for folder in manual_folders() if not folder.startswith(f"{docs}/")]
    nav += _items(_Folder("", folders={folder: root.at(folder) for folder in beside}))
    rest = _items(home)
    return [*nav, {docs_title: rest}] if rest else nav


def _items(folder: _Folder) -> list[NavItem]:
    ranked: list[tuple[tuple[bool, float, float, str], NavItem]] = []
    for page in folder.pages:
        key = (page.name != "index", _order(page), inf, page.src_uri)
        ranked.append((key, page.src_uri))
    for inner in folder.folders.values():
        if items := _items(inner):
            ranked.append((_folder_key(inner), {_section_title(inner): items}))
    return [item for _, item in sorted(ranked, key=lambda pair: pair[0])]


def _folder_key(folder: _Folder) -> tuple[bool, float, float, str]:
    index = _index(folder)
    ranks = {manual.folder: rank for rank, manual in enumerate(MANUALS.values())}
    return True, _order(index) if index else inf, ranks.get(folder.path, inf), folder.path


def _index(folder: _Folder) -> File | None:
    return next((page for page in folder.pages if page.name == "index"), None)


def _section_title(folder: _Folder) -> str:
    index = _index(folder)
    title = None
    if index:
        text, front = meta.get_data(index.content_string)
        heading = _HEADING.search(text)
        title = front.get("title") or (heading and heading[1])
    titles = {manual.folder: manual.title for manual in MANUALS.values()}
    return str(title or titles.get(folder.path) or folder.path.rsplit("/", 1)[-1])


def _order(page: File) -> float:
    order = meta.get_data(page.content_string)[1].get("order", inf)
    if isinstance(order, int | float) and not isinstance(order, bool) and not isnan(order):
        return order
    _log.warning(t("{path}: order is not a number: {order}", path=page.src_uri, order=order))
    return inf
