"""The internal site's ledger: every record, with its links both ways, and two charts.

Readers never see it: it is made where the setting ``internal`` is on, and nowhere else.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from html import escape
from typing import TypeVar

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.utils import get_relative_url

from manualsmith.layout import manual_of, page_path
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.incident import Incident
from manualsmith.records.models.moments import shown
from manualsmith.records.models.request import Request
from manualsmith.records.models.walkthrough import Walkthrough
from manualsmith.site.build.site_files import SitePaths
from manualsmith.site.ledger.state_names import incident_state_names, state_names
from manualsmith.site.pages.last_confirmed import PageEvidence
from manualsmith.text import t
from manualsmith.workflow.queue.summaries import Account
from manualsmith.workflow.reports.all_records import Ledger

OVERVIEW, SUGGESTIONS, CONFIRMATIONS, REQUESTS, INCIDENTS, WALKTHROUGHS = (
    "ledger/index.md",
    "ledger/suggestions.md",
    "ledger/confirmations.md",
    "ledger/requests.md",
    "ledger/incidents.md",
    "ledger/walkthroughs.md",
)
_OF_KIND = {
    "ENV": CONFIRMATIONS,
    "REQ": REQUESTS,
    "INC": INCIDENTS,
    "WLK": WALKTHROUGHS,
}
_WEEKS = 12
# A record's number, and the rest of its line.
_Row = tuple[str, tuple[str, ...]]
_Record = TypeVar("_Record")
_AGES = (30, 90, 180, 365)


@dataclass(frozen=True)
class LedgerPages:
    """Makes the ledger's pages; links are told from the page that they stand on."""

    ledger: Ledger
    evidence: PageEvidence
    files: Files
    site: SitePaths

    paths = (OVERVIEW, SUGGESTIONS, CONFIRMATIONS, REQUESTS, INCIDENTS, WALKTHROUGHS)

    @property
    def nav(self) -> dict[str, list[str]]:
        """The ledger's section of the nav."""
        return {t("Records"): list(self.paths)}

    def new_files(self, config: MkDocsConfig) -> list[File]:
        """Return the ledger's files; their text is made when every page has been read."""
        titles = (t("Records"), *(title for title, _ in self._kinds.values()))
        front = "---\ntitle: {}\nsearch: {{exclude: true}}\nhide: [toc]\n---\n"
        return [
            File.generated(config, path, content=front.format(title))
            for path, title in zip(self.paths, titles, strict=True)
        ]

    def html(self, path: str) -> str:
        """Return the body of the page at *path*, one of `paths`."""
        file = self.files.get_file_from_path(path)
        url = file.url if file else ""
        if path == OVERVIEW:
            return self._overview(url)
        made = {
            SUGGESTIONS: self._suggestions,
            CONFIRMATIONS: self._confirmations,
            REQUESTS: self._requests,
            INCIDENTS: self._incidents,
            WALKTHROUGHS: self._walkthroughs,
        }
        return made[path](url)

    @property
    def _kinds(self) -> dict[str, tuple[str, int]]:
        """The title and the number of records of each page but the overview."""
        desk = self.ledger.desk
        return {
            SUGGESTIONS: (t("Suggestions"), len(self.ledger.suggestions)),
            CONFIRMATIONS: (t("Environment confirmations"), len(self.ledger.confirmations)),
            REQUESTS: (t("Problem requests"), len(desk.requests)),
            INCIDENTS: (t("Incident records"), len(desk.incidents)),
            WALKTHROUGHS: (t("Walkthrough records"), len(desk.walkthroughs)),
        }

    def of_page(self, path: str, url: str) -> str:
        """Return the records of a manual's page at *path*, whose address is *url*."""
        rows = [
            _item(self._link(SUGGESTIONS, one.id, url), one.summary, state_names()[one.state])
            for one in self._suggested.get(path, ())
        ]
        rows += [
            _item(self._link(CONFIRMATIONS, one.id, url), one.date, t("Found right"))
            for one in self._confirmed.get(path, ())
        ]
        rows += [
            _item(self._record(one.id, url), one.symptom, incident_state_names()[one.state])
            for one in self._worked_on.get(path, ())
        ]
        rows += [
            _item(self._record(one.id, url), one.date, t("Walkthrough records"))
            for one in self._walked.get(path, ())
        ]
        if not rows:
            return ""
        title = escape(t("Records of this page"))
        return (
            f'<nav class="ms-records" aria-label="{title}" data-search-exclude>'
            f"<p><strong>{title}</strong></p><ul>{''.join(rows)}</ul></nav>\n"
        )

    @cached_property
    def _suggested(self) -> Mapping[str, list[Account]]:
        return _by_page((one, _pages(one)) for one in self.ledger.suggestions)

    @cached_property
    def _confirmed(self) -> Mapping[str, list[Confirmation]]:
        return _by_page((one, _confirmed(one)) for one in self.ledger.confirmations)

    @cached_property
    def _worked_on(self) -> Mapping[str, list[Incident]]:
        incidents = self.ledger.desk.incidents.values()
        return _by_page((one, _entry_pages(one)) for one in incidents)

    @cached_property
    def _walked(self) -> Mapping[str, list[Walkthrough]]:
        walks = self.ledger.desk.walkthroughs.values()
        return _by_page((one, [page_path(one.manual, one.page)]) for one in walks)

    def _overview(self, url: str) -> str:
        states = Counter(one.state for one in self.ledger.suggestions)
        counts = "".join(
            f"<tr><td>{escape(name)}</td><td>{states[state]}</td></tr>"
            for state, name in state_names().items()
        )
        kinds = "\n".join(
            f"{self._link(path, '', url, title)}（{count}）"
            for path, (title, count) in self._kinds.items()
        )
        title, state, count = map(escape, (t("Records"), t("State"), t("Count")))
        by_week, ages = escape(t("Suggestions by week")), escape(t("Since the last confirmation"))
        return f"""<h1>{title}</h1>
<p>{kinds}</p>
<table><thead><tr><th>{state}</th><th>{count}</th></tr></thead>
<tbody>{counts}</tbody></table>
<h2>{by_week}</h2>
{self._weeks()}
<h2>{ages}</h2>
{self._ages()}"""

    def _weeks(self) -> str:
        dates = {one.id: one.date for one in self.ledger.confirmations}
        found, decided = Counter[date](), Counter[date]()
        for one in self.ledger.suggestions:
            if one.sources and one.sources[0].id in dates:
                found[_week(dates[one.sources[0].id])] += 1
            if one.verdict:
                decided[_week(date.fromisoformat(one.verdict.at[:10]))] += 1
        last = max([_week(self.ledger.today), *found, *decided])
        weeks = [last - timedelta(weeks=back) for back in reversed(range(_WEEKS))]
        series = {t("Found"): found, t("Decided"): decided}
        return chart(
            [str(week)[5:] for week in weeks],
            {name: [counts[week] for week in weeks] for name, counts in series.items()},
        )

    def _ages(self) -> str:
        pages = [
            path
            for file in self.files.documentation_pages()
            if manual_of(path := self.site.path(file)) and file.name != "index"
        ]
        counts = Counter(self._age(path) for path in pages)
        ages = [*(t("{days} days", days=days) for days in _AGES), t("Longer")]
        names = [*ages, t("Never")]
        return chart(names, {t("Pages"): [counts[n] for n in range(len(names))]})

    def _age(self, path: str) -> int:
        held = [*self.evidence.sections.get(path, {}).values()]
        held += [self.evidence.pages[path]] if path in self.evidence.pages else []
        if not held:
            return len(_AGES) + 1
        days = (self.ledger.today - max(one.date for one in held)).days
        return next((n for n, limit in enumerate(_AGES) if days <= limit), len(_AGES))

    def _suggestions(self, url: str) -> str:
        rows: list[_Row] = []
        for one in self.ledger.suggestions:
            verdict = one.verdict
            told = f"{verdict.by} {verdict.at[:10]} {verdict.reason}" if verdict else ""
            sources = " ".join(self._link(CONFIRMATIONS, s.id, url) for s in one.sources)
            pages = "<br>".join(self._page(path, url) for path in _pages(one))
            cells = (
                escape(state_names()[one.state]),
                f"{escape(one.summary)}<br><small>{escape(one.reason)}</small>",
                pages,
                sources,
                escape(one.proposer),
                escape(told),
            )
            rows.append((one.id, cells))
        heads = (t("Number"), t("State"), t("What"), t("Page"))
        return self._table(
            t("Suggestions"), (*heads, t("Rests on"), t("Proposer"), t("Decided")), rows
        )

    def _confirmations(self, url: str) -> str:
        rows: list[_Row] = []
        made: dict[str, list[str]] = {}
        for one in self.ledger.suggestions:
            for source in one.sources:
                made.setdefault(source.id, []).append(self._link(SUGGESTIONS, one.id, url))
        for record in self.ledger.confirmations:
            facts = [
                f"{fact.fact} {fact.observed}" for _, facts in record.environment for fact in facts
            ]
            held = [self._page(path, url) for path in _confirmed(record)]
            cells = (
                str(record.date),
                escape(record.reported),
                self._record(record.request, url),
                "<br>".join(map(escape, facts)),
                "<br>".join(made.get(record.id, ())),
                "<br>".join(held),
                escape(record.staff or ""),
            )
            rows.append((record.id, cells))
        heads = (t("Number"), t("Date"), t("Reported"), t("Rests on"), t("Environment"))
        return self._table(
            t("Environment confirmations"),
            (*heads, t("Suggestions"), t("Found right"), t("Staff")),
            rows,
        )

    def _requests(self, url: str) -> str:
        rows = list[_Row]()
        for one in sorted(self.ledger.desk.requests.values(), key=_by_id, reverse=True):
            state = t("closed") if one.closed else ""
            cells = (
                escape(shown(one.at)),
                escape(one.symptom),
                self._record(one.incident, url) or escape(state),
                escape(one.page or ""),
                escape(one.staff or ""),
            )
            rows.append((one.id, cells))
        heads = (t("Number"), t("When"), t("Symptom seen"), t("Led to"), t("Page"))
        return self._table(t("Problem requests"), (*heads, t("Staff")), rows)

    def _incidents(self, url: str) -> str:
        rows = list[_Row]()
        for one in sorted(self.ledger.desk.incidents.values(), key=_by_id, reverse=True):
            cells = (
                escape(incident_state_names()[one.state]),
                escape(shown(one.due)),
                escape(one.symptom),
                " ".join(self._record(name, url) for name in one.requests),
                self._record(one.confirmation, url),
                "<br>".join(self._page(path, url) for path in _entry_pages(one)),
                escape("、".join(dict.fromkeys(move.by for move in one.log))),
            )
            rows.append((one.id, cells))
        heads = (t("Number"), t("State"), t("Due"), t("Symptom seen"), t("Rests on"))
        return self._table(
            t("Incident records"), (*heads, t("Led to"), t("Page"), t("Staff")), rows
        )

    def _walkthroughs(self, url: str) -> str:
        rows = list[_Row]()
        for one in sorted(self.ledger.desk.walkthroughs.values(), key=_by_id, reverse=True):
            same = sum(step.result == "as-written" for step in one.steps)
            cells = (
                str(one.date),
                self._page(page_path(one.manual, one.page), url),
                f"{same}/{len(one.steps)}",
                self._record(one.request, url),
                self._record(one.confirmation, url),
                escape(one.staff or ""),
            )
            rows.append((one.id, cells))
        heads = (t("Number"), t("Date"), t("Page"), t("Results"), t("Rests on"))
        return self._table(t("Walkthrough records"), (*heads, t("Led to"), t("Staff")), rows)

    def _record(self, name: str | None, url: str) -> str:
        """Return the link to a record, nothing for none."""
        link = self._link(_OF_KIND[name[:3]], name, url) if name else ""
        return f'<span class="ms-id">{link}</span>' if link else ""

    def _table(self, title: str, heads: Sequence[str], rows: Iterable[_Row]) -> str:
        named = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
        lines = []
        for name, cells in rows:
            # The names are for phones, where each cell stands on a line of its own.
            told = "".join(
                f'<td data-name="{escape(head)}">{cell}</td>'
                for head, cell in zip(heads, (escape(name), *cells), strict=True)
            )
            lines.append(f'<tr id="{escape(name)}">{told}</tr>')
        label, none = escape(t("Filter")), escape(t("No record is like that"))
        return (
            f"<h1>{escape(title)}</h1>\n"
            f'<table class="ms-ledger" data-filter="{label}" data-none="{none}">'
            f"<thead><tr>{named}</tr></thead>\n<tbody>{''.join(lines)}</tbody></table>"
        )

    def _page(self, path: str, url: str) -> str:
        file = self.site.find(self.files, path)
        if file is None:
            return escape(path)
        title = str(file.page.title) if file.page and file.page.title else path
        return f'<a href="{escape(get_relative_url(file.url, url))}">{escape(title)}</a>'

    def _link(self, path: str, name: str, url: str, text: str = "") -> str:
        file = self.files.get_file_from_path(path)
        anchor = f"#{name}" if name else ""
        href = get_relative_url(file.url, url) + anchor if file else ""
        return f'<a href="{escape(href)}">{escape(text or name)}</a>'


