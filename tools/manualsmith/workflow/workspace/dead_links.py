"""Refuse an edit that would leave a dead link: on its own page, or on one that links to it."""

import posixpath
from collections.abc import Collection, Iterator
from urllib.parse import unquote

from manualsmith.errors import Place, Problem, UserError
from manualsmith.layout import is_page, manual_folders, page_folders
from manualsmith.markdown.apply_edit import Applied
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_links import Link, added_links, anchors, links
from manualsmith.naming import near
from manualsmith.text import t
from manualsmith.workflow.workspace.snapshot import Snapshot


def refuse_dead_links(
    path: str, before: str, after: str, snapshot: Snapshot, brought: Collection[str] = ()
) -> None:
    """Raise UserError where the page at *path* would gain links that lead nowhere.

    Links to other sites, and to an address from the site's root, are not looked at. *brought* are
    files that come with the page.
    """
    problems = [
        Problem(t("the link {link} leads nowhere", link=link), hint=hint, field="text")
        for link in added_links(before, after)
        if (hint := _fault(path, after, link, snapshot, brought))
    ]
    if problems:
        raise UserError(problems)


def _fault(
    path: str, text: str, link: Link, snapshot: Snapshot, brought: Collection[str]
) -> str | None:
    """Return what is wrong with a link, None where it is right."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link.path))
    own = not link.path or target == path
    if target in brought:
        return None
    if not own and not posixpath.splitext(target)[1]:
        return None  # a folder, which the site's build looks at
    if not own and (target.startswith("../") or snapshot.entry(target) is None):
        listed = map(snapshot.files, manual_folders())
        names = [entry.path for entries in listed for entry in entries]
        return _hint(t("there is no {path}", path=target), near(target, names))
    if not link.anchor or not (own or is_page(target)):
        return None
    data = None if own else snapshot.read(target)
    there = text if own else (data or b"").decode("utf-8", "replace")
    ids = anchors(Page(there, snapshot.dialect))
    if link.anchor in ids:
        return None
    return _hint(t("no heading there has the id {id}", id=link.anchor), near(link.anchor, ids))


def refuse_lost_ids(path: str, applied: Applied, snapshot: Snapshot) -> None:
    """Raise UserError where the page at *path* would lose an id that a page links to."""
    if applied.is_plain:
        return
    lost = anchors(applied.page) - anchors(Page(applied.text, applied.page.dialect))
    if not lost:
        return
    problems = [
        Problem(
            t("the heading {id} would go, and {place} links to it", id=anchor, place=place),
            hint=t("change that link first, or keep the heading"),
        )
        for place, anchor in _links_to(path, applied.text, snapshot)
        if anchor in lost
    ]
    if problems:
        raise UserError(problems)


def _links_to(path: str, text: str, snapshot: Snapshot) -> Iterator[tuple[Place, str]]:
    """Yield each link to an id of the page at *path*, whose text is to be *text*, and the id."""
    for entry in (entry for folder in page_folders() for entry in snapshot.files(folder)):
        if not is_page(entry.path):
            continue
        own = entry.path == path
        there = text if own else (snapshot.object(entry.oid) or b"").decode("utf-8", "replace")
        if not own and posixpath.basename(path) not in unquote(there):
            continue
        for offset, link in links(there):
            folder = posixpath.dirname(entry.path)
            target = posixpath.normpath(posixpath.join(folder, link.path)) if link.path else None
            if link.anchor and (target or entry.path) == path:
                yield Place(entry.path, there.count("\n", 0, offset) + 1), link.anchor


def _hint(said: str, close: list[str]) -> str:
    return said + ("\n" + t("nearest: {names}", names=", ".join(close)) if close else "")
