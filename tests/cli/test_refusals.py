"""A refused file: its exact place on both commands and in JSON, and not one byte written for it."""

import json

import pytest

from gitrepo import commit, git, make_repo, refs
from manuals import PAGES, STEP, confirmation, write
from manualsmith.cli.group import run

FILE = "records/confirmations/ENV-2026-0001.yaml"
GOOD = "refs/heads/suggest/O1.2.1/ENV-2026-0002-1"


@pytest.fixture
def repo(tmp_path, monkeypatch):
    repo = make_repo(tmp_path, PAGES)
    monkeypatch.chdir(repo)
    return repo


def state(repo):
    """Return all that a run could change: refs, objects, the index and the files."""
    objects = git(repo, "cat-file", "--batch-all-objects", "--batch-check", "--unordered")
    files = {
        str(path.relative_to(repo)): path.read_bytes()
        for path in repo.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(repo).parts
    }
    index = repo / ".git" / "index"
    return refs(repo), sorted(objects.splitlines()), index.read_bytes(), files


def manualsmith(repo, capsys, *arguments):
    """Return the exit code, and what stands on stdout and stderr."""
    code = run(["-C", str(repo), *map(str, arguments)])
    return code, *capsys.readouterr()


def told_in(problem):
    """Return a problem of ``--json`` as the text for people begins."""
    place = [str(problem[name]) for name in ("file", "line", "column") if name in problem]
    return f"{':'.join(place)}: {problem['message']}"


def changed(old, new):
    text = confirmation()
    assert text.count(old) == 1
    return text.replace(old, new).encode()


BOMB = b"a: &a [x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c]\n" % (n, n, n - 1, n - 1) for n in b"bcdefg"
)

# name: the file's bytes, its place after the file's name, what is said, the hint
FILES = {
    "empty": (b"", "", "the file is empty", None),
    "only a comment": (b"# nothing\n", "", "the file is empty", None),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "", "not a text file", None),
    "not UTF-8": (changed("畫面和手冊不同", "X").replace(b"X", b"\xa7\xda"), ":6:11", "0xA7", None),
    "50 MB": (b"#" * 50_000_000, "", "larger than 1048576 bytes", None),
    "tab": (changed("  software:", "\tsoftware:"), ":8:1", "not name: value", "a tab stands here"),
    "duplicate key": (changed("date:", "id: x\ndate:"), ":3:1", "id stands twice", "keep one"),
    "alias bomb": (BOMB, ":2:8", "an alias (*a) is not allowed", "quotes"),
    "unknown field": (changed("reason:", "reasn:"), ":14:5", "no field reasn", "nearest: reason"),
    "unknown top field": (changed("staff:", "staf:"), ":5:1", "no field staf", "nearest: staff"),
    "unknown category": (changed("software:", "sofware:"), ":8:3", "sofware", "nearest: software"),
    "a list for a text": (
        changed("畫面和手冊不同", "[a]"),
        ":6:11",
        "is a list; allowed: a text",
        None,
    ),
    "a text for a list": (
        changed("  software:", "  software: 3"),
        ":8:13",
        "allowed: a list",
        None,
    ),
    "a text for a number": (changed("step: 3", "step: x"), ":15:58", 'step is "x"', None),
    "no such day": (changed("2026-11-20", "2026-02-29"), ":3:7", 'date is "2026-02-29"', None),
    "no day at all": (changed("2026-11-20", "20 Nov"), ":3:7", 'date is "20 Nov"', None),
    "another schema": (changed("/v1", "/v2"), ":1:9", "confirmation/v2", "nearest: manualsmith/"),
    "an id of another kind": (changed("ENV-2026-0001", "ENV-1"), ":2:5", 'id is "ENV-1"', None),
    "up": (changed("sign-in.md", "../../x.md"), ":13:11", "findings[1].page", None),
    "up in the middle": (changed("sign-in.md", "a/../../x.md"), ":13:11", "findings[1].page", None),
    "absolute": (changed("sign-in.md", "/etc/x.md"), ":13:11", "findings[1].page", None),
    "a drive": (changed("sign-in.md", "'C:\\x.md'"), ":13:11", "findings[1].page", None),
    "git's own": (changed("sign-in.md", ".git/x.md"), ":13:11", "findings[1].page", None),
    "national id": (
        changed("畫面不同", "A123456789"),
        ":14:13",
        "a national id number",
        "leave it",
    ),
    "national id in a comment": (
        changed("畫面不同", "x\n    # A123456789"),
        ":15:7",
        "a national id number",
        "leave it",
    ),
    "national id by escapes": (
        changed("畫面不同", r'"\x41123456789"'),
        ":14:13",
        "a national id number",
        "leave it",
    ),
    "token": (changed("畫面不同", "ghp_" + "a1B2" * 9), ":14:13", "an access token", "leave it"),
    "control character": (changed("畫面不同", r'"\e[31m"'), ":14:13", "U+001B", "delete it"),
}


