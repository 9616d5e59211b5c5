"""The lines of a site's own ``nav:`` that name a page: one more, another path, or one fewer.

A site whose settings have no ``nav:`` makes it from its files; there is nothing to keep there.
"""

import posixpath
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from manualsmith.layout import is_page, layout
from manualsmith.workflow.workspace.changed_page import ChangedPage
from manualsmith.workflow.workspace.snapshot import Snapshot
from manualsmith.yaml_quoting import restyled, scalar


@dataclass(frozen=True)
class _Entry:
    """An entry of the nav that names a page: the page, its item, and the list that it is in."""

    page: str
    value: ScalarNode
    item: Node
    of: SequenceNode


def nav_with(snapshot: Snapshot, path: str, title: str) -> list[ChangedPage]:
    """Return the site's settings with a new page in their nav, where they have one."""
    nav = _Nav.of(snapshot)
    return nav.changed(nav.added(path, title), nav.pages_with(path)) if nav else []


def nav_without(snapshot: Snapshot, old: str, new: str, *, moved: bool) -> list[ChangedPage]:
    """Return them with *new* for the page *old*: it *moved* there, or that one has its place."""
    nav = _Nav.of(snapshot)
    if nav is None:
        return []
    return nav.changed(nav.replaced(old, new, moved=moved), nav.pages_without(old, new, moved))


@dataclass(frozen=True)
class _Nav:
    path: str
    text: str
    docs: str
    entries: tuple[_Entry, ...]

    @classmethod
    def of(cls, snapshot: Snapshot) -> "_Nav | None":
        path = layout().site
        data = snapshot.read(path)
        if data is None or b"nav:" not in data:
            return None
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return None
        return cls.of_text(path, text)

    @classmethod
    def of_text(cls, path: str, text: str) -> "_Nav | None":
        """Return the nav that settings have, None where they have none or cannot be read."""
        try:
            root = YAML(typ="safe", pure=True).compose(text)
        except YAMLError:
            return None
        found = _value(root, "nav")
        if not isinstance(found, SequenceNode):
            return None
        named = _value(root, "docs_dir")
        docs = named.value if isinstance(named, ScalarNode) else "docs"
        docs = posixpath.normpath(posixpath.join(posixpath.dirname(path), docs))
        return cls(path, text, docs, tuple(_entries(found)))

    @property
    def pages(self) -> list[str]:
        """The pages that it names, in its order."""
        return [one.page for one in self.entries]

    def changed(self, text: str, pages: Sequence[str]) -> list[ChangedPage]:
        """Return the settings as changed; nothing where they are as they were.

        So where the nav would not name *pages* then: it is written in a way that is left alone.
        """
        if text == self.text:
            return []
        made = _Nav.of_text(self.path, text)
        if made is None or sorted(made.pages) != sorted(pages):
            return []
        return [ChangedPage(self.path, self.text, text)]

    def _named(self, path: str) -> list[_Entry]:
        names = {self._name(path), path}
        return [one for one in self.entries if posixpath.normpath(one.page) in names]

    def _name(self, path: str) -> str:
        """Return what the nav calls a page: by its path in ``docs_dir``, else in the repository."""
        return path.removeprefix(f"{self.docs}/")

    def pages_with(self, path: str) -> list[str]:
        """Return the pages that the nav is to name with a new one."""
        return [*self.pages, self._name(path)]

    def pages_without(self, old: str, new: str, moved: bool) -> list[str]:
        """Return the pages that it is to name with *new* for *old*."""
        gone = {id(one) for one in self._named(old) if self._goes(one, new, moved)}
        names = {id(one): self._name(new) for one in self._named(old)}
        return [names.get(id(one), one.page) for one in self.entries if id(one) not in gone]

    def _goes(self, one: _Entry, new: str, moved: bool) -> bool:
        """Return whether the line of a page goes, for what takes its place has its own."""
        alone = len(one.of.value) == 1
        return not moved and bool(self._named(new)) and not alone and not one.of.flow_style

    def added(self, path: str, title: str) -> str:
        """Return the settings with a page, after those of its folder, or of the nearest above."""
        if self._named(path) or not self.entries:
            return self.text
        name, folder = self._name(path), posixpath.dirname(self._name(path))
        while True:
            beside = [one for one in self.entries if posixpath.dirname(one.page) == folder]
            if beside or not folder:
                break
            folder = posixpath.dirname(folder)
        # of several lists, the one with most of the folder's pages
        lists = Counter(id(one.of) for one in beside or self.entries)
        most = lists.most_common(1)[0][0]
        last = [one for one in beside or self.entries if id(one.of) == most][-1]
        titled = any(isinstance(one, MappingNode) for one in last.of.value)
        written = f"{scalar(title)}: {scalar(name)}" if titled else scalar(name)
        end = last.item.end_mark.index
        if last.of.flow_style:
            written = f"{{{written}}}" if titled else written
            return f"{self.text[:end]}, {written}{self.text[end:]}"
        start = self.text.rindex("\n", 0, last.item.start_mark.index) + 1
        dash = self.text[start : last.item.start_mark.index]
        newline = "\r\n" if "\r\n" in self.text else "\n"
        at = self._end_of_line(last.value.end_mark.index)
        gap = "" if self.text[:at].endswith("\n") else newline
        return f"{self.text[:at]}{gap}{dash}{written}{newline}{self.text[at:]}"

    def replaced(self, old: str, new: str, *, moved: bool) -> str:
        """Return the settings with *new* for *old*, or without *old* where *new* has its own."""
        text = self.text
        for one in reversed(self._named(old)):
            start, end = one.value.start_mark.index, one.value.end_mark.index
            if self._goes(one, new, moved):
                first = text.rindex("\n", 0, one.item.start_mark.index) + 1
                text = text[:first] + text[self._end_of_line(end) :]
            else:
                text = text[:start] + restyled(text[start:end], self._name(new)) + text[end:]
        return text

    def _end_of_line(self, offset: int) -> int:
        found = self.text.find("\n", offset)
        return len(self.text) if found < 0 else found + 1


def _value(root: object, key: str) -> Node | None:
    pairs = root.value if isinstance(root, MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)


def _entries(nav: SequenceNode) -> Iterator[_Entry]:
    for item in nav.value:
        single = isinstance(item, MappingNode) and len(item.value) == 1
        named = item.value[0][1] if single else item
        if isinstance(named, SequenceNode):
            yield from _entries(named)
        elif isinstance(named, ScalarNode) and is_page(named.value):
            yield _Entry(named.value, named, item, nav)
