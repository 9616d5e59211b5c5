"""From an answer to a value: paths, patterns, versions and their parts."""

import json

import pytest

from manualsmith.errors import UserError
from manualsmith.probes.versions import value_in
from manualsmith.settings.probe_settings import Probe

RELEASES = json.dumps(
    [
        {"tag_name": "v32.0.0-rc1"},
        {"tag_name": "v31.0.10"},
        {"tag_name": "nightly"},
        {"tag_name": "v31.0.9"},
    ]
)


def value(answer, **values):
    return value_in(answer.encode(), Probe("one", "nextcloud", "software", "version", **values))


@pytest.mark.parametrize(
    ("answer", "values", "found"),
    [
        ('{"v": "31.0.2"}', {"path": "v"}, "31.0.2"),
        ('\ufeff{"v": {"n": 31}}', {"path": "v.n"}, "31"),
        ('{"on": true}', {"path": "on"}, "true"),
        ("31.0.2\n", {}, "31.0.2"),
        ("Nextcloud 31.0.2 (stable)", {"pattern": r"(\d[\d.]+)"}, "31.0.2"),
        ('{"v": "Nextcloud Hub 10 (31.0.2)"}', {"path": "v", "pattern": r"\((.+)\)"}, "31.0.2"),
        (RELEASES, {"path": "[].tag_name", "versioning": "semver"}, "31.0.10"),
        (RELEASES, {"path": "[].tag_name", "versioning": "semver", "part": "major"}, "31"),
        ("v3.16.4+build7", {"versioning": "semver", "part": "minor"}, "3.16"),
        ("3.16.4.20261101", {"versioning": "semver", "part": "patch"}, "3.16.4"),
        ("24.04", {"versioning": "calver", "part": "month"}, "24.04"),
        ("2026-11-28", {"versioning": "calver", "part": "month"}, "2026-11"),
        ('["24.04.1", "22.04.5", "24.10"]', {"path": "@", "versioning": "calver"}, "24.10"),
    ],
)
def test_what_is_found(answer, values, found):
    assert value(answer, **values) == found


@pytest.mark.parametrize(
    ("answer", "values", "why"),
    [
        (
            "<!doctype html><title>Sign in</title>",
            {"path": "v"},
            "the answer is no JSON: <!doctype",
        ),
        ('{"v": "31', {"path": "v"}, "no JSON"),
        ("[" * 100_000, {"path": "v"}, "no JSON"),
        ('{"v": null}', {"path": "v"}, "no text or number is at v: null"),
        ('{"v": {"a": 1}}', {"path": "v"}, "no text or number"),
        ('{"v": []}', {"path": "v[]"}, "no text or number"),
        ('{"v": 1}', {"path": "v ]["}, "no JSON path"),
        ("31", {"pattern": "v(.+)"}, "matches nothing in 31"),
        ("", {}, "no short line"),
        ("x" * 5000, {}, "no short line"),
        ("31\n32", {}, "no short line"),
        ('["31", "32"]', {"path": "@"}, "several values"),
        ("latest", {"versioning": "semver"}, "no version: latest"),
        ("32.0.0-rc1", {"versioning": "semver"}, "no release is among"),
        ("31", {"versioning": "semver", "part": "minor"}, "31 has no part minor"),
        ("311.4", {"versioning": "calver"}, "begins with a year"),
    ],
)
def test_what_is_refused(answer, values, why):
    with pytest.raises(UserError) as raised:
        value(answer, **values)
    assert why in str(raised.value)
    assert len(str(raised.value)) < 250
