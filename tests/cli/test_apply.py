"""``manualsmith apply``: the engine from a shell."""

import json

import pytest

from manualsmith.cli.group import run
from manualsmith.markdown import apply

BASE = "# 登入\n\n1. 開啟網頁。\n2. 輸入帳號。\n3. 按「登入」。\n\n## 登出\n\n按「登出」。\n"
PAGE = BASE.replace("1. 開啟網頁。\n2.", "1. 連上網路。\n2. 開啟網頁。\n3.").replace(
    "3. 按", "4. 按"
)
EDIT = {"action": "replace-step", "section": ["登入"], "step": 3, "text": "按「下一步」。"}


@pytest.fixture
def files(tmp_path):
    """Write the page, its base and the edit, and return their paths as the command gets them."""
    for name, text in {"page.md": PAGE, "base.md": BASE, "edit.json": json.dumps(EDIT)}.items():
        (tmp_path / name).write_bytes(text.encode())
    return tmp_path


def command(files, *more, edit="edit.json"):
    page, base = str(files / "page.md"), str(files / "base.md")
    return ["apply", page, "--edit", str(files / edit), "--base", base, *more]


def test_it_is_the_same_as_the_function(files, capsysbinary):
    assert run(command(files)) == 0
    printed = capsysbinary.readouterr().out.decode()
    assert printed == apply(PAGE, EDIT, BASE)
    assert "4. 按「下一步」。" in printed
    assert (files / "page.md").read_text("utf-8") == PAGE


def test_in_place_keeps_mode_and_link(files):
    (files / "page.md").chmod(0o640)
    link = files / "link.md"
    link.symlink_to("page.md")
    arguments = command(files, "--in-place")
    arguments[1] = str(link)
    assert run(arguments) == 0
    assert link.is_symlink()
    assert (files / "page.md").read_text("utf-8") == apply(PAGE, EDIT, BASE)
    assert (files / "page.md").stat().st_mode & 0o777 == 0o640
    assert sorted(file.name for file in files.iterdir()) == [
        "base.md",
        "edit.json",
        "link.md",
        "page.md",
    ]


def test_line_ends_stay(files, capsysbinary):
    (files / "page.md").write_bytes(b"\xef\xbb\xbf" + PAGE.replace("\n", "\r\n").encode())
    assert run(command(files)) == 0
    assert capsysbinary.readouterr().out.count(b"\r\n") == PAGE.count("\n")


def test_diff_and_json(files, capsys):
    assert run(command(files, "--diff")) == 0
    assert "[-登入-]{+下一步+}" in capsys.readouterr().out
    assert run(command(files, "--json")) == 0
    assert json.loads(capsys.readouterr().out) == {
        "applied": True,
        "page": apply(PAGE, EDIT, BASE),
    }


def test_refused_with_the_places_that_were_weighed(files, capsys):
    edit = {"action": "replace-text", "quote": {"exact": "按「登"}, "text": "點「登"}
    (files / "edit.json").write_text(json.dumps(edit), "utf-8")
    page = str(files / "page.md")
    assert run(["apply", page, "--edit", str(files / "edit.json")]) == 1
    error = capsys.readouterr().err
    assert f"{page}:6" in error
    assert f"{page}:10" in error
    assert run([*command(files, "--json")[:4], "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["applied"], told["reason"]) == (False, "ambiguous")
    assert [one["line"] for one in told["candidates"]] == [6, 10]


def test_already_there(files, capsys):
    (files / "page.md").write_text(apply(PAGE, EDIT, BASE), "utf-8")
    assert run(command(files, "--in-place")) == 1
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"{", "edit.json:1:2: not JSON"),
        (b"[1]", "an edit is an object"),
        (b'{"action": "fly"}', "cannot be read"),
        (b"\xff{}", "not UTF-8"),
        (b"[" * 200_000, "nested too deep"),
        (
            b'{"action":"replace-text","quote":{"exact":"\xe5\xb8\xb3\xe8\x99\x9f"},'
            b'"text":"\\ud800"}',
            "Unicode",
        ),
    ],
)
def test_an_edit_that_is_none(files, capsys, text, said):
    (files / "edit.json").write_bytes(text)
    assert run(command(files)) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("which", [1, 3, 5])
def test_a_file_that_is_not_there(files, capsys, which):
    arguments = command(files)
    arguments[which] = str(files / "none")
    assert run(arguments) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_wrong_usage(files):
    assert run(command(files, "--diff", "--json")) == 2
    assert run(["apply", "-", "--edit", "-"]) == 2
    assert run(["apply", "-", "--edit", str(files / "edit.json"), "--in-place"]) == 2
