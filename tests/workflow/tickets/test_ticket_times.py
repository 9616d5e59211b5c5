"""Times as other systems and spreadsheets write them: each shape, and what time it tells."""

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from manualsmith.errors import UserError
from manualsmith.workflow.tickets.ticket_dates import as_column_says, refuse_ambiguous
from manualsmith.workflow.tickets.ticket_map import read_map
from manualsmith.workflow.tickets.ticket_table import TicketTable
from manualsmith.workflow.tickets.ticket_times import TimeForm, read_time, zone_in_header

# As it is written, and what it tells in the organisation's zone, Asia/Taipei.
TOLD = {
    "2026-03-05 14:07": "2026-03-05T14:07:00+08:00",
    "2026/3/5 4:07": "2026-03-05T04:07:00+08:00",
    "2026.03.05": "2026-03-05T00:00:00+08:00",
    "2026年3月5日 14時7分9秒": "2026-03-05T14:07:09+08:00",
    "２０２６／０３／０５　１４：０７": "2026-03-05T14:07:00+08:00",
    "2026-03-05T06:07:09.120Z": "2026-03-05T14:07:09+08:00",
    "2026-03-05T14:07+0800": "2026-03-05T14:07:00+08:00",
    "20260305T140709": "2026-03-05T14:07:09+08:00",
    "2026-03-05 06:07:09 UTC": "2026-03-05T14:07:09+08:00",
    "2026-03-05 01:07 (GMT-5)": "2026-03-05T14:07:00+08:00",
    "2026-03-05 24:00": "2026-03-06T00:00:00+08:00",
    "2026/3/5 上午 12:07": "2026-03-05T00:07:00+08:00",
    "2026/3/5 下午 12:07": "2026-03-05T12:07:00+08:00",
    "2026/3/5 下午 02:07:09": "2026-03-05T14:07:09+08:00",
    "2026/3/5 下午2點7分": "2026-03-05T14:07:00+08:00",
    "2026/3/5 下午 14:07": "2026-03-05T14:07:00+08:00",
    "2026/3/5 晚上 8:07": "2026-03-05T20:07:00+08:00",
    "2026/3/5 中午 12:07": "2026-03-05T12:07:00+08:00",
    "2026/3/5(四) PM 02:07": "2026-03-05T14:07:00+08:00",
    "3/25/2026 2:07 PM": "2026-03-25T14:07:00+08:00",
    "25/3/2026 14:07": "2026-03-25T14:07:00+08:00",
    "2:07 p.m. 25.3.2026": "2026-03-25T14:07:00+08:00",
    "4/4/2026": "2026-04-04T00:00:00+08:00",
    "05/Mar/26 2:07 PM": "2026-03-05T14:07:00+08:00",
    "5-Mar-2026": "2026-03-05T00:00:00+08:00",
    "Thu, 5 Mar 2026 06:07:09 +0000": "2026-03-05T14:07:09+08:00",
    "March 5th, 2026 12:07 am": "2026-03-05T00:07:00+08:00",
    "115/03/05": "2026-03-05T00:00:00+08:00",
    "115.3.5 下午02:07": "2026-03-05T14:07:00+08:00",
    "民國115年3月5日": "2026-03-05T00:00:00+08:00",
    "中華民國 115 年 3 月 5 日 上午 9 時 7 分": "2026-03-05T09:07:00+08:00",
    "民115.3.5": "2026-03-05T00:00:00+08:00",
    "115年3月5日": "2026-03-05T00:00:00+08:00",
    "1150305": "2026-03-05T00:00:00+08:00",
    "1150305 14:07": "2026-03-05T14:07:00+08:00",
    "民國99年3月5日": "2010-03-05T00:00:00+08:00",
    "民國990305": "2010-03-05T00:00:00+08:00",
    "99/3/5": "2010-03-05T00:00:00+08:00",
    "20260305": "2026-03-05T00:00:00+08:00",
    "46086": "2026-03-05T00:00:00+08:00",
    "46086.58819444": "2026-03-05T14:07:00+08:00",
}


@pytest.mark.parametrize("text", TOLD)
def test_each_shape_tells_its_time(text):
    assert [one.isoformat() for one in read_time(text)] == [TOLD[text]]


@pytest.mark.parametrize(
    "text",
    [
        *("", "昨天", "12:00", "2026-13-01", "2026-02-30", "13/13/2026", "26-11-20 09:00", "1/2/3"),
        *("2026/3/5 上午 13:07", "2026/3/5 25:00", "2026/3/5 14:60", "2026/3/5 晚上 12:07"),
        *("2026-03-05 14:07 CST", "2026-03-05 14:07 somewhere", "990305", "12", "1764169445"),
        *(
            "1151305",
            "民國115年13月5日",
            "5 Foo 2026",
            "99999",
            "二〇二六年三月五日",
            "9999-12-31 24:00",
        ),
    ],
)
def test_what_is_no_time(text):
    assert read_time(text) == ()


