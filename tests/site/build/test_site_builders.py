"""The same manuals by other builders: a way on for when MkDocs is no more."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from manualsmith.cli.group import run
from small_site import Tags

GENERATOR = re.compile(r'<meta name="generator"[^>]*>')


def build(module: str, folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", module, "build", "--strict", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_properdocs_builds_the_same_site(own_site: Path, tmp_path: Path) -> None:
    out = tmp_path / "properdocs"
    build("properdocs", ROOT, "-f", "mkdocs.yml", "-d", str(out))
    pages = sorted(path.relative_to(own_site) for path in own_site.rglob("*.html"))
    assert len(pages) > 15
    assert pages == sorted(path.relative_to(out) for path in out.rglob("*.html"))
    for page in pages:
        theirs, ours = ((folder / page).read_text("utf-8") for folder in (out, own_site))
        assert GENERATOR.sub("", theirs) == GENERATOR.sub("", ours), page
    index = "search/search_index.json"
    assert (out / index).read_bytes() == (own_site / index).read_bytes()


@pytest.fixture(scope="module")
def zensical(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zensical") / "pages"
    assert run(["-C", str(ROOT), "pages", "--out", str(folder)]) == 0
    build("zensical", folder)
    return folder / "site"


def test_zensical_builds_the_pages_that_we_lay_out(own_site: Path, zensical: Path) -> None:
    for page in own_site.glob("manuals/**/*.html"):
        path = page.relative_to(own_site)
        ours, theirs = page.read_text("utf-8"), (zensical / path).read_text("utf-8")
        headings = re.findall(r"<h[1-6] id=\"([^\"]+)\"", ours)
        assert headings
        assert re.findall(r"<h[1-6] id=\"([^\"]+)\"", theirs) == headings, path
        links = {href for href in Tags(article(theirs)).values("href", "a") if "://" not in href}
        for href in links:
            target = (zensical / path).parent / href.partition("#")[0]
            assert (target / "index.html" if target.is_dir() else target).is_file(), href


def test_what_the_plugin_shows_stands_in_the_text(zensical: Path) -> None:
    page = article((zensical / "manuals/operation/mobile/index.html").read_text("utf-8"))
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "本頁適用的環境" in text
    assert "軟體 Android App 3.30" in text
    assert "最近修改" in text
    assert "最近照著做，確認無誤" in text


def article(html: str) -> str:
    return html[html.index("<article") :].partition("</article>")[0]


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path, capsys) -> None:
    (tmp_path / "thesis.txt").write_text("三年", "utf-8")
    assert run(["-C", str(ROOT), "pages", "--out", str(tmp_path)]) == 1
    assert "not empty" in capsys.readouterr().err
    assert run(["-C", str(tmp_path), "pages", "--out", str(tmp_path / "x")]) == 1
    assert not (tmp_path / "x").exists()
