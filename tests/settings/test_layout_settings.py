"""What a repository says of its layout: read as it is meant, or told with its line."""

import tomllib

import pytest

from desks import ms
from gitrepo import git, make_repo
from manualsmith.errors import UserError
from manualsmith.layout import DEFAULT, Layout, in_right_case, use
from manualsmith.settings.read_settings import read_settings

HEAD = "[tool.manualsmith]\n"


def read(text: str) -> Layout:
    return read_settings((HEAD + text).encode()).layout


def test_nothing_said_is_the_layout_of_today():
    assert read("").manuals == DEFAULT.manuals
    assert (read("").records, read("").suggestions) == ("records", "suggestions")
    assert [one.folder for one in DEFAULT.manuals.values()] == [
        "manuals/operation",
        "manuals/troubleshooting",
    ]


MANY = """
[tool.manualsmith.folders]
records = "desk/records"
suggestions = "desk/suggestions"
docs = "handbook"
site = "web/mkdocs.yml"

[tool.manualsmith.manuals.guide]
folder = "handbook"
kind = "operation"
title = "使用說明"
language = "zh-TW"
product = "nextcloud"
leave_out = ["faq/**", "*.en.md"]

[tool.manualsmith.manuals.troubleshooting]
folder = "handbook/faq"

[tool.manualsmith.manuals.admin-guide]
folder = "admin"
kind = "operation"
language = "en"
pages = ["server/**/*.md", "index.md"]
"""


def test_any_number_of_manuals_in_any_folder():
    made = read(MANY)
    use(made)
    guide, faq, admin = made.manuals.values()
    assert [one.title for one in (guide, faq, admin)] == [
        "使用說明",
        "障礙排除手冊",
        "Operation manual",
    ]
    assert [one.output for one in (guide, faq, admin)] == ["O1.2.1", "O1.2.2", "O1.2.1"]
    branches = ["O1.2.1-guide", "O1.2.2", "O1.2.1-admin-guide"]
    assert [one.branches for one in (guide, faq, admin)] == branches
    assert guide.suggestions == "desk/suggestions/guide"
    holds = {
        "guide": ["handbook/a.md", "handbook/b/c.md", "handbook/x.png"],
        "troubleshooting": ["handbook/faq/a.md", "handbook/faq/x.en.md"],
        "admin-guide": ["admin/index.md", "admin/server/a.md", "admin/server/b/c.md"],
    }
    none = ["handbook/a.en.md", "admin/other.md", "admin/server/x.png", "handbookx/a.md", "admin"]
    for path in [path for paths in holds.values() for path in paths] + none:
        of = [one.name for one in made.manuals.values() if one.holds(path)]
        assert of == [name for name, paths in holds.items() if path in paths], path


