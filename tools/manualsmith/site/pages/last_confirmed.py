"""The dates of a page: when it was last changed, and last followed and found right.

Readers see dates and environments, never the record, nor who wrote it. Where a place is to be
confirmed again and again, they are told how it stands. What is built never says what day it is: it
names the day until which the place counts as confirmed, and a script on the reader's device
(`standing.js`) says when that is over. So the same sources make the same pages on any day, and a
page that was built or kept on a device long ago is right today.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from html import escape, unescape
from pathlib import Path

from mkdocs.structure.toc import AnchorLink

from manualsmith.errors import UserError
from manualsmith.git.history import last_changes
from manualsmith.git.repository import Repository
from manualsmith.layout import Manual, confirmations_folder, is_page, manual_folders, page_of
from manualsmith.markdown.dialect import Dialect
from manualsmith.markdown.redirect_addresses import FIELD, old_paths
from manualsmith.naming import fold
from manualsmith.records.models.confirmation import Confirmation, parse_confirmation
from manualsmith.records.models.moments import day_in_words
from manualsmith.settings.read_settings import Settings, read_settings_in
from manualsmith.site.pages.html_headings import beneath, beneath_first
from manualsmith.text import t
from manualsmith.workflow.reports.confirmed_places import Held, evidence_of, placed
from manualsmith.workflow.reports.due import Kept, PlaceToConfirm, asked_of, at_last
from manualsmith.workflow.workspace.open_workspace import records_folder


@dataclass(frozen=True)
class PageEvidence:
    """When pages were found right and when they were changed, by their path in the repository.

    pages: of whole pages. sections: of sections, by page and folded heading path. changed: the day
    of the last commit that changed a page. kept: what is to be confirmed again and again, by page
    and folded heading path, which is empty for the page as a whole.
    """

    pages: Mapping[str, Held]
    sections: Mapping[str, Mapping[tuple[str, ...], Held]]
    changed: Mapping[str, date]
    kept: Mapping[str, Mapping[tuple[str, ...], Kept]] = field(default_factory=dict)


def read_evidence(
    root: Path, repository: Repository | None, commit: str, dialect_for: Callable[[Manual], Dialect]
) -> PageEvidence:
    """Return when the pages under *root*, which are those of *commit*, were confirmed and changed.

    dialect_for: the Markdown of a manual's pages.
    A confirmation that cannot be read is left out, for `audit` to tell. Without a repository, or
    without a commit in it, there are no last changes.
    """
    folders = [one / confirmations_folder() for one in records_roots(root, repository)]
    files = (file for folder in folders for file in sorted(folder.glob("*.yaml")))
    found = (one for one in map(_read, files) if one and not one.draft)
    texts = dict(_texts(root))
    pages, sections = evidence_of(found, _moved(texts))
    kept: dict[str, dict[tuple[str, ...], Kept]] = {}
    for path, one in _asked(texts, read_settings_in(root), dialect_for, sections):
        kept.setdefault(path, {})[one.heading or ()] = at_last(one, pages, sections)
    changed = {}
    if repository:
        with suppress(UserError):
            changed = _changed(root, repository, commit)
    return PageEvidence(pages, sections, changed, kept)


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


def _texts(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the pages of the manuals under *root*, each by its path."""
    for folder in manual_folders():
        for file in sorted(one for one in (root / folder).rglob("*") if is_page(one.name)):
            yield file.relative_to(root).as_posix(), file.read_bytes().decode("utf-8", "replace")


def _moved(texts: Mapping[str, str]) -> dict[str, str]:
    """Return where each page is now that has moved, by the path that it had."""
    with_field = ((path, text) for path, text in texts.items() if FIELD in text)
    return {old: path for path, text in with_field for old in old_paths(text, path)}


def _asked(
    texts: Mapping[str, str],
    settings: Settings,
    dialect_for: Callable[[Manual], Dialect],
    sections: Container[str],
) -> Iterator[tuple[str, PlaceToConfirm]]:
    """Yield the places that are to be confirmed, each with its page's path.

    *sections* has the pages of which sections were confirmed.
    """
    for path, text in texts.items():
        if of := page_of(path):
            some = path in sections
            for one in asked_of(*of, text, settings, dialect_for, by_section=some):
                yield path, one


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
    paths = dict(_paths(toc, ()))
    pages, held, kept = evidence.pages, evidence.sections.get(path, {}), evidence.kept.get(path, {})
    lines = {name: _line("ms-held", [_held(h, fact_names)]) for name, h in placed(paths, held)}
    own = placed(paths, {heading: one for heading, one in kept.items() if heading})
    for name, one in own:
        known = [*(h for place, h in placed(paths, held) if place == name), pages.get(path)]
        lines[name] = _standing(one, known, fact_names)
    html = beneath(html, lines)
    told = []
    if path in evidence.changed:
        told.append(f"{escape(t('Last changed'))} {_time(evidence.changed[path])}")
    if path in pages and () not in kept:
        told.append(_held(pages[path], fact_names))
    top = _line("ms-dates", told) if told else ""
    if () in kept:
        top += _standing(kept[()], [pages.get(path)], fact_names, in_part=bool(held))
    return beneath_first(html, top) if top else html


def _standing(
    one: Kept, held: Iterable[Held | None], fact_names: Mapping[str, str], *, in_part: bool = False
) -> str:
    """Return the line that says how a place stands, whose environment is that of *held*."""
    same = next((h for h in held if h and h.date == one.last), None)
    told, then = standing_of(one, in_part=in_part)
    told = escape(told + (_where(same, fact_names) if same else ""))
    if one.day is None:
        return f'<p class="ms-standing" data-search-exclude>{told}</p>'
    over = escape(t("; it is time to check it again"))
    return (
        f'<p class="ms-standing" data-until="{one.day}" data-over="{over}" data-search-exclude>'
        f"{told}<span>{escape(then)}</span></p>"
    )


def standing_of(one: Kept, *, in_part: bool = False) -> tuple[str, str]:
    """Return in words how a place stands, and until when; true on whatever day it is read.

    *in_part*: sections of it were followed, whatever is true of all of it.
    """
    if one.last is None or one.day is None:
        never = t("Not all of this page has been followed yet")
        return (never if in_part else t("Nobody has noted following this yet")), ""
    told = t("Followed on {day} and found right", day=day_in_words(one.last))
    return told, t("; to be checked again by {day}", day=day_in_words(one.day))


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
    told = escape(t("Last followed and found right"))
    return f"{told} {_time(held.date)}{escape(_where(held, fact_names))}"


def _where(held: Held, fact_names: Mapping[str, str]) -> str:
    # Only what the site has a name for: device.type says nothing to a reader.
    facts = [f"{fact_names[name]} {value}" for name, value in held.facts if name in fact_names]
    return t(" ({facts})", facts=t(", ").join(facts)) if facts else ""


def _time(day: date) -> str:
    return f'<time datetime="{day.isoformat()}">{day.isoformat()}</time>'
