"""The ids of records and suggestions: one grammar, safe as a file name and in a git ref.

A record is ``ENV-2026-0007``; one numbered without the shared repository at hand carries five
letters (``ENV-2026-0007-kqzwt``), so that two people can do so at once. A suggestion's id is its
confirmation's with the finding's number (``ENV-2026-0007-1``), or with the manual and the fact
(``ENV-2026-0007-operation-desktop-client.version``).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from manualsmith.errors import UserError
from manualsmith.layout import MANUAL_NAME, RECORDS
from manualsmith.naming import FACT_NAME
from manualsmith.text import t

_RECORD = r"-[0-9]{4}-[0-9]{4,9}(?:-[a-z]{5})?"
# the end of a branch's name, and of its namespace
RELEASE = r"[0-9A-Za-z](?:[0-9A-Za-z_-]|\.(?!\.|lock\b)){0,30}[0-9A-Za-z]|[0-9A-Za-z]"

CONFIRMATION_ID = f"ENV{_RECORD}"
REQUEST_ID = f"REQ{_RECORD}"
INCIDENT_ID = f"INC{_RECORD}"
WALKTHROUGH_ID = f"WLK{_RECORD}"
SOURCE_ID = f"(?:{'|'.join(prefix for prefix in RECORDS if prefix != 'ENV')}){_RECORD}"
SUGGESTION_ID = f"{CONFIRMATION_ID}-(?:[1-9][0-9]{{0,5}}|{MANUAL_NAME}-{FACT_NAME})"

_ID = re.compile(rf"({'|'.join(RECORDS)})-([0-9]{{4}})-([0-9]{{4,9}})(?:-([a-z]{{5}}))?")


@dataclass(frozen=True)
class RecordId:
    """A record's id in its parts; ``letters`` only where it was numbered offline."""

    prefix: str
    year: int
    number: int
    letters: str | None = None

    def __str__(self) -> str:
        """Return the id as it is written."""
        tail = f"-{self.letters}" if self.letters else ""
        return f"{self.prefix}-{self.year:04d}-{self.number:04d}{tail}"


def parse_id(text: str) -> RecordId:
    """Return the parts of a record's id. Raises UserError where it is none."""
    match = _ID.fullmatch(text)
    if not match:
        raise UserError(
            t("{text} is no record id", text=text), hint=t("for example {id}", id="ENV-2026-0007")
        )
    prefix, year, number, letters = match.groups()
    return RecordId(prefix, int(year), int(number), letters)


def next_id(prefix: str, year: int, taken: Iterable[str], letters: str | None = None) -> str:
    """Return the id after the highest of *taken* with this prefix and year, the first being 0001.

    What in *taken* is no id is passed over. *letters* are appended to an id made offline.
    """
    found = [match.groups() for text in taken if (match := _ID.fullmatch(text))]
    numbers = [int(number) for pre, of, number, _ in found if (pre, int(of)) == (prefix, year)]
    return str(RecordId(prefix, year, max(numbers, default=0) + 1, letters))


def finding_suggestion_id(confirmation: str, finding: int) -> str:
    """Return the id of the suggestion that a finding makes."""
    return f"{confirmation}-{finding}"


def fact_suggestion_id(confirmation: str, manual: str, fact: str) -> str:
    """Return the id of the suggestion that a fact makes for one manual."""
    return f"{confirmation}-{manual}-{fact}"
