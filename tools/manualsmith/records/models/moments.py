"""Dates and times as records hold them: ISO 8601 with an offset."""

from datetime import datetime, timedelta, timezone

TAIPEI = timezone(timedelta(hours=8))


def instant(moment: str) -> datetime:
    """Return a record's moment; a day alone begins at midnight in Taiwan."""
    found = datetime.fromisoformat(moment)
    return found if found.tzinfo else found.replace(tzinfo=TAIPEI)


def as_moment(when: datetime) -> str:
    """Return a point in time as records hold it, to the second; *when* knows its offset."""
    return when.replace(microsecond=0).isoformat()


def shown(moment: str) -> str:
    """Return a moment as people read it: day and time, without the seconds and the offset."""
    return instant(moment).strftime("%Y-%m-%d %H:%M")
