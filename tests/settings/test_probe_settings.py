"""``[tool.manualsmith.probes]``: what is allowed, and where something else stands."""

import pytest

from manualsmith.errors import UserError
from manualsmith.settings.probe_settings import Origin
from manualsmith.settings.read_settings import read_settings

GOOD = """[tool.manualsmith.probes]
hosts = ["cloud.example.org", "http://intranet.example:8080"]
private = ["intranet.example", "10.0.0.0/8"]
seconds = 5

[tool.manualsmith.probes.server]
product = "nextcloud"
category = "software"
fact = "server.version"
url = "https://cloud.example.org/status.php?token=x"
path = "versionstring"
versioning = "semver"
part = "major"
"""


def read(text):
    return read_settings(text.encode()).probes


def test_what_is_set_is_read():
    found = read(GOOD)
    probe = found.probes["server"]
    assert (probe.fact, probe.part, probe.source) == (
        "server.version", "major", "https://cloud.example.org/status.php",
    )  # fmt: skip
    assert Origin("http", "intranet.example", 8080) in found.hosts
    assert found.private == {"intranet.example"}
    assert str(found.networks[0]) == "10.0.0.0/8"
    assert read("").probes == {}


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ('"server.version"', '"Server"', 9, "small letters"),
        ('category = "software"', 'category = "soft"', 8, "one of: hardware"),
        ('product = "nextcloud"\n', "", 6, "probes.server.product is missing"),
        ("https://cloud", "http://cloud", 10, "http://cloud.example.org is not among the hosts"),
        ("https://cloud.example.org/", "https://cloud.example.org:444/", 10, "not among the hosts"),
        ("https://cloud.example.org/", "https://evil.example/", 10, "not among the hosts"),
        ("https://cloud", "https://me:pw@cloud", 10, "without a password"),
        ("https://cloud", "ftp://cloud", 10, "must be an address"),
        ("https://cloud.example.org/", "https://cloud.example.org:x/", 10, "must be an address"),
        ('path = "versionstring"', 'file = "x"', 6, "read from one of: url, command, file"),
        ('path = "versionstring"', 'pattern = "x"', 11, "a regular expression with a group"),
        ('path = "versionstring"', 'pattern = "("', 11, "a regular expression with a group"),
        ('path = "versionstring"', 'colour = "x"', 11, "has no setting probes.server.colour"),
        ('part = "major"', 'part = "year"', 13, "one of: major, minor, patch"),
        ('versioning = "semver"', 'versioning = "plain"', 13, "none, where versions are plain"),
        ("seconds = 5", "seconds = 0", 4, "a number from 1"),
        ("seconds = 5", "seconds = true", 4, "a number from 1"),
        ("seconds = 5", "minutes = 5", 4, "has no setting probes.minutes"),
        ('["cloud.example.org"', '["https://cloud.example.org/x"', 2, "a list of hosts"),
        (
            "[tool.manualsmith.probes.server]",
            "[tool.manualsmith.probes.Server]",
            6,
            "named by small",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old, new, line, why):
    assert old in GOOD
    with pytest.raises(UserError) as raised:
        read(GOOD.replace(old, new))
    told = [str(one) for one in raised.value.problems]
    assert any(why in one and f":{line}:" in one for one in told), told


@pytest.mark.parametrize("command", ['"occ status"', "[]", '["occ", 3]'])
def test_a_command_is_a_list_of_words(command):
    text = GOOD.replace(
        'url = "https://cloud.example.org/status.php?token=x"', f"command = {command}"
    )
    with pytest.raises(UserError, match="no shell reads it"):
        read(text)


def test_one_fact_has_one_probe():
    other = GOOD.partition("[tool.manualsmith.probes.server]")[2]
    with pytest.raises(UserError, match="again reads the fact that server reads"):
        read(f"{GOOD}\n[tool.manualsmith.probes.again]{other}")


def test_what_is_no_table_is_told():
    with pytest.raises(UserError, match="probes must be a table"):
        read("[tool.manualsmith]\nprobes = 3\n")