def _item(link: str, told: object, state: str) -> str:
    return f"<li>{link} {escape(str(told))} <small>{escape(state)}</small></li>"


def chart(names: Sequence[str], series: Mapping[str, Sequence[int]]) -> str:
    """Return bars side by side for each of *names*, one for each series, with their numbers.

    It is a table with bars in it, so that it is read as well as looked at.
    """
    most = max([1, *(value for values in series.values() for value in values)])
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in series)
    rows = []
    for at, name in enumerate(names):
        cells = "".join(
            f'<td><span class="ms-bar" style="width:{values[at] * 70 / most:.1f}%"></span>'
            f" {values[at]}</td>"
            for values in series.values()
        )
        rows.append(f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>')
    return (
        f'<table class="ms-chart"><thead><tr><td></td>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _pages(one: Account) -> list[str]:
    return list(dict.fromkeys(page_path(one.manual, edit.page) for edit in one.edits))


def _confirmed(one: Confirmation) -> list[str]:
    return list(dict.fromkeys(page_path(place.manual, place.page) for place in one.confirmed))


def _by_page(records: Iterable[tuple[_Record, list[str]]]) -> dict[str, list[_Record]]:
    found: dict[str, list[_Record]] = {}
    for record, paths in records:
        for path in paths:
            found.setdefault(path, []).append(record)
    return found


def _entry_pages(incident: Incident) -> list[str]:
    """Return the page of the entry that an incident was resolved with, where there is one."""
    return [page_path(incident.entry.manual, incident.entry.page)] if incident.entry else []


def _by_id(record: Request | Incident | Walkthrough) -> str:
    return record.id


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())
