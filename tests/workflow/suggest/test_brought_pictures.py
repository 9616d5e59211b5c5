"""An edit that brings a picture to a page: on its branch, on main, and gone again."""

import pytest

from desks import ms
from gitrepo import commit, git, make_repo, refs, show
from manuals import PAGES, write
from manualsmith.records.pictures import taken
from shots import after_step, bringing, images, is_right, named, shot
from suggesting import STEP_BRANCH

PAGE = "manuals/operation/sign-in.md"


@pytest.fixture
def repo(tmp_path):
    made = make_repo(
        tmp_path, {**PAGES, "pyproject.toml": "[tool.manualsmith]\nprotect_main = true\n"}
    )
    git(made, "config", "manualsmith.staff", "S-0412")
    return made


def with_shot(repo, *findings: str, number: int = 1, data: bytes | None = None, name="shot.png"):
    file = write(repo, number, findings=findings)
    (file.parent / name).write_bytes(data or shot())
    return file


def suggested(repo, *findings: str, number: int = 1, data: bytes | None = None) -> str:
    file = with_shot(repo, *findings, number=number, data=data)
    assert ms(repo, "suggest", str(file)) == 0
    file.unlink()
    (file.parent / "shot.png").unlink()
    return f"suggest/O1.2.1/ENV-2026-{number:04}-1"


def test_a_step_with_a_picture_comes_to_main_with_it(repo, capsys):
    branch = suggested(repo, bringing(after_step()))
    [(name, data)] = images(repo, branch).items()
    assert name == f"sign-in-{named(data)}"
    assert data == taken(shot(), "").data
    page = show(repo, f"{branch}:{PAGE}").decode()
    assert f"4. 按「允許存取」。\n\n    ![登入畫面](images/{name})\n" in page
    record = show(repo, f"{branch}:suggestions/operation/ENV-2026-0001-1.yaml").decode()
    assert git(repo, "rev-parse", f"{branch}:manuals/operation/images/{name}") in record
    assert images(repo, "main") == {}
    assert is_right(repo)
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    assert images(repo, "main") == {name: data}
    assert (repo / "manuals/operation/images" / name).read_bytes() == data
    assert is_right(repo), capsys.readouterr()
    assert git(repo, "status", "--porcelain") == ""


def test_the_file_names_the_picture_as_it_is_kept_and_again_is_unchanged(repo, capsys):
    file = with_shot(repo, bringing(after_step()))
    assert ms(repo, "suggest", str(file)) == 0
    name = named(taken(shot(), "").data)
    assert f"file: '{name}'" in file.read_text("utf-8")
    before = refs(repo)
    (file.parent / "shot.png").unlink()
    assert ms(repo, "suggest", str(file)) == 0
    assert refs(repo) == before
    assert show(repo, f"{STEP_BRANCH}:{file.relative_to(repo)}") == file.read_bytes()
    file.write_text(file.read_text("utf-8").replace("按「允許", "請按「允許"), "utf-8")
    assert ms(repo, "suggest", str(file)) == 0  # from the branch that has it
    assert images(repo, STEP_BRANCH) == {f"sign-in-{name}": taken(shot(), "").data}
    assert "請按" in show(repo, f"{STEP_BRANCH}:{PAGE}").decode()


def test_dry_run_writes_nothing(repo, capsys):
    file = with_shot(repo, bringing(after_step()))
    before, text = refs(repo), file.read_bytes()
    assert ms(repo, "suggest", str(file), "--dry-run") == 0
    assert (refs(repo), file.read_bytes()) == (before, text)
    assert "images/sign-in-" in capsys.readouterr().out


def test_one_that_is_kept_among_the_records(repo, capsys, tmp_path):
    (tmp_path / "畫面.png").write_bytes(shot("blue"))
    capsys.readouterr()
    assert ms(repo, "confirm", "picture", str(tmp_path / "畫面.png")) == 0
    [name] = capsys.readouterr().out.split()
    file = write(repo, findings=(bringing(after_step(name)),))
    assert ms(repo, "suggest", str(file)) == 0
    assert [*images(repo, STEP_BRANCH)] == [f"sign-in-{name}"]
    assert is_right(repo)


