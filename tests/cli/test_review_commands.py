"""The review commands as a person meets them: what they print, and how they end."""

import json

import pytest

from gitrepo import commit, make_repo, refs
from manuals import ENTRY, FACT, PAGES, STEP, write
from manualsmith.cli.group import run

STEP_ID, ENTRY_ID = "ENV-2026-0001-1", "ENV-2026-0001-2"


@pytest.fixture
def repo(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    write(repo, findings=(STEP, ENTRY), facts=FACT)
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    return repo


@pytest.fixture
def review(repo, capsys):
    def call(*arguments):
        capsys.readouterr()
        code = run(["-C", str(repo), "review", *arguments])
        return code, *capsys.readouterr()

    return call


def test_list(review):
    code, out, err = review("list")
    assert (code, err) == (0, "")
    assert f"{STEP_ID}  applies" in out
    assert "操作手冊 sign-in.md › 登入 › 第一次登入  change a step, by S-0412" in out
    assert out.endswith("4 open\n")
    one_page = review("list", "--page", "sign-in.md", "--manual", "operation")[1]
    assert one_page.endswith("2 open\n")
    assert review("list", "--state", "rejected")[1] == "nothing is waiting\n"


def test_list_as_json(review):
    found = json.loads(review("list", "--json")[1])["suggestions"]
    [one] = [item for item in found if item["id"] == STEP_ID]
    assert one["applies"] == "applies"
    assert one["confirmations"] == ["ENV-2026-0001"]
    assert one["actions"] == ["replace-step"]
    assert one["branch"] == f"suggest/O1.2.1/{STEP_ID}"


def test_show_gives_the_reason_and_the_environment_first(review):
    code, out, _ = review("show", STEP_ID)
    assert code == 0
    places = [
        out.index(text)
        for text in ("畫面不同", "client.version", "applies", "第一次登入", "{+", "review accept")
    ]
    assert places == sorted(places)
    assert "按[-登入-]{+「允許存取」+}。" in out


def test_show_as_a_page(review, tmp_path):
    page = tmp_path / "look.html"
    assert review("show", STEP_ID, "--rendered", str(page))[0] == 0
    html = page.read_text("utf-8")
    assert "<ins>「允許存取」</ins>" in html
    assert html.index("畫面不同") < html.index("<ins>「")
    assert review("show", STEP_ID, "--rendered", "-")[1] == html
    code, _, err = review("show", STEP_ID, "--rendered", str(tmp_path / "no" / "such"))
    assert code == 1
    assert "cannot be written" in err


def test_show_what_was_decided(review):
    review("reject", STEP_ID, "--reason", "不必改")
    out = review("show", STEP_ID)[1]
    assert "不必改" in out
    assert "{+" in out


def test_accept_all_of_a_confirmation(repo, review):
    code, out, _ = review("accept", "--all", "--from", "ENV-2026-0001", "--dry-run")
    assert (code, out.count("✓ accepted")) == (0, 4)
    code, out, _ = review("accept", "--all", "--from", "ENV-2026-0001")
    assert code == 0
    assert out.endswith(": 4 accepted\n")
    assert [ref for ref in refs(repo) if "suggest" in ref] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("accept",),
        ("accept", STEP_ID, "--all"),
        ("accept", STEP_ID, "--from", "ENV-2026-0001"),
        ("reject", STEP_ID),
        ("reject", STEP_ID, "--reason", " "),
        ("withdraw", STEP_ID),
        ("refresh", "--all", "--discard-edits"),
        ("reopen",),
        ("list", "--state", "gone"),
        ("show",),
    ],
)
def test_wrong_usage(repo, review, arguments):
    before = refs(repo)
    assert review(*arguments)[0] == 2
    assert refs(repo) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("accept", "ENV-2026-0009-1"),
        ("accept", "--all", "--from", "ENV-2026-0009"),
        ("show", "--", "-x"),
        ("reject", "../../main", "--reason", "x"),
        ("reopen", "main"),
    ],
)
def test_unknown(repo, review, arguments):
    before = refs(repo)
    code, _, err = review(*arguments)
    assert code == 1
    assert "no suggestion" in err or "no open suggestion" in err
    assert refs(repo) == before


def test_a_conflict_is_told_and_the_rest_is_done(repo, review):
    text = PAGES["manuals/operation/sign-in.md"].replace("3. 按登入。", "3. 掃描條碼。")
    commit(repo, {"manuals/operation/sign-in.md": text}, "改用條碼")
    code, out, _ = review("accept", STEP_ID, ENTRY_ID)
    assert code == 1
    assert "× refused" in out
    assert "改用條碼" in out
    assert "1 accepted, 1 refused" in out
    assert "conflict" in review("list")[1]
