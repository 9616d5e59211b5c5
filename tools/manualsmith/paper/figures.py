"""The figures of a period as tables, in the reader's language."""

from collections import Counter

from manualsmith.paper.sheets import Cell, Sheet
from manualsmith.records.models.incident import level_name
from manualsmith.records.models.moments import shown
from manualsmith.text import t
from manualsmith.workflow.reports.competences import COMPETENCES, INDICATORS, competences_of
from manualsmith.workflow.reports.period_report import Figures, Times


def sheets_of(found: Figures) -> list[Sheet]:
    """Return the tables: how much there was, how long it took, what it says of the manuals."""
    shown = [_indicators(found), _competences(found)]
    trust = [trust_of(found)] if found.trust else []
    return [_by_month(found), counts_of(found), *trust, *_work(found), *_manuals(found), *shown]


def _kinds() -> dict[str, str]:
    return {
        "request": t("requests"),
        "incident": t("incidents"),
        "walkthrough": t("walkthroughs"),
        "confirmation": t("confirmations"),
        "suggestion": t("suggestions"),
    }


def _by_month(found: Figures) -> Sheet:
    names = _kinds()
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (month, *(of[kind] for kind in names)) for month, of in found.months.items()
    )
    return Sheet(t("by month"), (t("month"), *names.values()), rows, bars=True)


def counts_of(found: Figures) -> Sheet:
    """Return how many records of each kind there are."""
    names = {
        **_kinds(),
        "open": t("suggestions, open"),
        "accepted": t("suggestions, accepted"),
    }
    rows = tuple((names[kind], count) for kind, count in found.counts.items())
    return Sheet(t("records"), (t("kind"), t("count")), rows)


def trust_of(found: Figures) -> Sheet:
    """Return by month how much of the manuals was confirmed in time, in per cent."""
    rows = tuple((f"{day:%Y-%m}", round(share * 100)) for day, share in found.trust)
    headings = (t("month"), t("confirmed in time, in %"))
    title = t("How much of the manuals was confirmed in time")
    return Sheet(title, headings, rows, bars=True, most=100)


def _work(found: Figures) -> list[Sheet]:
    return [
        Sheet(
            t("times"),
            (t("from … to"), t("count"), t("median, hours"), t("longest, hours")),
            (
                _times(t("request to resolved"), found.to_resolved),
                _times(t("finding to published"), found.to_published),
            ),
        ),
        Sheet(
            t("escalations that wait"),
            (t("id"), t("waits for"), t("due"), t("symptom")),
            tuple(
                (one.id, level_name(level), shown(one.due), one.symptom)
                for one, level in found.escalations
            ),
        ),
    ]


def _manuals(found: Figures) -> list[Sheet]:
    return [
        Sheet(
            t("entries most used"),
            (t("entry"), t("used"), t("worked as written")),
            tuple((one.entry, one.used, one.worked) for one in found.used),
        ),
        Sheet(
            t("symptoms with no entry"),
            (t("symptom"), t("requests"), t("incidents")),
            tuple((one.symptom, one.requests, ", ".join(one.incidents)) for one in found.missing),
        ),
        Sheet(
            t("was the page of help?"),
            (t("page"), t("yes"), t("no")),
            tuple((one.page, one.yes, one.no) for one in found.helped),
        ),
        Sheet(
            t("looked for on the site, and not found"),
            (t("words"), t("count")),
            found.searched,
        ),
    ]


def _indicators(found: Figures) -> Sheet:
    return Sheet(
        t("behaviour indicators with evidence"),
        (t("staff"), t("indicator"), t("in the standard's words"), t("count"), t("records")),
        tuple(
            (staff, indicator, INDICATORS[indicator], len(names), ", ".join(names))
            for staff, by in found.evidence.items()
            for indicator, names in by.items()
        ),
    )


def _competences(found: Figures) -> Sheet:
    """Return how many records of each staff number stand for which knowledge, skill, attitude."""
    counted: Counter[tuple[str, str]] = Counter()
    for staff, by in found.evidence.items():
        for code in COMPETENCES:
            names = {name for p, names in by.items() if code in competences_of(p) for name in names}
            counted[staff, code] = len(names)
    return Sheet(
        t("knowledge, skills and attitudes with evidence"),
        (t("staff"), t("code"), t("name in the standard"), t("records")),
        tuple(
            (staff, code, COMPETENCES[code], count)
            for (staff, code), count in counted.items()
            if count
        ),
    )


def _times(name: str, times: Times) -> tuple[str, int, float, float]:
    return name, times.count, times.median, times.longest
