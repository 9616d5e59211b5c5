"""Pictures of records: taken by commands, kept beside the records, shown on forms."""

import io

import pytest
from docx import Document
from PIL import Image

from desks import incident, make_desk, ms, request, said
from gitrepo import commit, git, refs
from manuals import confirmation


def picture(folder, name="畫面.png", colour="red"):
    file = folder / name
    Image.new("RGB", (60, 40), colour).save(file)
    return file


@pytest.fixture
def repo(tmp_path):
    return make_desk(tmp_path)


def kept(repo) -> list[str]:
    listed = git(repo, "ls-tree", "-r", "--name-only", "main", "records/pictures")
    return listed.split()


def html(repo, name) -> str:
    file = repo.parent / "f.html"
    assert ms(repo, "export", name, "--out", str(file), "--force") == 0
    return file.read_text("utf-8")


def test_a_request_an_incident_and_a_walkthrough_have_pictures(repo, capsys, tmp_path):
    shots = [picture(tmp_path, f"{n}.png", colour) for n, colour in enumerate(("red", "blue"))]
    name = request(repo, capsys, "慢", "--picture", str(shots[0]), "--picture", str(shots[1]))
    assert len(kept(repo)) == 2
    text = html(repo, name)
    assert text.count('<figure><img src="data:image/png;base64,') == 2
    word = repo.parent / "f.docx"
    assert ms(repo, "export", name, "--format", "docx", "--out", str(word)) == 0
    assert len(Document(str(word)).inline_shapes) == 2
    made = incident(repo, capsys, name)
    assert ms(repo, "incident", "log", made, "--note", "試了", "--picture", str(shots[0])) == 0
    assert len(kept(repo)) == 2  # the same picture is one file
    assert html(repo, made).count("<figure>") == 1
    walk = said(capsys, repo, "walkthrough", "new", "--page", "sign-in.md")["record"]["id"]
    step = ("walkthrough", "step", walk, "1", "failed")
    assert ms(repo, *step, "--picture", str(shots[1])) == 0
    assert ms(repo, *step, "--picture", str(shots[0])) == 0
    assert html(repo, walk).count("<figure>") == 2
    assert git(repo, "status", "--porcelain").strip() == ""


def test_a_finding_has_pictures(repo, capsys, tmp_path):
    capsys.readouterr()
    assert ms(repo, "confirm", "picture", str(picture(tmp_path))) == 0
    [name] = capsys.readouterr().out.split()
    assert kept(repo) == [f"records/pictures/{name}"]
    text = confirmation().replace("    edit:", f"    pictures: [{name}]\n    edit:", 1)
    commit(repo, {"records/confirmations/ENV-2026-0001.yaml": text})
    assert "<figure><img" in html(repo, "ENV-2026-0001")
    assert ms(repo, "suggest", "--all") == 0
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    assert ms(repo, "verify", "--all") == 0


@pytest.mark.parametrize("data", [b"<svg/>", b"GIF89a", b"\x89PNG\r\n\x1a\n\0\0"])
def test_what_is_no_picture_writes_nothing(repo, capsys, tmp_path, data):
    file = tmp_path / "x.png"
    file.write_bytes(data)
    before = refs(repo)
    wanted = ("--symptom", "慢", "--product", "nextcloud", "--picture", str(file))
    assert ms(repo, "request", "new", *wanted) == 1
    assert "x.png" in capsys.readouterr().err
    assert refs(repo) == before


@pytest.mark.parametrize("name", ["../../etc/passwd", "x.png", "0123456789abcdef.svg"])
def test_a_record_names_pictures_of_ours_alone(repo, capsys, name):
    text = confirmation().replace("    edit:", f"    pictures: ['{name}']\n    edit:", 1)
    file = repo / "records/confirmations/ENV-2026-0001.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    assert ms(repo, "confirm", "check", str(file)) == 1
    assert "pictures" in capsys.readouterr().err


def test_a_picture_that_is_not_there_is_said_on_the_form(repo, capsys):
    text = confirmation().replace("    edit:", "    pictures: [0123456789abcdef.png]\n    edit:", 1)
    commit(repo, {"records/confirmations/ENV-2026-0001.yaml": text})
    assert "the picture is not there" in html(repo, "ENV-2026-0001")


def test_they_are_with_the_records_in_their_own_repository(repo, capsys, tmp_path):
    private = tmp_path / "private"
    git(tmp_path, "init", "-q", "-b", "main", str(private))
    commit(private, {"README.md": "x"})
    git(private, "config", "manualsmith.staff", "S-0412")
    commit(repo, {"pyproject.toml": '[tool.manualsmith]\nrecords = "../private"\n'})
    name = request(repo, capsys, "慢", "--picture", str(picture(tmp_path)))
    assert len(kept(private)) == 1
    assert kept(repo) == []
    assert "<figure><img" in html(repo, name)


def test_dry_run_keeps_nothing(repo, tmp_path):
    before = refs(repo)
    assert ms(repo, "confirm", "picture", str(picture(tmp_path)), "--dry-run") == 0
    assert refs(repo) == before


def test_what_is_kept_is_a_picture(repo, capsys, tmp_path):
    request(repo, capsys, "慢", "--picture", str(picture(tmp_path)))
    [path] = kept(repo)
    import subprocess

    data = subprocess.run(
        ["git", "show", f"main:{path}"], cwd=repo, capture_output=True, check=True
    ).stdout
    assert Image.open(io.BytesIO(data)).size == (60, 40)