@pytest.mark.parametrize(
    ("text", "form", "told"),
    [
        ("03/04/2026", TimeForm("day-first"), ["2026-04-03"]),
        ("03/04/2026", TimeForm("month-first"), ["2026-03-04"]),
        ("03/04/2026", TimeForm(), ["2026-04-03", "2026-03-04"]),
        ("25/04/2026", TimeForm("month-first"), []),
        ("04/25/2026", TimeForm("day-first"), []),
        ("3/4/26 2:07 PM", TimeForm("month-first"), ["2026-03-04"]),
        ("26/3/4", TimeForm("year-first"), ["2026-03-04"]),
        ("2026-03-04", TimeForm("day-first"), ["2026-03-04"]),
        ("115/03/04", TimeForm("day-first"), ["2026-03-04"]),
        ("04-2026-03", TimeForm(formats=("%d-%Y-%m",)), ["2026-03-04"]),
        ("2026-03-04", TimeForm(formats=("%d-%Y-%m", "%Y-%m-%d")), ["2026-03-04"]),
        ("2026-03-04", TimeForm(formats=("%d/%m/%Y",)), []),
    ],
)
def test_what_the_map_says_of_days(text, form, told):
    assert [f"{one:%Y-%m-%d}" for one in read_time(text, form)] == told


@pytest.mark.parametrize(
    ("zone", "text", "told"),
    [
        (UTC, "2026-03-05 06:07", "2026-03-05T14:07:00+08:00"),
        (ZoneInfo("America/New_York"), "2026-07-05 06:07", "2026-07-05T18:07:00+08:00"),
        (UTC, "2026-03-05T14:07+08:00", "2026-03-05T14:07:00+08:00"),
        (UTC, "46086.25", "2026-03-05T14:00:00+08:00"),
    ],
)
def test_a_zone_is_of_times_that_tell_none(zone, text, told):
    assert [one.isoformat() for one in read_time(text, TimeForm(zone=zone))] == [told]


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Created At (UTC)", UTC),
        ("建立時間（UTC+8）", timezone(timedelta(hours=8))),
        ("Opened ( GMT -03:30 )", timezone(-timedelta(hours=3, minutes=30))),
        ("Created (UTCish)", None),
        ("Created", None),
    ],
)
def test_a_columns_name_tells_a_zone(name, zone):
    assert zone_in_header(name) == zone
    assert as_column_says(TimeForm(), name).zone == zone
    berlin = ZoneInfo("Europe/Berlin")
    assert as_column_says(TimeForm(zone=berlin), name).zone == berlin


def column(*times):
    rows = tuple((number, {"n": "x", "at": at}) for number, at in enumerate(times, 2))
    return TicketTable("t.csv", 1, ("n", "at"), rows)


def test_days_that_may_be_months_are_refused_with_rows():
    table = column("2026-01-01", "03/04/2026 09:00", "5/5/2026", "01/02/2026", "25/04/2026")
    with pytest.raises(UserError) as error:
        refuse_ambiguous(table, "at", TimeForm())
    (problem,) = error.value.problems
    told = "t.csv:3:2: 03/04/2026 09:00 may be 2026-04-03 or 2026-03-04; in 2 rows, also 5"
    assert str(problem) == told
    assert "dates: {order: day-first}" in str(problem.hint)
    assert "row 6, 25/04/2026, is day-first" in str(problem.hint)


@pytest.mark.parametrize("form", [TimeForm("day-first"), TimeForm(formats=("%d/%m/%Y",))])
def test_days_are_clear_where_the_map_says_so(form):
    refuse_ambiguous(column("03/04/2026"), "at", form)


MAP = "columns: {source: 編號, at: 時間, symptom: 情形}\n"


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("{order: day-first}", TimeForm("day-first")),
        ("{zone: Europe/Berlin}", TimeForm(zone=ZoneInfo("Europe/Berlin"))),
        ("{zone: '+08:00'}", TimeForm(zone=timezone(timedelta(hours=8)))),
        ("{format: '%d/%m/%Y'}", TimeForm(formats=("%d/%m/%Y",))),
        ("{format: ['%d/%m/%Y', '%Y%m%d']}", TimeForm(formats=("%d/%m/%Y", "%Y%m%d"))),
    ],
)
def test_a_map_says_how_dates_are_written(tmp_path, said, form):
    (tmp_path / "m.yml").write_text(f"{MAP}dates: {said}\n", "utf-8")
    assert read_map(tmp_path / "m.yml").dates == form


@pytest.mark.parametrize(
    ("said", "told", "allowed"),
    [
        ("order: us", "dates.order cannot be us", "month-first"),
        ("zone: Asia/Taibei", "dates.zone cannot be Asia/Taibei", "Asia/Taipei"),
        ("format: '%d/%m'", "dates.format cannot be %d/%m", "strptime"),
        ("format: '%Q'", "dates.format cannot be %Q", "strptime"),
    ],
)
def test_what_a_map_cannot_say_of_dates(tmp_path, said, told, allowed):
    (tmp_path / "m.yml").write_text(f"{MAP}dates: {{{said}}}\n", "utf-8")
    with pytest.raises(UserError) as error:
        read_map(tmp_path / "m.yml")
    (problem,) = error.value.problems
    assert told in problem.message
    assert allowed in str(problem.hint)