@pytest.fixture
def bad(repo, request):
    data, place, said, hint = FILES[request.param]
    write(repo, text="").write_bytes(data)
    return f"{FILE}{place}: ", said, hint


@pytest.mark.parametrize("bad", FILES, indirect=True)
@pytest.mark.parametrize("command", [("suggest",), ("suggest", "--dry-run"), ("confirm", "check")])
def test_a_bad_file_has_its_place_and_nothing_is_written(repo, capsys, bad, command):
    place, said, hint = bad
    before = state(repo)
    code, out, err = manualsmith(repo, capsys, *command, FILE)
    assert code == 1
    [told] = [line for line in err.splitlines() if line.startswith(place) and said in line][:1]
    following = err.splitlines()[err.splitlines().index(told) + 1 :]
    assert hint is None or hint in following[0]
    assert "Traceback" not in err + out
    assert state(repo) == before


@pytest.mark.parametrize("bad", FILES, indirect=True)
def test_a_good_file_beside_a_bad_one_goes_through(repo, capsys, bad):
    place, said, _ = bad
    write(repo, 2)
    code, out, err = manualsmith(repo, capsys, "suggest", "--all")
    assert code == 1
    assert place in err
    assert said in err
    assert out.splitlines()[-1].endswith(": 1 created, files not used: 1")
    assert [ref for ref in refs(repo) if "suggest" in ref] == [GOOD]


@pytest.mark.parametrize("bad", FILES, indirect=True)
@pytest.mark.parametrize("command", [("suggest",), ("confirm", "check")])
def test_json_carries_the_same_facts(repo, capsys, bad, command):
    _, _, text = manualsmith(repo, capsys, *command, FILE)
    code, out, err = manualsmith(repo, capsys, *command, FILE, "--json")
    assert code == 1
    assert err == ""
    lines = [line for line in text.splitlines() if not line.startswith("  ")]
    problems = json.loads(out)["problems"]
    assert [told_in(problem) for problem in problems] == lines
    hints = [line.split("hint: ")[1] for line in text.splitlines() if line.startswith("  hint: ")]
    assert [problem["hint"].split("\n")[0] for problem in problems if "hint" in problem] == hints


def test_the_problems_of_a_file_stand_in_the_order_of_its_lines(repo, capsys):
    text = confirmation().replace("2026-11-20", "x").replace("reported:", "repotred:")
    write(repo, text=text.replace("step: 3", "step: 0").replace("operation", "manual"))
    _, _, err = manualsmith(repo, capsys, "confirm", "check", FILE)
    lines = [int(line.split(":")[1]) for line in err.splitlines() if line.startswith(FILE)]
    assert lines == sorted(lines)
    assert {3, 6, 12, 15} <= set(lines)


def test_one_file_named_twice_is_one(repo, capsys):
    write(repo)
    code, out, err = manualsmith(repo, capsys, "suggest", FILE, f"./{FILE}", repo / FILE)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].endswith(": 1 created")


