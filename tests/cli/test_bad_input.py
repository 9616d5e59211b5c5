"""What bad input gets: its place, what was found, what is allowed; exit 1; nothing written."""

import pytest

from gitrepo import commit, git, make_repo, refs
from manuals import ENTRY, PAGES, STEP, confirmation, write
from manualsmith.cli.group import run

GOOD = 2  # the number of a confirmation that is right


@pytest.fixture
def repo(tmp_path, monkeypatch):
    repo = make_repo(tmp_path, PAGES)
    monkeypatch.chdir(repo)
    return repo


def suggest(repo, *arguments):
    return run(["-C", str(repo), "suggest", *map(str, arguments)])


BAD_FILES = {
    "empty": (b"", "bad.yaml: the file is empty"),
    "binary": (bytes(range(256)) * 4, "bad.yaml: not a text file"),
    "latin-1": (b"reported: caf\xe9\n", "bad.yaml:1:14: not UTF-8 text: byte 0xE9"),
    "too large": (b"a" * 50_000_000, "bad.yaml: larger than 1048576 bytes"),
    "tab": (b"schema: x\nenvironment:\n\tsoftware: []\n", "bad.yaml:3:1:"),
    "full-width colon": ("id：ENV-2026-0001\n".encode(), "bad.yaml:1:3:"),
    "not a mapping": (b"- a\n", "bad.yaml:1:1: the file must be a mapping"),
    "alias bomb": (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "bad.yaml:1:4: an anchor (&a)"),
    "deep": (b"[" * 100_000, "bad.yaml:1:"),
    "python tag": (b"a: !!python/object/apply:os.system [ls]\n", "bad.yaml:1:4: a tag"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file(repo, capsys, name):
    data, told = BAD_FILES[name]
    (repo / "bad.yaml").write_bytes(data)
    before = refs(repo)
    assert suggest(repo, "bad.yaml") == 1
    assert told in capsys.readouterr().err
    assert refs(repo) == before
    # The good ones still go through, and the summary says which did not.
    assert suggest(repo, "bad.yaml", write(repo, GOOD)) == 1
    output = capsys.readouterr()
    assert told in output.err
    assert "1 created, files not used: 1" in output.out
    assert len(refs(repo)) == len(before) + 1


REPLACEMENTS = {
    "unknown field": (
        "reason: 畫面不同",
        "resaon: 畫面不同",
        "14:5: findings[1] has no field resaon",
    ),
    "nearest field": ("reason: 畫面不同", "resaon: 畫面不同", "nearest: reason"),
    "duplicate key": ("product: nextcloud", "product: a\nproduct: b", "5:1: product stands twice"),
    "date": ("date: 2026-11-20", "date: 2026-02-30", '3:7: date is "2026-02-30"'),
    "manual": ("manual: operation", "manual: operations", "nearest: operation"),
    "action": ("replace-step", "replace-stp", "nearest: replace-step"),
    "type": ("step: 3", "step: three", 'findings[1].edit.step is "three"'),
    "missing": ("reported: 畫面和手冊不同\n", "", "reported is missing"),
    "up": ("page: sign-in.md", "page: ../../pyproject.md", "13:11: findings[1].page"),
    "absolute": ("page: sign-in.md", "page: /etc/passwd.md", "13:11: findings[1].page"),
    "backslash": ("page: sign-in.md", "page: a\\b.md", "13:11: findings[1].page"),
    "an option": ("page: sign-in.md", "page: --help", "13:11: findings[1].page"),
    "national id": ("畫面和手冊不同", "A123456789", "6:11: a national id number"),
    "token": ("畫面和手冊不同", "ghp_" + "a1B2" * 9, "6:11: an access token"),
}


@pytest.mark.parametrize("name", REPLACEMENTS)
def test_a_bad_value(repo, capsys, name):
    old, new, told = REPLACEMENTS[name]
    text = confirmation()
    assert old in text
    file = write(repo, text=text.replace(old, new))
    before = refs(repo)
    assert suggest(repo, file) == 1
    assert told in capsys.readouterr().err
    assert refs(repo) == before


def test_all_errors_of_a_file_at_once(repo, capsys):
    text = confirmation().replace("2026-11-20", "yesterday").replace("step: 3", "step: 0")
    assert run(["-C", str(repo), "confirm", "check", str(write(repo, text=text))]) == 1
    told = capsys.readouterr().err
    assert "3:7: date" in told
    assert "15:58: findings[1].edit.step" in told


EDITS = {
    "page": ("page: sign-in.md", "page: sign-im.md", "13:11: 操作手冊 has no page sign-im.md"),
    "nearest page": ("page: sign-in.md", "page: sign-im.md", "hint: nearest: sign-in.md"),
    "section": ("[第一次登入]", "[首次登入]", "no section 首次登入"),
    "nearest section": ("[第一次登入]", "[首次登入]", "第一次登入\n"),
    "step": (
        "step: 3",
        "step: 9",
        "15:58: manuals/operation/sign-in.md: no step 9: the list has 3",
    ),
    "quote nowhere": (
        "action: replace-step, section: [第一次登入], step: 3,",
        "action: replace-text, quote: 沒有這句,",
        "the quote “沒有這句” is not there",
    ),
    "quote twice": (
        "action: replace-step, section: [第一次登入], step: 3,",
        "action: replace-text, quote: 3.13,",
        "stands 3 times",
    ),
    "html": ("按「允許存取」。", "按 <b>鍵</b>", "raw HTML (<b>)"),
    "script": (
        "按「允許存取」。",
        "'[x](javascript:x)'",
        "a link that runs a script (javascript:)",
    ),
    "include": ("按「允許存取」。", "'--8<-- \"x\"'", "an include of another file"),
    "fence": ("按「允許存取」。", "'```'", "opens a code block"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_that_cannot_be_made(repo, capsys, name):
    old, new, told = EDITS[name]
    text = confirmation(findings=(STEP, ENTRY))
    assert old in text
    file = write(repo, text=text.replace(old, new, 1))
    assert suggest(repo, file) == 1
    output = capsys.readouterr().out
    assert told in output
    assert f"{file}:" in output
    # The other finding of the same confirmation still goes through.
    assert [ref for ref in refs(repo) if "suggest" in ref] == [
        "refs/heads/suggest/O1.2.2/ENV-2026-0001-2"
    ]


@pytest.mark.parametrize("link", ["page", "folder"])
def test_a_page_behind_a_symbolic_link(repo, capsys, link):
    target = repo / "manuals" / "operation" / ("link.md" if link == "page" else "link")
    target.symlink_to("/etc/passwd" if link == "page" else "/etc")
    commit(repo, {})
    page = "link.md" if link == "page" else "link/passwd.md"
    file = write(repo, text=confirmation().replace("sign-in.md", page))
    assert suggest(repo, file) == 1
    assert "is a symbolic link" in capsys.readouterr().out


def test_a_confirmation_that_is_a_link_out_of_the_repository(repo, capsys, tmp_path):
    outside = tmp_path / "outside.yaml"
    outside.write_text(confirmation(), "utf-8")
    write(repo, GOOD).with_name("ENV-2026-0001.yaml").symlink_to(outside)
    assert suggest(repo, "--all") == 1
    output = capsys.readouterr()
    assert "a symbolic link that leads out of the repository" in output.err
    assert "1 created" in output.out


def test_a_page_that_is_no_text(repo, capsys):
    commit(repo, {"manuals/operation/sign-in.md": b"# \xff\n"})
    assert suggest(repo, write(repo)) == 1
    assert "manuals/operation/sign-in.md:1:3: not UTF-8 text" in capsys.readouterr().out


def test_two_files_with_one_id(repo, capsys):
    first = write(repo)
    second = first.with_name("copy.yaml")
    second.write_text(first.read_text("utf-8") + "# other\n", "utf-8")
    assert suggest(repo, first, second) == 1
    output = capsys.readouterr()
    assert "ENV-2026-0001 is also the id of" in output.err
    assert "1 created" in output.out


def test_a_missing_file_and_a_folder(repo, capsys):
    write(repo)
    assert suggest(repo, "records/confirmations/ENV-2026-001.yaml", "records") == 1
    told = capsys.readouterr().err
    assert "no such file" in told
    assert "nearest: ENV-2026-0001.yaml" in told
    assert "this is a folder" in told


def test_no_confirmation_at_all(repo, capsys):
    assert suggest(repo, "--all") == 0
    assert "nothing to do" in capsys.readouterr().out


def test_not_a_repository(tmp_path, capsys):
    assert suggest(tmp_path, "--all") == 1
    assert "is not in a git repository" in capsys.readouterr().err


def test_a_repository_without_a_commit(tmp_path, capsys):
    assert suggest(make_repo(tmp_path, {}), "--all") == 1
    assert "has no commit yet" in capsys.readouterr().err


def test_main_is_missing(repo, capsys):
    git(repo, "branch", "-m", "main", "one")
    git(repo, "branch", "two")
    write(repo)
    assert suggest(repo, "--all") == 1
    told = capsys.readouterr().err
    assert "which branch holds the published manuals" in told
    assert "branches: one, two" in told


@pytest.mark.usefixtures("_nobody")
@pytest.mark.parametrize("command", [["suggest", "--all"], ["confirm", "new", "--product", "x"]])
def test_no_author(tmp_path, capsys, monkeypatch, command):
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    monkeypatch.setenv("HOME", str(tmp_path))
    repo = tmp_path / "repo"
    repo.mkdir()
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    git(repo, "init", "-q", "-b", "main")
    git(repo, *identity, "commit", "-q", "--allow-empty", "-m", "x")
    for path, text in PAGES.items():
        (repo / path).parent.mkdir(parents=True, exist_ok=True)
        (repo / path).write_text(text, "utf-8")
    git(repo, "add", "-A")
    git(repo, *identity, "commit", "-q", "-m", "pages")
    write(repo)
    before = refs(repo)
    assert run(["-C", str(repo), *command]) == 1
    assert "git does not know who you are" in capsys.readouterr().err
    assert refs(repo) == before


@pytest.mark.parametrize(
    "setting", ["main = 3", "mian = 'main'", "allow_html = 'br'", "allow_personal = [1]", "main ="]
)
def test_bad_settings(repo, capsys, setting):
    commit(repo, {"pyproject.toml": f"[tool.manualsmith]\n{setting}\n"})
    assert suggest(repo, "--all") == 1
    assert "pyproject.toml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["suggest"],
        ["suggest", "--all", "x.yaml"],
        ["sugest"],
        ["suggest", "--al"],
        ["confirm", "check"],
    ],
)
def test_wrong_usage(repo, capsys, arguments):
    assert run(["-C", str(repo), *arguments]) == 2
    assert "Usage" in capsys.readouterr().err
