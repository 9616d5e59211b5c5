"""A page that no manual has is told while the confirmation is being written."""

import json

import pytest

from desks import make_desk, ms
from gitrepo import commit
from manuals import confirmation

FILE = "records/confirmations/ENV-2026-0001.yaml"


@pytest.fixture
def repo(tmp_path):
    return make_desk(tmp_path)


def checked(repo, capsys, text, *more):
    file = repo / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    capsys.readouterr()
    code = ms(repo, "confirm", "check", str(file), *more)
    return code, capsys.readouterr()


def test_a_page_that_is_not_there_is_told_with_its_place(repo, capsys):
    text = confirmation(confirmed="- {page: nothing.md}").replace(
        "page: sign-in.md", "page: sing-in.md"
    )
    code, said = checked(repo, capsys, text)
    assert code == 0  # it may come, and suggest will say so again
    assert f"{FILE}:" in said.err
    assert "has no page sing-in.md" in said.err
    assert "nearest: sign-in.md" in said.err
    assert "has no page nothing.md" in said.err
    assert "1 right, 0 wrong" in said.out
    _, said = checked(repo, capsys, text, "--json")
    assert len(json.loads(said.out)["remarks"]) == 2


def test_what_is_there_or_will_be_is_fine(repo, capsys):
    assert checked(repo, capsys, confirmation())[1].err == ""
    page = "edit: {action: add-page, title: 新, text: 內容。}"
    new = confirmation().replace("page: sign-in.md", "page: new.md")
    head, _, _ = new.partition("    edit:")
    assert checked(repo, capsys, f"{head}    {page}\n")[1].err == ""


def test_a_confirmation_of_its_time_is_left_alone(repo, capsys):
    text = confirmation().replace("page: sign-in.md", "page: gone.md")
    commit(repo, {FILE: text})
    capsys.readouterr()
    assert ms(repo, "confirm", "check", "--all") == 0
    assert "gone.md" not in capsys.readouterr().err
