"""Refuse an edit that would bring a dead link onto a page."""

import posixpath

from manualsmith.errors import Problem, UserError
from manualsmith.layout import MANUALS
from manualsmith.markdown.links import Link, added_links, anchors
from manualsmith.markdown.page import Page
from manualsmith.naming import near
from manualsmith.text import t
from manualsmith.workflow.snapshot import Snapshot


def refuse_dead_links(path: str, before: str, after: str, snapshot: Snapshot) -> None:
    """Raise UserError where the page at *path* would gain links that lead nowhere.

    Links to other sites, and to an address from the site's root, are not looked at.
    """
    problems = [
        Problem(t("the link {link} leads nowhere", link=link), hint=hint, field="text")
        for link in added_links(before, after)
        if (hint := _fault(path, after, link, snapshot))
    ]
    if problems:
        raise UserError(problems)


def _fault(path: str, text: str, link: Link, snapshot: Snapshot) -> str | None:
    """Return what is wrong with a link, None where it is right."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link.path))
    own = not link.path or target == path
    if not own and not posixpath.splitext(target)[1]:
        return None  # a folder, which the site's build looks at
    if not own and (target.startswith("../") or snapshot.entry(target) is None):
        listed = (snapshot.files(manual.folder) for manual in MANUALS.values())
        names = [entry.path for entries in listed for entry in entries]
        return _hint(t("there is no {path}", path=target), near(target, names))
    if not link.anchor or not (own or target.endswith(".md")):
        return None
    data = None if own else snapshot.read(target)
    there = text if own else (data or b"").decode("utf-8", "replace")
    ids = anchors(Page(there))
    if link.anchor in ids:
        return None
    return _hint(t("no heading there has the id {id}", id=link.anchor), near(link.anchor, ids))


def _hint(said: str, close: list[str]) -> str:
    return said + ("\n" + t("nearest: {names}", names=", ".join(close)) if close else "")
