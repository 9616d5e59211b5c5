"""The dates of a page: when it was last changed, and last followed and found right.

Readers see dates and environments, never the record, nor who wrote it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from html import escape, unescape
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from mkdocs.structure.toc import AnchorLink

from manualsmith.errors import UserError
from manualsmith.git.history import last_changes
from manualsmith.git.repository import Repository
from manualsmith.layout import confirmations_folder, is_page, manual_folders, page_path
from manualsmith.markdown.redirect_addresses import FIELD, old_paths
from manualsmith.naming import fold
from manualsmith.records.models.confirmation import Confirmation, parse_confirmation
from manualsmith.settings import read_settings_in
from manualsmith.site.pages.html_headings import beneath, beneath_first
from manualsmith.text import t
from manualsmith.workflow.workspace.open_workspace import records_folder

Place = TypeVar("Place")


@dataclass(frozen=True)
class Held:
    """A page or section was followed and held: when, and what the environment was."""

    date: date
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PageEvidence:
    """When pages were found right and when they were changed, by their path in the repository.

    pages: of whole pages. sections: of sections, by page and folded heading path. changed: the day
    of the last commit that changed a page.
    """

    pages: Mapping[str, Held]
    sections: Mapping[str, Mapping[tuple[str, ...], Held]]
    changed: Mapping[str, date]


def read_evidence(root: Path, repository: Repository | None, commit: str) -> PageEvidence:
    """Return when the pages under *root*, which are those of *commit*, were confirmed and changed.

    A confirmation that cannot be read is left out, for `audit` to tell. Without a repository, or
    without a commit in it, there are no last changes.
    """
    folders = [one / confirmations_folder() for one in records_roots(root, repository)]
    files = (file for folder in folders for file in sorted(folder.glob("*.yaml")))
    found = (one for one in map(_read, files) if one and not one.draft)
    pages, sections = evidence_of(found, _moved(root))
    changed = {}
    if repository:
        with suppress(UserError):
            changed = _changed(root, repository, commit)
    return PageEvidence(pages, sections, changed)


def _changed(root: Path, repository: Repository, commit: str) -> dict[str, date]:
    """Return the last changes of the pages under *root*, which may be a folder of a repository."""
    top = (repository.worktree or root).resolve()
    inside = root.resolve().relative_to(top) if root.resolve().is_relative_to(top) else Path()
    folders = [(inside / folder).as_posix() for folder in manual_folders()]
    found = last_changes(repository, commit, folders)
    return {Path(path).relative_to(inside).as_posix(): day for path, day in found.items()}


def records_roots(root: Path, repository: Repository | None) -> Iterator[Path]:
    """Yield *root*, and the root of the other repository that holds the records, where one is set.

    Who publishes the site may have no access to it: the site has what is there.
    """
    yield root
    if repository and (folder := records_folder(repository, read_settings_in(root))):
        yield folder


def _moved(root: Path) -> dict[str, str]:
    """Return where each page under *root* is now that has moved, by the path that it had."""
    moved: dict[str, str] = {}
    for folder in manual_folders():
        for file in sorted(one for one in (root / folder).rglob("*") if is_page(one.name)):
            data = file.read_bytes()
            if FIELD.encode() in data:
                path = file.relative_to(root).as_posix()
                text = data.decode("utf-8", "replace")
                moved.update((old, path) for old in old_paths(text, path))
    return moved


def _read(file: Path) -> Confirmation | None:
    try:
        return parse_confirmation(file.read_bytes(), file.name)
    except (UserError, OSError):
        return None


def evidence_of(
    confirmations: Iterable[Confirmation],
    moved: Mapping[str, str] = MappingProxyType({}),
) -> tuple[dict[str, Held], dict[str, dict[tuple[str, ...], Held]]]:
    """Return the latest time that each page, and each section, was followed and held.

    *moved*: the path that a page has now, by one that it had.
    """
    pages: dict[str, Held] = {}
    sections: dict[str, dict[tuple[str, ...], Held]] = {}
    for one in sorted(confirmations, key=lambda one: (one.date, one.id)):
        facts = tuple((f.fact, f.observed) for _, found in one.environment for f in found)
        held = Held(one.date, facts)
        for place in one.confirmed:
            path = page_path(place.manual, place.page)
            path = moved.get(path, path)
            if place.section:
                key = tuple(fold(title) for title in place.section)
                sections.setdefault(path, {})[key] = held
            else:
                pages[path] = held
    return pages, sections


def with_evidence(
    html: str,
    path: str,
    toc: Sequence[AnchorLink],
    evidence: PageEvidence,
    fact_names: Mapping[str, str],
) -> str:
    """Return a page's *html* with its dates under the first heading, and those of its sections.

    *path* is the page's in the repository, *toc* its headings; the rest is as for an environment.
    """
    found = placed(dict(_paths(toc, ())), evidence.sections.get(path, {}))
    lines = {name: _line("ms-held", [_held(h, fact_names)]) for name, h in found}
    html = beneath(html, lines)
    told = []
    if path in evidence.changed:
        changed = escape(t("Last changed"))
        told.append(f"{changed} {_time(evidence.changed[path])}")
    if path in evidence.pages:
        told.append(_held(evidence.pages[path], fact_names))
    return beneath_first(html, _line("ms-dates", told)) if told else html


def dates_of(paths: Sequence[str], evidence: PageEvidence, fact_names: Mapping[str, str]) -> str:
    """Return the HTML of when any of the pages at *paths* was last changed, and last held."""
    changed = [evidence.changed[path] for path in paths if path in evidence.changed]
    held = [evidence.pages[path] for path in paths if path in evidence.pages]
    held += [one for path in paths for one in evidence.sections.get(path, {}).values()]
    told = [f"{escape(t('Last changed'))} {_time(max(changed))}"] if changed else []
    if held:
        told.append(_held(max(held, key=lambda one: one.date), fact_names))
    return _line("ms-dates", told) if told else ""


def placed(
    paths: Mapping[Place, tuple[str, ...]], sections: Mapping[tuple[str, ...], Held]
) -> list[tuple[Place, Held]]:
    """Return the headings that sections name; a name that several have is left out.

    *paths* are the folded heading paths of a page, by whatever names a heading.
    """
    found = []
    for wanted, held in sections.items():
        names = [name for name, path in paths.items() if path[-len(wanted) :] == wanted]
        if len(names) == 1:
            found.append((names[0], held))
    return found


def _paths(
    toc: Sequence[AnchorLink], above: tuple[str, ...]
) -> Iterable[tuple[str, tuple[str, ...]]]:
    for heading in toc:
        path = (*above, fold(unescape(heading.title)))
        yield heading.id, path
        yield from _paths(heading.children, path)


def _line(name: str, told: Sequence[str]) -> str:
    # Every page has one: in the search index it would make every page an answer to its words.
    return f'<p class="{name}" data-search-exclude>{"<br>".join(told)}</p>'


def _held(held: Held, fact_names: Mapping[str, str]) -> str:
    # Only what the site has a name for: device.type says nothing to a reader.
    facts = [f"{fact_names[name]} {value}" for name, value in held.facts if name in fact_names]
    where = t(" ({facts})", facts=t(", ").join(facts)) if facts else ""
    told = escape(t("Last followed and found right"))
    return f"{told} {_time(held.date)}{escape(where)}"


def _time(day: date) -> str:
    return f'<time datetime="{day.isoformat()}">{day.isoformat()}</time>'