STEP_OF = "action: replace-step, section: [第一次登入], step: 3,"
# name: what is changed in the confirmation, its place, what is said, the hint
EDITS = {
    "page": ("sign-in.md", "sign-im.md", "13:11", "操作手冊 has no page sign-im.md", "sign-in.md"),
    "page of the other manual": ("sign-in.md", "sync.md", "13:11", "操作手冊 has no page", None),
    "section": ("[第一次登入]", "[第二次登入]", "15:43", "no section", "第一次登入"),
    "step": ("step: 3", "step: 4", "15:58", "no step 4: the list has 3", None),
    "list": ("step: 3", "step: 3, list: 2", "15:67", "list", None),
    "quote nowhere": (
        STEP_OF,
        "action: replace-text, quote: 沒有這句,",
        "15:41",
        "is not there",
        None,
    ),
    "quote twice": (STEP_OF, "action: replace-text, quote: 3.13,", "15:41", "stands 3 times", None),
    "html": ("按「允許存取」。", "<b>鍵</b>", "15:67", "raw HTML (<b>)", "backticks"),
    "script tag": (
        "按「允許存取」。",
        "<script>x</script>",
        "15:67",
        "raw HTML (<script>)",
        "backticks",
    ),
    "html comment": (
        "按「允許存取」。",
        "<!-- x -->",
        "15:67",
        "raw HTML (<!-- x -->)",
        "backticks",
    ),
    "script link": ("按「允許存取」。", "'[x](JavaScript:x)'", "15:67", "JavaScript:", "backticks"),
    "script link in entities": (
        "按「允許存取」。",
        "'[x](&#106;avascript:x)'",
        "15:67",
        "javascript:",
        "backticks",
    ),
    "handler": (
        "按「允許存取」。",
        "'[x](y){onclick=z}'",
        "15:67",
        "can run a script",
        "backticks",
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_that_cannot_be_made_has_its_place_and_nothing_is_written(repo, capsys, name):
    old, new, place, said, hint = EDITS[name]
    write(repo, text=changed(old, new).decode())
    before = state(repo)
    code, out, err = manualsmith(repo, capsys, "suggest", FILE)
    assert (code, err) == (1, "")
    assert f"\n    {FILE}:{place}: " in out
    assert said in out
    assert hint is None or hint in out.partition("hint: ")[2]
    assert out.splitlines()[-1].endswith(": 1 refused")
    assert state(repo) == before
    _, told, _ = manualsmith(repo, capsys, "suggest", FILE, "--json")
    [suggestion] = json.loads(told)["suggestions"]
    assert suggestion["status"] == "refused"
    assert told_in(suggestion["problems"][0]) in out
    assert state(repo) == before
    # The confirmation beside it goes through.
    write(repo, 2)
    code, out, _ = manualsmith(repo, capsys, "suggest", "--all")
    assert code == 1
    assert out.splitlines()[-1].endswith(": 1 created, 1 refused")
    assert [ref for ref in refs(repo) if "suggest" in ref] == [GOOD]


@pytest.mark.parametrize(("page", "link"), [("out.md", "out.md"), ("out/hosts.md", "out")])
def test_a_link_out_of_the_manual(repo, capsys, tmp_path, page, link):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "hosts.md").write_text(PAGES["manuals/operation/sign-in.md"], "utf-8")
    target = outside / "hosts.md" if link == page else outside
    (repo / "manuals/operation" / link).symlink_to(target)
    commit(repo, {})
    write(repo, text=confirmation().replace("sign-in.md", page))
    write(repo, 2)
    outside_before = (outside / "hosts.md").read_bytes()
    code, out, _ = manualsmith(repo, capsys, "suggest", "--all")
    assert code == 1
    assert f"manuals/operation/{link} is a symbolic link" in out
    assert f"\n    {FILE}:" in out
    assert out.splitlines()[-1].endswith(": 1 created, 1 refused")
    assert (outside / "hosts.md").read_bytes() == outside_before


def test_a_confirmation_that_is_a_link_out_is_not_read(repo, capsys, tmp_path):
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: hunter2hunter2\n", "utf-8")
    write(repo).unlink()
    (repo / FILE).symlink_to(secret)
    for command in ("suggest", "--all"), ("confirm", "check", "--all"):
        before = state(repo)
        code, out, err = manualsmith(repo, capsys, *command)
        assert code == 1
        assert f"{FILE}: a symbolic link that leads out of the repository" in err
        assert "password" not in out + err
        assert state(repo) == before


def test_a_link_within_the_repository_is_followed(repo, capsys):
    write(repo).rename(repo / "elsewhere.yaml")
    (repo / FILE).symlink_to("../../elsewhere.yaml")
    code, out, _ = manualsmith(repo, capsys, "suggest", "--all")
    assert code == 0
    assert out.splitlines()[-1].endswith(": 1 created")


def test_missing_files_and_folders_beside_a_good_file(repo, capsys):
    write(repo, 2)
    good = "records/confirmations/ENV-2026-0002.yaml"
    code, out, err = manualsmith(repo, capsys, "suggest", FILE, "records", "no/where.yaml", good)
    assert code == 1
    assert f"{FILE}: no such file\n  hint: nearest: ENV-2026-0002.yaml\n" in err
    assert "records: this is a folder, not a confirmation\n  hint: name its files" in err
    assert "no/where.yaml: no such file\n" in err
    assert out.splitlines()[-1].endswith(": 1 created, files not used: 3")


def test_a_page_that_is_not_utf8_is_refused_where_it_is_asked_for(repo, capsys):
    commit(repo, {"manuals/operation/sign-in.md": "# 登入\n\nabc ".encode() + b"\xa7\xda\n"})
    write(repo)
    write(repo, 2, text=confirmation(2).replace("sign-in.md", "unbound.md"))
    before = state(repo)
    code, out, _ = manualsmith(repo, capsys, "suggest", FILE)
    assert code == 1
    assert f"{FILE}:15:" in out or f"{FILE}:10:" in out
    assert "manuals/operation/sign-in.md:3:5: not UTF-8 text: byte 0xA7" in out
    assert state(repo) == before


def test_two_files_with_one_id_name_each_other(repo, capsys):
    first = write(repo)
    copy = first.with_name("ENV-2026-0003.yaml")
    copy.write_text(confirmation(findings=(STEP.replace("畫面不同", "另一個理由"),)), "utf-8")
    code, out, err = manualsmith(repo, capsys, "suggest", "--all")
    assert code == 1
    assert f"ENV-2026-0003.yaml:2:5: ENV-2026-0001 is also the id of {FILE}" in err
    assert "confirm new" in err
    assert out.splitlines()[-1].endswith(": 1 created, files not used: 1")
    branch = "suggest/O1.2.1/ENV-2026-0001-1"
    assert git(repo, "show", f"{branch}:{FILE}") + "\n" == first.read_text("utf-8")


# Repositories that cannot be worked on


@pytest.mark.parametrize("command", [("suggest", "--all"), ("confirm", "check", "--all")])
def test_no_repository_and_no_commit(tmp_path, capsys, command):
    empty = make_repo(tmp_path, {})
    code, out, err = manualsmith(tmp_path, capsys, *command)
    assert (code, out) == (1, "")
    assert f"{tmp_path} is not in a git repository\n  hint: git init" in err
    code, out, err = manualsmith(empty, capsys, *command)
    assert (code, out) == (1, "")
    assert "the repository has no commit yet\n  hint: make a first commit" in err
    assert refs(empty) == {}
    assert [path.name for path in empty.iterdir()] == [".git"]


@pytest.mark.parametrize("by", ["git", "pyproject.toml"])
def test_the_named_main_is_missing(repo, capsys, by):
    if by == "git":
        git(repo, "config", "manualsmith.main", "published")
    else:
        (repo / by).write_text('[tool.manualsmith]\nmain = "published"\n', "utf-8")
    write(repo)
    before = state(repo)
    code, out, err = manualsmith(repo, capsys, "suggest", "--all")
    assert (code, out) == (1, "")
    assert "there is no branch published\n  hint: branches: main\n" in err
    assert state(repo) == before


@pytest.fixture
def repo_of_nobody(repo, request, monkeypatch, tmp_path):
    """A repository with commits, on a machine whose git does not know its user."""
    request.getfixturevalue("_nobody")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return repo


@pytest.mark.parametrize(
    "command",
    [("suggest", FILE), ("suggest", FILE, "--json"), ("confirm", "new", "--product", "x")],
)
def test_no_author(repo_of_nobody, capsys, command):
    repo = repo_of_nobody
    write(repo)
    before = state(repo)
    code, _, err = manualsmith(repo, capsys, *command)
    assert code == 1
    assert 'git does not know who you are\n  hint: git config --global user.name "…"' in err
    assert state(repo) == before


def test_checking_needs_no_author(repo_of_nobody, capsys):
    write(repo_of_nobody)
    assert manualsmith(repo_of_nobody, capsys, "confirm", "check", FILE)[0] == 0


@pytest.mark.parametrize(
    "command", [("suggest", "--all"), ("suggest", "--all", "--json"), ("confirm", "check", "--all")]
)
def test_all_of_none_is_nothing_to_do(repo, capsys, command):
    before = state(repo)
    code, out, err = manualsmith(repo, capsys, *command)
    assert (code, err) == (0, "")
    assert out.strip()
    assert state(repo) == before