PLACES = {
    "a section": (
        "{action: append-to-section, section: [第一次登入], text: 如圖：, %s}",
        "如圖：\n\n![圖](images/sign-in-",
    ),
    "a new section": (
        "{action: insert-section, section: [第一次登入], heading: 畫面, "
        "text: '看 {picture} 這裡', %s}",
        "看 ![圖](images/sign-in-",
    ),
    "a section anew": (
        "{action: replace-section, section: [第一次登入], text: '{picture}', %s}",
        "## 第一次登入 {#first}\n\n![圖](images/sign-in-",
    ),
    "words": (
        "{action: insert-text, quote: 打開用戶端, text: '', %s}".replace(
            "text: ''", "text: '{picture}'"
        ),
        "1. 打開用戶端![圖](images/sign-in-",
    ),
    "instead of words": (
        "{action: replace-text, quote: 輸入帳號, text: 輸入, %s}",
        "2. 輸入 ![圖](images/sign-in-",
    ),
    "a step anew": (
        "{action: replace-step, section: [第一次登入], step: 2, text: 輸入帳號。, %s}",
        "2. 輸入帳號。\n\n    ![圖](images/sign-in-",
    ),
    "a cell": (
        "{action: set-cell, row: macOS, column: 版本, text: '12', %s}",
        "| 12 ![圖](images/sign-in-",
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_where_a_picture_may_go(repo, place, capsys):
    edit, wanted = PLACES[place]
    branch = suggested(repo, bringing(edit % "picture: {file: shot.png, alt: 圖}"))
    assert wanted in show(repo, f"{branch}:{PAGE}").decode(), capsys.readouterr()
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    assert is_right(repo)


def test_a_page_in_a_folder_and_an_entry(repo, capsys):
    page = "{action: add-page, title: 手機, text: 開始。, picture: {file: shot.png, alt: 圖}}"
    entry = (
        "{action: add-entry, entry: {symptom: 白畫面, resolution: [重開。]}, "
        "picture: {file: shot.png, alt: 圖}}"
    )
    suggested(
        repo,
        bringing(page, 1, "mobile/開始.md"),
        bringing(entry, 2, "sync.md", "troubleshooting"),
    )
    new, held = "suggest/O1.2.1/ENV-2026-0001-1", "suggest/O1.2.2/ENV-2026-0001-2"
    name = named(taken(shot(), "").data)
    assert (
        f"![圖](../images/picture-{name})"
        in show(repo, f"{new}:manuals/operation/mobile/開始.md").decode()
    )
    text = show(repo, f"{held}:manuals/troubleshooting/sync.md").decode()
    assert f"1. 重開。 ![圖](images/sync-{name})" in text
    assert [*images(repo, held, "manuals/troubleshooting")] == [f"sync-{name}"]
    assert ms(repo, "review", "accept", "ENV-2026-0001-1", "ENV-2026-0001-2") == 0
    assert is_right(repo)


def test_instead_of_a_picture(repo, capsys):
    old = PAGES[PAGE] + "\n![舊](images/old.png)\n"
    commit(repo, {PAGE: old, "manuals/operation/images/old.png": shot("green")})
    edit = (
        "{action: replace-text, quote: '![舊](images/old.png)', text: '', "
        "picture: {file: shot.png, alt: 新}}"
    )
    branch = suggested(repo, bringing(edit))
    text = show(repo, f"{branch}:{PAGE}").decode()
    assert f"\n![新](images/sign-in-{named(taken(shot(), '').data)})\n" in text
    assert "舊" not in text


ALTS = {
    "](javascript:alert(1))": "](javascript:alert(1))",
    "a] [b](c) ![d](e)": "a] [b](c) ![d](e)",
    "<script>x</script> & `b` *c* _d_ \\\\": "<script>x</script> & `b` *c* _d_ \\\\",
    '"quoted" (in) {#x}': '"quoted" (in) {#x}',
}


@pytest.mark.parametrize("alt", ALTS)
def test_an_alternative_text_is_words_alone(repo, alt):
    import json

    from manualsmith.markdown.dialect import DEFAULT
    from seen import images_in

    edit = after_step().replace("'登入畫面'", json.dumps(alt))
    branch = suggested(repo, bringing(edit))
    html = DEFAULT.html(show(repo, f"{branch}:{PAGE}").decode())
    [(source, said)] = images_in(html)
    assert source.startswith("images/sign-in-")
    assert said == ALTS[alt]
    assert is_right(repo)


BAD_ALT = {
    "alt: ''": "say in a few words",
    "alt: '   '": "say in a few words",
    "": "alt is missing",
    'alt: "a\\nb"': "one line",
    'alt: "a\\tb"': "one line",
    "alt: 1" + "0" * 300: "at most 300",
}


@pytest.mark.parametrize("alt", BAD_ALT)
def test_without_an_alternative_text_it_is_refused(repo, capsys, alt):
    edit, told = after_step().replace("alt: '登入畫面'", alt), BAD_ALT[alt]
    file = with_shot(repo, bringing(edit))
    before = refs(repo)
    capsys.readouterr()
    assert ms(repo, "suggest", str(file)) == 1
    said = capsys.readouterr().err
    assert told in said
    assert "ENV-2026-0001.yaml:15:" in said
    assert refs(repo) == before


def bomb() -> bytes:
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check

    size = (30_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", b"x\x9c") + chunk(b"IEND", b"")
    )


BAD_FILES = {
    "no picture": ("shot.png", "文字".encode(), "not a picture"),
    "50 MB": ("shot.png", shot() + b"\0" * (50 << 20), "larger than 20 MB"),
    "30,000 pixels": ("shot.png", bomb(), "too many pixels"),
    "a drawing": ("shot.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
}


@pytest.mark.parametrize("bad", BAD_FILES)
def test_what_is_no_picture_is_refused_at_its_place(repo, capsys, bad):
    name, data, told = BAD_FILES[bad]
    file = with_shot(repo, bringing(after_step(name)), data=data, name=name)
    before, text = refs(repo), file.read_bytes()
    capsys.readouterr()
    for command in (("suggest",), ("confirm", "check")):
        assert ms(repo, *command, str(file)) == 1
        said = capsys.readouterr()
        assert told in said.out + said.err
        assert "ENV-2026-0001.yaml:15:" in said.out + said.err
    assert (refs(repo), file.read_bytes()) == (before, text)


@pytest.mark.parametrize(
    "name", ["../../shot.png", "/etc/hostname", "link.png", "missing.png", "."]
)
def test_a_picture_that_is_elsewhere_is_refused(repo, capsys, tmp_path, name):
    (repo / "shot.png").write_bytes(shot())
    file = write(repo, findings=(bringing(after_step(name)),))
    (file.parent / "link.png").symlink_to(repo / "shot.png")
    before = refs(repo)
    capsys.readouterr()
    assert ms(repo, "suggest", str(file)) == 1
    said = capsys.readouterr().err
    wanted = "cannot be read" if name in ("missing.png", ".") else "is not beside the confirmation"
    assert wanted in said
    assert refs(repo) == before


def test_a_polyglot_comes_without_its_second_file(repo):
    branch = suggested(repo, bringing(after_step()), data=shot() + b"PK\x03\x04<script>")
    [data] = images(repo, branch).values()
    assert b"script" not in data


def test_a_name_that_is_kept_nowhere_is_refused(repo, capsys):
    file = write(repo, findings=(bringing(after_step("0123456789abcdef.png")),))
    capsys.readouterr()
    assert ms(repo, "suggest", str(file)) == 1
    assert "there is no picture 0123456789abcdef.png here" in capsys.readouterr().out


def test_two_that_bring_the_same_picture_agree(repo, capsys):
    section = (
        "{action: append-to-section, section: [登入], text: '{picture}', "
        "picture: {file: shot.png, alt: 圖}}"
    )
    suggested(repo, bringing(after_step()), number=1)
    suggested(repo, bringing(section), number=2)
    for number in (1, 2):
        assert ms(repo, "review", "accept", f"ENV-2026-000{number}-1") == 0, capsys.readouterr()
    assert len(images(repo, "main")) == 1
    assert is_right(repo)
    revert = ("review", "revert", "--reason", "x")
    assert ms(repo, *revert, "ENV-2026-0001-1") == 0
    assert len(images(repo, "main")) == 1  # the other one has it
    assert ms(repo, *revert, "ENV-2026-0002-1") == 0
    assert images(repo, "main") == {}
    assert show(repo, f"main:{PAGE}").decode() == PAGES[PAGE]
    assert is_right(repo), capsys.readouterr()
    assert ms(repo, "review", "reopen", "ENV-2026-0001-1") == 0
    assert len(images(repo, STEP_BRANCH)) == 1
    assert is_right(repo)


def test_the_same_place_with_other_bytes_has_another_name(repo):
    for number, colour in ((1, "red"), (2, "blue")):
        suggested(repo, bringing(after_step(text=f"{number}")), number=number, data=shot(colour))
        assert ms(repo, "review", "accept", f"ENV-2026-000{number}-1") == 0
    assert len(images(repo, "main")) == 2
    assert is_right(repo)


def test_a_second_one_that_says_the_same_joins_it(repo, capsys):
    suggested(repo, bringing(after_step()))
    suggested(repo, bringing(after_step()), number=2)
    assert [one for one in refs(repo) if "suggest/" in one] == [f"refs/heads/{STEP_BRANCH}"]
    assert is_right(repo)
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    assert is_right(repo)


def test_what_is_rejected_leaves_nothing_on_main(repo):
    suggested(repo, bringing(after_step()))
    assert ms(repo, "review", "reject", "ENV-2026-0001-1", "--reason", "x") == 0
    assert images(repo, "main") == {}
    assert is_right(repo)


def test_refreshed_it_comes_along(repo):
    branch = suggested(repo, bringing(after_step()))
    before = images(repo, branch)
    commit(repo, {"manuals/operation/unbound.md": "# 別的\n"})
    assert ms(repo, "review", "refresh", "ENV-2026-0001-1") == 0
    assert images(repo, branch) == before
    assert git(repo, "merge-base", "main", branch) == git(repo, "rev-parse", "main")


def test_in_other_words_the_picture_stays(repo, capsys):
    suggested(repo, bringing(after_step()))
    words = ("review", "accept", "ENV-2026-0001-1", "--text", "請按「允許」。")
    assert ms(repo, *words) == 0, capsys.readouterr()
    text = show(repo, f"main:{PAGE}").decode()
    assert "4. 請按「允許」。\n\n    ![登入畫面](images/sign-in-" in text
    assert is_right(repo)


def test_as_somebody_worded_it_on_the_branch(repo, capsys):
    branch = suggested(repo, bringing(after_step()))
    git(repo, "checkout", "-q", branch)
    text = (repo / PAGE).read_text("utf-8").replace("允許存取", "准許")
    commit(repo, {PAGE: text})
    git(repo, "checkout", "-q", "main")
    assert ms(repo, "review", "accept", "--as-edited", "ENV-2026-0001-1") == 0, capsys.readouterr()
    assert show(repo, f"main:{PAGE}").decode() == text
    assert len(images(repo, "main")) == 1
    assert is_right(repo)


def test_shown_and_listed(repo, capsys):
    suggested(repo, bringing(after_step()))
    capsys.readouterr()
    assert ms(repo, "review", "show", "ENV-2026-0001-1") == 0
    assert "60 × 40" in capsys.readouterr().out
    out = repo.parent / "review.html"
    assert ms(repo, "review", "show", "ENV-2026-0001-1", "--rendered", str(out)) == 0
    assert 'src="data:image/png;base64,' in out.read_text("utf-8")


@pytest.mark.parametrize("bare", [False, True])
def test_somebody_elses_layout_and_a_bare_clone(tmp_path, bare, capsys):
    settings = (
        "[tool.manualsmith]\nprotect_main = true\n"
        "[tool.manualsmith.manuals.guide]\nkind = 'operation'\nfolder = 'docs/guide'\n"
    )
    text = PAGES[PAGE]
    repo = make_repo(tmp_path, {"pyproject.toml": settings, "docs/guide/a/sign-in.md": text})
    file = with_shot(repo, bringing(after_step(), 1, "a/sign-in.md", "guide"))
    assert ms(repo, "suggest", str(file)) == 0, capsys.readouterr()
    name = named(taken(shot(), "").data)
    if bare:
        git(tmp_path, "clone", "-q", "--mirror", "repo", "bare.git")
        repo = tmp_path / "bare.git"
    branch = "suggest/O1.2.1-guide/ENV-2026-0001-1"
    assert (
        f"](../images/sign-in-{name})" in show(repo, f"{branch}:docs/guide/a/sign-in.md").decode()
    )
    assert [*images(repo, branch, "docs/guide")] == [f"sign-in-{name}"]
    assert is_right(repo)
    if not bare:
        file.unlink()
        (file.parent / "shot.png").unlink()
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    assert [*images(repo, "main", "docs/guide")] == [f"sign-in-{name}"]
    assert is_right(repo)


def test_where_its_page_has_moved_it_is_where_it_was(repo):
    suggested(repo, bringing(after_step()))
    move = "{action: move-page, to: account/first/sign-in.md}"
    suggested(repo, bringing(move), number=2)
    assert ms(repo, "review", "accept", "ENV-2026-0002-1") == 0
    assert ms(repo, "review", "refresh", "ENV-2026-0001-1") == 0
    assert is_right(repo)
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    [name] = images(repo, "main")
    text = show(repo, "main:manuals/operation/account/first/sign-in.md").decode()
    assert f"](../../images/{name})" in text
    assert is_right(repo)


def test_amended_by_its_author_it_stays(repo):
    branch = suggested(repo, bringing(after_step()))
    before = images(repo, branch)
    assert ms(repo, "review", "amend", "ENV-2026-0001-1", "--text", "請按「允許」。") == 0
    assert images(repo, branch) == before
    assert "請按「允許」。\n\n    ![登入畫面]" in show(repo, f"{branch}:{PAGE}").decode()
    assert is_right(repo)
