"""The dates of a page: when it was last changed, and last followed and found right.

Readers see dates and environments, never the record, nor who wrote it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from html import escape, unescape
from pathlib import Path

from mkdocs.structure.toc import AnchorLink

from manualsmith.errors import UserError
from manualsmith.git.history import last_changes
from manualsmith.git.repository import Repository
from manualsmith.layout import confirmations_folder, is_page, manual_folders
from manualsmith.markdown.redirect_addresses import FIELD, old_paths
from manualsmith.naming import fold
from manualsmith.records.models.confirmation import Confirmation, parse_confirmation
from manualsmith.settings.read_settings import read_settings_in
from manualsmith.site.pages.html_headings import beneath, beneath_first
from manualsmith.text import t
from manualsmith.workflow.reports.confirmed_places import Held, evidence_of, placed
from manualsmith.workflow.workspace.open_workspace import records_folder


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
