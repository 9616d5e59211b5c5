"""Records and settings as each version wrote them: every later one reads them, and writes the same.

What a version writes is added here when it is released, and never changed afterwards.
"""

from pathlib import Path

import pytest

from manualsmith.records.models.confirmation import parse_confirmation
from manualsmith.records.models.suggestion import is_dump_of, parse_suggestion
from manualsmith.records.record_files import dump_record, model_of, parse_record
from manualsmith.settings.read_settings import read_settings

FROZEN = Path(__file__).with_name("frozen")
FILES = sorted(
    path.relative_to(FROZEN).as_posix() for path in FROZEN.rglob("*.*") if path.is_file()
)


@pytest.mark.parametrize("name", FILES)
def test_what_was_written_then_is_read_now(name):
    data = (FROZEN / name).read_bytes()
    stem = Path(name).stem
    if name.endswith(".toml"):
        assert read_settings(data).due_hours
    elif b"manualsmith/suggestion/v1" in data:
        record = parse_suggestion(data, name)
        assert record.id == stem
        assert is_dump_of(data, record)
    elif stem.startswith("ENV"):
        assert parse_confirmation(data, name).id == stem
    else:
        record = parse_record(model_of(stem[:3]), data, name)
        assert record.id == stem
        assert dump_record(record) == data.decode()


def test_each_kind_of_record_and_each_decision_is_here():
    kinds = {Path(name).stem[:3] for name in FILES}
    assert {"ENV", "REQ", "INC", "WLK", "set"} <= kinds
    states = {
        record.decision.state
        for name in FILES
        if b"manualsmith/suggestion/v1" in (data := (FROZEN / name).read_bytes())
        and (record := parse_suggestion(data, name)).decision
    }
    assert {"accepted", "rejected", "withdrawn", "superseded"} <= states
