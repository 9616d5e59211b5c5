"""Reports together: what they agree on, as exactly as the manual has it, and nothing private."""

import json

import pytest

from machine_reports import FILES, PRIVATE, private_in, report
from manualsmith.layout import CATEGORIES
from manualsmith.records.environment_reports.report_table import read_report
from manualsmith.records.environment_reports.reported_environment import (
    ReportedEnvironment,
    fitting,
    read_environment,
)
from manualsmith.records.models.environment import Environment
from manualsmith.text import speaking

SOFTWARE = "software"


def read(*names: str, documented=None, names_of=None) -> ReportedEnvironment:
    given = [(name, report(name).read_bytes()) for name in names]
    return read_environment(given, documented or {}, names_of or {})


def observed(found: ReportedEnvironment) -> dict[str, str]:
    return {one.fact: one.observed for one in found.facts}


def test_each_private_thing_is_in_a_report():
    everything = "".join(file.read_text("utf-8") for file in FILES)
    assert private_in(everything) == list(PRIVATE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_nothing_private_is_read_and_a_confirmation_holds_the_rest(file):
    found = read_environment([("report", file.read_bytes())], {}, {})
    rows = {category: [] for category in CATEGORIES}
    for one in found.facts:
        rows[one.category].append(one.row)
    assert private_in(json.dumps(rows)) == []
    assert sum(map(len, rows.values())) == len(read_report(file.read_bytes()).facts)
    Environment.model_validate(rows)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("System Model", "desk-7@office12.com"),
        ("System Model", r"C:\Users\reception3\model"),
        ("System Model", "0912-345-678"),
        ("System Model", "model 02:00:5e:10:20:30"),
        ("System Model", "model 10.20.30.45"),
        ("System Model", "3f2a9c10-77aa-4b1d-9e55-0a1b2c3d4e5f"),
        ("System Model", "2001:db8:77:1:2:3:4:5"),
        ("System Model", "x" * 500),
        ("System Model", "a\u202eb"),
    ],
)
def test_a_value_that_should_be_a_name_and_is_something_else_is_left_out(field, value):
    lines = report("systeminfo.txt").read_text("utf-8").splitlines()
    changed = [f"{field}: {value}" if line.startswith(field) else line for line in lines]
    found = read_environment([("r", ("\n".join(changed) + "\n").encode())], {}, {})
    assert "computer.model" not in observed(found)
    assert observed(found)["windows.version"] == "Windows 11"


def test_words_are_in_the_manuals_language():
    with speaking("en"):
        found = observed(read("systeminfo.zh.txt", "msinfo32.zh.txt"))
    assert found["computer.type"] == "桌上型電腦"
    assert found["network.kind"] == "有線網路"
    assert found["network.vpn"] == "已連線"


@pytest.mark.parametrize(
    ("seen", "said", "fitted"),
    [
        ("31.0.2", "31", "31"),
        ("31.0.2", "30", "31"),
        ("3.16.4", "3.13", "3.16"),
        ("3.13.0", "3.13", "3.13"),
        ("3.130.1", "3.13", "3.130"),
        ("133.0", "v132", "133"),
        ("Windows 11", "11", "11"),
        ("Windows 11", "10", "11"),
        ("Windows 11", "Windows 10", "Windows 11"),
        ("Windows 11", "windows 11", "windows 11"),
        ("Ubuntu 24.04.1", "Ubuntu 22.04", "Ubuntu 24.04"),
        ("Ubuntu 24.04.1", "Debian 12", "Ubuntu 24.04.1"),
        ("15.1.1", "macOS 14", "macOS 15"),
        ("16 GB", "16 GB", "16 GB"),
        ("Firefox", "Chrome", "Firefox"),
        # it cannot be told
        ("31.0", "31.0.2", None),
        ("15.1.1", "13 以上", None),
        ("15.1.1", "13 or newer", None),
        ("8 GB", "4 GB 以上", None),
        ("無線網路", "公司無線網路", None),
    ],
)
def test_a_value_is_as_exact_as_the_manual_has_it(seen, said, fitted):
    assert fitting(seen, said) == fitted


def test_beside_what_the_manual_says():
    documented = {
        (SOFTWARE, "server.version"): ("31", "30"),
        (SOFTWARE, "desktop-client.version"): ("3.13",),
        (SOFTWARE, "windows.version"): ("10 以上",),
        ("hardware", "network.kind"): ("有線網路",),
    }
    names = ("nextcloud-status.json", "desktop-client.page.txt", "systeminfo.txt")
    found = read(*names, documented=documented)
    rows = {one.fact: one.row for one in found.facts}
    assert rows["server.version"] == {
        "fact": "server.version",
        "documented": "31",
        "observed": "31",
        "note": "報告寫的是 31.0.2",
    }
    assert rows["desktop-client.version"]["observed"] == "3.16"
    assert "windows.version" not in rows
    [left] = found.left
    assert "10 以上" in left.message
    assert "Windows 11" in left.message
    # where the product's pages have a fact in another category, it is that one
    [kind] = [one for one in found.facts if one.fact == "network.kind"]
    assert (kind.category, kind.documented, kind.observed) == ("hardware", "有線網路", "無線網路")


def test_reports_of_one_machine_agree_and_the_most_exact_counts():
    found = read("systeminfo.txt", "msinfo32.txt", "dxdiag.txt", "chrome-version.txt")
    assert found.left == ()
    assert observed(found)["windows.version"] == "Windows 11"
    [one] = [one for one in found.facts if one.fact == "windows.build"]
    assert set(one.sources) == {*found.kinds}
    found = read("inxi.txt", "hostnamectl.txt", "lshw.json", "ip-addr.json")
    assert [problem.message.split(":")[0] for problem in found.left] == ["Kind of network"]
    assert observed(found)["linux.distribution"] == "Ubuntu 24.04.1"


def test_reports_that_disagree_are_told_and_neither_counts():
    found = read("nextcloud-status.json", "nextcloud-status.occ.json")
    assert "server.version" not in observed(found)
    version, maintenance = found.left
    assert version.message == (
        "Server version: the reports disagree: 31.0.2 (nextcloud-status.json); "
        "30.0.11 (nextcloud-status.occ.json)"
    )
    assert "maintenance" in maintenance.message
    assert observed(found)["server.product"] == "Nextcloud"


def test_a_report_that_is_none_is_told_by_its_name_and_the_others_are_read():
    given = [("a.txt", b"no report"), ("b.json", report("nextcloud-status.json").read_bytes())]
    found = read_environment(given, {}, {})
    [problem] = found.problems
    assert str(problem.place) == "a.txt"
    assert "server.version" in observed(found)


def test_the_manuals_may_call_a_fact_otherwise_or_not_want_it():
    wanted = {"desktop-client.version": "client.version", "computer.maker": ""}
    documented = {(SOFTWARE, "client.version"): ("3.13",)}
    found = read("desktop-client.page.txt", documented=documented, names_of=wanted)
    assert observed(found) == {"client.version": "3.16"}
    found = read("hostnamectl.txt", names_of=wanted)
    assert "computer.maker" not in observed(found)
    assert "computer.model" in observed(found)