ONE = '[tool.manualsmith.manuals.guide]\nfolder = "docs"\nkind = "operation"\n'
TWO = '[tool.manualsmith.manuals.faq]\nkind = "troubleshooting"\n'
# what is written, the line that is told, and what of it
BAD = {
    "a kind that is none": (ONE.replace("operation", "guide"), 4, "one of: operation, trouble"),
    "no kind": ("[tool.manualsmith.manuals.guide]\n", 2, "guide.kind must be one of"),
    "no text": (ONE + "title = 3\n", 5, "guide.title must be a text"),
    "two lines": (ONE + 'title = "a\\nb"\n', 5, "guide.title must be a text"),
    "no language": (ONE + 'language = "Chinese (Taiwan)"\n', 5, "such as zh-TW or en"),
    "no list": (ONE + 'pages = "a.md"\n', 5, "a list of patterns"),
    "an empty list": (ONE + "leave_out = []\n", 5, "a list of patterns"),
    "a key that is none": (ONE + 'titel = "a"\n', 5, "no setting manuals.guide.titel"),
    "outside": (ONE.replace('"docs"', '"../docs"'), 3, "a folder of the repository"),
    "from the disk's root": (ONE.replace('"docs"', '"/docs"'), 3, "a folder of the repository"),
    "the root": (ONE.replace('"docs"', '"."'), 3, "a folder of the repository"),
    "git's own": (ONE.replace('"docs"', '".git/x"'), 3, "a folder of the repository"),
    "a pattern as a folder": (ONE.replace('"docs"', '"docs/*"'), 3, "a folder of the repository"),
    "no folder": (ONE.replace('"docs"', "7"), 3, "a folder of the repository"),
    "a name in capitals": (ONE.replace("guide", "Guide"), 2, "small letters"),
    "a name in Chinese": (ONE.replace(".guide", '."手冊"'), 2, "small letters"),
    "the name of another folder": (ONE.replace("guide", "by-hand"), 2, "small letters"),
    "no table": ("manuals = 3\n", 2, "a table with a table for each manual"),
    "no manual": ("manuals = {}\n", 2, "a table with a table for each manual"),
    "a manual that is no table": ("manuals = {guide = 3}\n", 2, "manuals.guide must be a table"),
    "one in the other": (
        ONE + TWO + 'folder = "docs/faq"\n', 5, "docs/faq is in docs",
    ),
    "one around the other": (
        TWO + 'folder = "docs/faq"\n' + ONE, 5, "docs/faq is in docs",
    ),
    "two in one folder": (ONE + TWO + 'folder = "docs/"\n', 5, "guide and faq overlap"),
    "records in a manual": (
        ONE + '[tool.manualsmith.folders]\nrecords = "docs/records"\n', 2, "is in the manual guide",
    ),
    "a folder that is none": ("[tool.manualsmith.folders]\nrecord = 'x'\n", 3, "folders.record"),
    "a folder outside": ("[tool.manualsmith.folders]\nrecords = '../x'\n", 3, "a folder of the"),
    "dotted": ('manuals.guide.folder = "docs"\nmanuals.guide.kind = "x"\n', 3, "guide.kind must"),
    "a kind that is a list": (ONE.replace('"operation"', '["x"]'), 4, "one of: operation"),
    "records in suggestions": (
        "[tool.manualsmith.folders]\nrecords = 'suggestions/records'\n", 2, "are in each other",
    ),
    "a manual in records": (
        ONE.replace('"docs"', '"records/x"'), 2, "the manual guide is in records",
    ),
    "a name that begins with another": (
        ONE + ONE.replace("guide", "guide-desktop").replace('"docs"', '"other"'),
        5, "named as those",
    ),
    "a setting that is none": ("mian = 'main'\n", 2, "no setting mian"),
    "further down": ('# one\nmain = "main"\n\n  remote = 3 # of ours\n', 5, "remote must be"),
    "of the desk": ("[tool.manualsmith.desk]\nhost = 'x'\n", 3, "no setting host"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_is_told_with_its_line(name, tmp_path, capsys):
    text, line, words = BAD[name]
    tomllib.loads(HEAD + text)  # it is TOML
    with pytest.raises(UserError) as raised:
        read(text)
    told = [str(problem) for problem in raised.value.problems]
    assert any(one.startswith(f"pyproject.toml:{line}:") and words in one for one in told), told

    repo = make_repo(tmp_path, {"pyproject.toml": HEAD + text, "docs/a.md": "# A\n"})
    before = git(repo, "for-each-ref")
    for command in (
        ["audit"],
        ["review", "list"],
        ["suggest", "--all"],
        ["confirm", "check", "--all"],
    ):
        assert ms(repo, *command) == 1, command
        assert f":{line}" in capsys.readouterr().err
    assert git(repo, "for-each-ref") == before
    assert not git(repo, "status", "--porcelain")


def test_manuals_that_share_a_folder_have_their_pages_each():
    made = read(ONE + 'pages = ["how/**"]\n' + TWO + 'folder = "docs"\npages = ["why/**"]\n')
    use(made)
    assert [one.holds("docs/how/a.md") for one in made.manuals.values()] == [True, False]
    assert [one.holds("docs/why/a.md") for one in made.manuals.values()] == [False, True]


def test_a_slash_at_the_end_makes_no_other_folder():
    made = read(ONE.replace('"docs"', '"docs/"') + '[tool.manualsmith.folders]\nrecords = "r/"\n')
    assert (made.manuals["guide"].folder, made.records) == ("docs", "r")


PATTERNED = ONE.replace('"docs"', '"docs/café"') + 'pages = ["guide/*.md"]\n'


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("docs/café/guide/x.md", None),
        ("docs/cafe\N{COMBINING ACUTE ACCENT}/guide/x.md", "docs/café/guide/x.md"),
        ("docs/café/Guide/x.md", "docs/café/guide/x.md"),
        ("docs/café/guide/X.MD", "docs/café/guide/x.md"),
        ("docs/café/other/x.md", None),
    ],
)
def test_what_some_disks_take_for_a_manuals_page(path, right):
    use(read(PATTERNED))
    assert in_right_case(path) == right


