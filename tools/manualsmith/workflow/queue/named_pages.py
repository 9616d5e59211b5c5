"""Which page people mean: by its path, its file's name, or its title, in any width of letters."""

from collections.abc import Mapping
from contextlib import suppress

from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import MANUALS, Manual, is_page, named_page
from manualsmith.markdown.reading.page_title import page_title
from manualsmith.naming import SHOWN, fold, near
from manualsmith.text import t
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot

# The title of each page, by its manual's name and its path: ``operation/sharing.md``.
Titles = Mapping[str, str]


def page_titles(snapshot: Snapshot) -> dict[str, str]:
    """Return the title of each page; its path where it has none, or cannot be read."""
    found = {
        f"{manual.name}/{blob.page}": page_title(blob.text)
        for manual in MANUALS.values()
        for blob in snapshot.texts(manual)
    }
    paths = (f"{name}/{page}" for name, pages in snapshot.pages.items() for page in pages)
    return {path: found.get(path) or path for path in paths}


def page_named(
    snapshot: Snapshot, said: str, kind: str, titles: Titles | None = None
) -> tuple[Manual, str]:
    """Return the manual and the page that people name, such as 分享檔案, sharing or sharing.md.

    Where manuals of several kinds have such a page, that of *kind* is meant. *titles*: as
    `page_titles` has them, where they are known. Raises UserError with the nearest titles where
    there is no such page, and where several are called so.
    """
    with suppress(UserError):  # there is no manual of the kind: a title may be found all the same
        manual, page = named_page(said, kind)
        if snapshot.page_id(manual, page):
            return manual, page
    titles = page_titles(snapshot) if titles is None else titles
    called = pages_called(said, titles)
    of_kind = [path for path in called if _split(path)[0].kind.name == kind]
    found = of_kind or called
    if not found:
        raise _unknown(snapshot, said, kind, titles)
    if len(found) > 1:
        raise UserError(
            t("several pages are called {title}", title=said),
            hint=t("name one of: {names}", names=", ".join(found[:SHOWN])),
        )
    return _split(found[0])


def page_of_main(workspace: Workspace, said: str, kind: str) -> tuple[Manual, str]:
    """Return the same of main's pages."""
    with BlobReader(workspace.repository) as reader:
        return page_named(main_snapshot(workspace, reader), said, kind)


def pages_wanted(workspace: Workspace, said: str) -> tuple[str, ...]:
    """Return the paths in the repository of all pages that a filter means, of every manual.

    A page that is not on main is meant by its path there: suggestions for it may be decided.
    Raises UserError with the nearest titles for what is no path and no page.
    """
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        titles = page_titles(snapshot)
        found = [manual.path(page) for manual, page in map(_split, pages_called(said, titles))]
        if not found and not is_page(said):
            raise _unknown(snapshot, said, next(iter(MANUALS.values())).kind.name, titles)
    beyond = (said, *(manual.path(said) for manual in MANUALS.values()))
    return tuple(found) or beyond


def pages_called(said: str, titles: Titles) -> list[str]:
    """Return the pages, by their manual and path, that have the name: a path, or a title."""
    wanted = fold(said)
    return [path for path, title in titles.items() if wanted in _names(path, title)]


def pages_like(said: str, titles: Titles) -> list[str]:
    """Return the pages whose path or title has what was typed, the nearest titles where none has.

    Those whose title begins so come first.
    """
    wanted = fold(said)
    found = [path for path, title in titles.items() if is_like(said, path, title)]
    found.sort(key=lambda path: not fold(titles[path]).startswith(wanted))
    return found or [path for title in near(said, titles.values()) for path in _of(title, titles)]


def is_like(said: str, path: str, title: str) -> bool:
    """Return whether a page's path or title has what was typed, perhaps half of it."""
    manual, page = _split(path)
    return fold(said) in fold(f"{manual.path(page)}\n{path}\n{title}")


def titled(path: str, titles: Titles) -> str:
    """Return a page as people are told of it: its title, and its manual and path."""
    title = titles.get(path, path)
    return path if title == path else t("{title} ({path})", title=title, path=path)


def _of(title: str, titles: Titles) -> list[str]:
    return [path for path, other in titles.items() if other == title]


def _split(path: str) -> tuple[Manual, str]:
    name, _, page = path.partition("/")
    return MANUALS[name], page


def _names(path: str, title: str) -> set[str]:
    """Return all that a page is called, as `fold` has it."""
    manual, page = _split(path)
    paths = (page, path, manual.path(page))
    bare = (one.rpartition(".")[0] for one in paths if is_page(one))
    return {fold(one) for one in (*paths, *bare, title)}


def _unknown(snapshot: Snapshot, said: str, kind: str, titles: Titles) -> UserError:
    """Return the error for a page that is not there: where it went, else the nearest ones."""
    manual, page = named_page(said, kind)
    if snapshot.took_over(manual.path(page)):
        return snapshot.missing_page(manual, page)
    like = near(page, [*titles.values(), *titles])
    paths = dict.fromkeys(path for one in like for path in (*_of(one, titles), one))
    close = [titled(path, titles) for path in paths if path in titles][:SHOWN]
    hint = t("nearest: {names}", names=t(", ").join(close)) if close else None
    message = t("{manual} has no page {page}", manual=manual.title, page=page)
    return UserError([Problem(message, hint=hint, field="page")])
