"""The pages for leads: the audit, and the report with charts."""

from contextlib import suppress
from datetime import UTC, date, datetime

from starlette.responses import Response

from manualsmith.desk.page_request import Ask, whole_number
from manualsmith.paper.figures import counts_of, sheets_of, trust_of
from manualsmith.paper.sheets import chart_svg
from manualsmith.text import t
from manualsmith.workflow.reports.audit import KIND_NAMES
from manualsmith.workflow.reports.audit import audit as look_through
from manualsmith.workflow.reports.period_report import ReportPeriod, figures

_DAYS, _WAITING = 180, 14


def _day(text: str, otherwise: date) -> date:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return otherwise


def report(ask: Ask) -> Response:
    """Show the figures of a period."""
    names = ("since", "until", "product", "staff")
    asked = {name: ask.query(name) for name in names}
    wanted = ReportPeriod(
        _day(asked["since"], date.min),
        _day(asked["until"], date.max),
        asked["product"] or None,
        asked["staff"] or None,
    )
    found = figures(ask.workspace, wanted, ask.rooms.watch.to_confirm(ask.workspace))
    sheets = [(one, chart_svg(one) if one.bars and one.rows else "") for one in sheets_of(found)]
    counts = [*counts_of(found).rows]
    if found.trust:
        counts.append((t("confirmed in time, in %"), trust_of(found).rows[-1][1]))
    return ask.page(
        "report.html", asked=asked, counts=counts, sheets=sheets, problems=found.problems
    )


def audit(ask: Ask) -> Response:
    """Show what has gone stale, waits too long, disagrees, or was lost."""
    days = whole_number(ask.query("days"), _DAYS)
    waiting = whole_number(ask.query("waiting"), _WAITING)
    remarks = look_through(ask.workspace, datetime.now(UTC).astimezone().date(), days, waiting)
    groups = [
        (t(name), [one for one in remarks if one.kind == kind]) for kind, name in KIND_NAMES.items()
    ]
    return ask.page("audit.html", groups=groups, days=days, waiting=waiting, count=len(remarks))