def test_the_schema_names_the_manuals_of_the_repository(tmp_path, capsys):
    repo = make_repo(tmp_path, {"pyproject.toml": HEAD + ONE, "docs/a.md": "# A\n"})
    assert ms(repo, "schema", "confirmation") == 0
    text = capsys.readouterr().out
    assert '"guide"' in text
    assert '"operation",' not in text


BOUND = (
    ONE
    + """
[[tool.manualsmith.manuals.guide.facts]]
software = { "server.version" = "27" }

[[tool.manualsmith.manuals.guide.facts]]
pages = ["admin/**", "!admin/old.md"]
software = { server.version = "28", "app" = "4" }
network.vpn = "on"
"""
)


def test_facts_are_bound_by_pattern_and_the_later_table_counts():
    [guide] = read(BOUND).manuals.values()
    everywhere = {("software", "server.version"): "27"}
    assert guide.bound_to("a.md") == guide.bound_to("admin/old.md") == everywhere
    assert guide.bound_to("admin/in/a.md") == {
        ("software", "server.version"): "28",
        ("software", "app"): "4",
        ("network", "vpn"): "on",
    }


FACTS = ONE + "[[tool.manualsmith.manuals.guide.facts]]\n"
BAD_FACTS = {
    "no tables": (ONE + "facts = 3\n", 5, "tables, each begun with [[tool.manualsmith.manuals"),
    "one table": (ONE + 'facts = {software = {a = "1"}}\n', 5, "tables, each begun with"),
    "no facts": (FACTS + 'pages = ["a/"]\n', 5, "facts, by one of: hardware, software"),
    "a category that is none": (
        FACTS + 'software.a = "1"\n' + FACTS[len(ONE) :] + 'softwear.a = "1"\n',
        8, "no setting manuals.guide.facts.softwear",
    ),
    "a number": (FACTS + "software.app.version = 3.10\n", 6, "app.version must be a text in quo"),
    "a number in a table": (
        FACTS + "[tool.manualsmith.manuals.guide.facts.software]\n'app.version' = 3.10\n",
        7, "facts.software.app.version must be a text",
    ),
    "an empty value": (FACTS + 'software.app = " "\n', 6, "must be a text in quotes"),
    "two lines": (FACTS + 'software.app = "a\\nb"\n', 6, "must be a text in quotes"),
    "a category that is no table": (FACTS + 'software = "1"\n', 6, "must be a table of facts"),
    "an empty category": (FACTS + "software = {}\n", 6, "must be a table of facts"),
    "the name of no fact": (FACTS + 'software."App Version" = "1"\n', 6, "small letters and dig"),
    "a name that git takes for none": (FACTS + 'software.a.lock = "1"\n', 6, "small letters"),
    "patterns that are none": (FACTS + 'pages = "a"\nsoftware.a = "1"\n', 6, "a list of patterns"),
    "an empty list": (FACTS + 'pages = []\nsoftware.a = "1"\n', 6, "a list of patterns"),
    "no pattern": (FACTS + 'pages = ["!"]\nsoftware.a = "1"\n', 6, "a list of patterns"),
    "one that takes for ever": (
        FACTS + f'pages = ["{"*a" * 20}"]\nsoftware.a = "1"\n', 6, "up to 3 * in a name",
    ),
    "a long one": (FACTS + f'pages = ["{"a" * 300}"]\nsoftware.a = "1"\n', 6, "up to 200 letters"),
    "no pattern of a manual": (ONE + 'pages = ["[z-a]"]\n', 5, "a list of patterns"),
    "a manual's that takes for ever": (
        ONE + f'leave_out = ["{"**/" * 20}a"]\n', 5, "up to 3 * in a name",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_FACTS)
def test_facts_that_cannot_be_bound_are_told_with_their_line(name):
    text, line, words = BAD_FACTS[name]
    tomllib.loads(HEAD + text)  # it is TOML
    with pytest.raises(UserError) as raised:
        read(text)
    told = [str(problem) for problem in raised.value.problems]
    assert any(one.startswith(f"pyproject.toml:{line}:") and words in one for one in told), told
