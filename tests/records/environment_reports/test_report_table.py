"""Each kind of report is read as what it is, whole or not at all, and nothing else is one."""

import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from manualsmith.errors import UserError
from manualsmith.layout import CATEGORIES
from manualsmith.records.environment_reports.report_table import REPORTS, read_report
from manualsmith.records.environment_reports.report_text import MAX_BYTES, MachineReport, read_text
from manualsmith.standard_facts import STANDARD_FACTS
from manualsmith.text import speaking, t

HERE = Path(__file__).parent
FIXTURES = sorted((HERE / "fixtures").iterdir())
TEXTS = [file.read_text("utf-8") for file in FIXTURES]
EXPECTED = yaml.safe_load((HERE / "expected.yaml").read_text("utf-8"))
# A part of one line is as good as the whole: nothing tells that the rest is missing.
ONE_LINE = ("user-agent",)
NUL = chr(0)


def kind_of(file: Path) -> str:
    return file.name.split(".")[0]


def told(data: bytes) -> dict[str, str]:
    """Return what a report tells; nothing where it is refused as a user's mistake."""
    try:
        return dict(read_report(data).facts)
    except UserError:
        return {}


@pytest.mark.parametrize("kind", REPORTS)
def test_a_kind_has_fixtures_signs_and_a_way_to_make_one(kind):
    own = [file.read_text("utf-8") for file in FIXTURES if kind_of(file) == kind]
    assert own
    for text in own:
        assert any(sign in text for sign in REPORTS[kind].signs)
    assert REPORTS[kind].made_by


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.name)
def test_a_report_is_read_by_its_own_reader_alone(file):
    report = read_text(file.read_bytes())
    assert [name for name, kind in REPORTS.items() if kind.read(report) is not None] == [
        kind_of(file)
    ]
    assert read_report(file.read_bytes()).facts == EXPECTED[file.name]


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.name)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp950"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", "\r"], ids=["lf", "crlf", "crcrlf", "cr"])
def test_encodings_and_line_ends(file, encoding, end):
    text = file.read_text("utf-8").replace("💻", "").replace("\n", end)
    assert read_report(text.encode(encoding)).facts == EXPECTED[file.name]


@pytest.mark.parametrize("fact", STANDARD_FACTS)
def test_a_fact_has_a_category_and_a_label_in_both_languages(fact):
    one = STANDARD_FACTS[fact]
    assert one.category in CATEGORIES
    if fact != "network.vpn":  # which is VPN in both
        with speaking("zh_TW"):
            assert t(one.label) != one.label


def test_what_readers_tell_is_in_the_table():
    assert {fact for facts in EXPECTED.values() for fact in facts} <= {*STANDARD_FACTS}
    assert {*STANDARD_FACTS} - {fact for facts in EXPECTED.values() for fact in facts} == {
        "android.version",
        "ios-app.version",
    }


LONG = [file for file in FIXTURES if kind_of(file) not in ONE_LINE]


@pytest.mark.parametrize("file", LONG, ids=lambda file: file.name)
def test_a_report_that_is_cut_anywhere_says_nothing_that_the_whole_does_not(file):
    data = file.read_bytes()
    for end in range(0, len(data), 7):
        for part in (data[:end], data[:end].decode("utf-8", "ignore").encode("utf-16")):
            found = told(part)
            assert found.items() <= EXPECTED[file.name].items(), part[-60:]


@settings(max_examples=200)
@given(data=st.data())
def test_damage_is_no_traceback(data):
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        to = data.draw(st.integers(at, min(len(text), at + 300)))
        text = text[:at] + data.draw(st.text(max_size=20)) + text[to:]
    told(text.encode("utf-8", "surrogatepass"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(sorted(set(re.findall(
        r'"(\w+)"', "".join(f.read_text("utf-8") for f in FIXTURES if f.suffix == ".json")
    )))), inner, max_size=12),
    max_leaves=40,
)  # fmt: skip


@given(JSON)
def test_json_of_any_shape_is_no_traceback(value):
    import json

    told(json.dumps(value).encode())


@given(st.binary(max_size=2000) | st.text(max_size=500).map(str.encode))
def test_whatever_else_is_unknown(data):
    assert told(data) == {}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the report is empty"),
        (b" \r\n\t ", "the report is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "this is no text"),
        (b"PK\x03\x04" + bytes(range(256)) * 8, "this is no text"),
        (("OS Name: x" + NUL).encode(), "this is no text"),
        ("今天登入不了，畫面一直轉".encode(), "no report that is known"),
        (b"x" * (MAX_BYTES + 1), "larger than"),
        (b"Nextcloud version 31.0.2\n", "a part of one"),
        (b"{" * 100_000, "no report that is known"),
        (b"[" * 100_000, "no report that is known"),
        (b"<a>" * 100_000, "no report that is known"),
        (b'<!DOCTYPE x [<!ENTITY a "DxDiag">]><DxDiag>&a;</DxDiag>', "a part of one"),
    ],
)
def test_what_is_no_report_is_told(data, said):
    with pytest.raises(UserError) as error:
        read_report(data)
    assert said in str(error.value)


def test_the_nearest_kinds_are_named_with_how_to_make_one_and_all_that_is_taken():
    part = (HERE / "fixtures" / "dxdiag.txt").read_text("utf-8")[150:]
    with pytest.raises(UserError) as error:
        read_report(part.encode())
    hint = error.value.problems[0].hint
    assert hint.startswith("nearest: Windows dxdiag (.txt) (dxdiag /t report.txt)")
    assert all(kind.label in hint for kind in REPORTS.values())


def test_two_reports_in_one_text_are_told():
    both = "".join(
        (HERE / "fixtures" / name).read_text("utf-8") for name in ("hostnamectl.txt", "dxdiag.txt")
    )
    with pytest.raises(UserError, match=r"several reports in one: .*dxdiag.*hostnamectl"):
        read_report(both.encode())


@pytest.mark.parametrize("first", FIXTURES, ids=lambda file: file.name)
def test_two_reports_in_one_text_are_never_mixed(first):
    for second in FIXTURES:
        both = first.read_text("utf-8").rstrip("\n") + "\n" + second.read_text("utf-8")
        found = told(both.encode()).items()
        one, other = EXPECTED[first.name].items(), EXPECTED[second.name].items()
        assert found <= one or found <= other, second.name


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.name)
def test_a_huge_report_takes_no_long_time(file):
    text = file.read_text("utf-8")
    half = text.rfind("\n", 0, len(text) // 2) + 1
    grown = text[:half] + text[half:] * (1_000_000 // len(text))
    began = time.monotonic()
    told(grown.encode())
    assert time.monotonic() - began < 60


def test_the_last_line_counts_where_it_is_whole():
    assert MachineReport("a: 1\nb: 2").pairs == [("a", "1")]
    assert MachineReport("a: 1\nb：2\n").pairs == [("a", "1"), ("b", "2")]


@pytest.mark.parametrize("language", ["", ".en"])
def test_the_guides_say_how_each_is_made_and_what_each_fact_is_called(language):
    docs = HERE.parents[2] / "docs"
    staff = (docs / f"staff{language}.md").read_text("utf-8")
    forms = (docs / f"forms{language}.md").read_text("utf-8")
    for kind in REPORTS.values():
        assert all(word in staff for word in kind.made_by.split())
    with speaking("en" if language else "zh_TW"):
        for name, fact in STANDARD_FACTS.items():
            assert f"`{name}` {t(fact.label)}" in forms
