"""Public documentations of six builders and languages, taken as they lie.

    python benchmarks/adopting.py                   # clones them into a scratch folder
    python benchmarks/adopting.py --from FOLDER     # from clones there, named owner+name
    python benchmarks/adopting.py --only mkdocs --edits 200
    python benchmarks/adopting.py --builders FOLDER # with the HTML of their own builders

It needs ``pip install cmarkgfm``, and lxml, which the extra ``office`` brings.

Each is exported into a new repository where a few lines of settings say where its pages are; the
engine reads a site of MkDocs' kind with the site's own settings, less what is not installed
(``without``). Then:

- read: how many of its pages the engine reads, and in what time;
- as shown: pages of which the engine reads headings, steps and tables as their HTML has them, each
  under its heading. With ``--builders`` that is what the documentation's own builder makes; for
  pages that it does not show, and without, it is Python-Markdown's, and cmark's for the others;
- told: pages where all that differs is refused by the engine when it is to be edited;
- edits: drawn at random over its pages' HTML, until a thousand are made. Right are those after
  which the HTML (of Python-Markdown or cmark) has what was meant at the place that was meant, and
  all else as before;
- site: MkDocs builds it with our plugin and without; both times, and whether all of its pages are
  there under the same addresses.

Not compared: lists of points (the engine counts numbered ones alone), lists within those, what a
page takes in from elsewhere, and how pages look.
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adopting_builders import pages_of
from adopting_compared import Compared
from adopting_edits import draw
from adopting_shown import read_shown

from manualsmith.git.blobs import BlobReader
from manualsmith.layout import MANUALS
from manualsmith.markdown.apply_edit import parse_edit, resolve
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page
from manualsmith.workflow.workspace.open_workspace import open_workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot


@dataclass(frozen=True)
class Documentation:
    """A public documentation: its repository, builder, language, and the folder of its pages."""

    name: str
    source: str
    builder: str
    language: str
    folder: str
    site: str = ""  # MkDocs' settings
    without: tuple[str, ...] = ()  # extensions of its Markdown that are not installed here


ALL = [
    Documentation(
        "mkdocs",
        "mkdocs/mkdocs",
        "MkDocs",
        "en",
        "docs",
        "mkdocs.yml",
        ("callouts", "mkdocs-click", "mdx_gh_links", "user: mkdocs", "repo: mkdocs"),
    ),
    Documentation(
        "OI-wiki",
        "OI-wiki/OI-wiki",
        "MkDocs",
        "zh-CN",
        "docs",
        "mkdocs.yml",
        (
            "document-offsets-injection",
            "slugify:",
            "custom_fences:",
            "- name: math",
            "class: arith",
            "format: !!",
        ),
    ),
    Documentation(
        "FastAPI",
        "fastapi/fastapi",
        "Zensical",
        "en",
        "docs/en/docs",
        "docs/en/mkdocs.yml",
        ("zensical.extensions.macros", "mdx_include", "markdown_include_variants"),
    ),
    Documentation("Vue", "vuejs-translations/docs-zh-cn", "VitePress", "zh-CN", "src"),
    Documentation("APISIX", "apache/apisix", "Docusaurus", "zh-CN", "docs/zh/latest"),
    Documentation("Hugo", "gohugoio/hugoDocs", "Hugo", "en", "content/en"),
]
LAYOUT = """[tool.manualsmith]
markdown = "{}"
[tool.manualsmith.folders]
site = "{}"
[tool.manualsmith.manuals.guide]
folder = "{}"
kind = "operation"
language = "{}"
"""
HEADS = ("documentation", "builder", "language", "pages read", "in", "as shown", "others as shown",
         "told", "lists", "tables", "edits right", "refused", "each", "site", "with ours",
         "addresses")  # fmt: skip
_OWN_ID = re.compile(r"\s*\{\s*#[^{}]*\}\s*(?=</h[1-6]>)")
SITE = """site_name: adopted
docs_dir: {}
theme: {{name: material, features: [navigation.prune]}}
plugins: [{}search]
"""


def run(folder: Path, *command: str) -> str:
    """Run a command and return what it prints."""
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return done.stdout


def adopt(one: Documentation, clone: Path, folder: Path) -> None:
    """Export a clone's pages and settings into a new repository at *folder*, and say where."""
    folder.mkdir(parents=True)
    wanted = [part for part in (one.folder, one.site) if part]
    archive = subprocess.Popen(["git", "archive", "HEAD", *wanted], cwd=clone,
                               stdout=subprocess.PIPE)  # fmt: skip
    subprocess.run(["tar", "-x", "-C", str(folder)], stdin=archive.stdout, check=True)
    archive.wait()
    if one.without:
        site = folder / one.site
        lines = site.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not any(name in line for name in one.without)]
        if not any("attr_list" in line for line in kept):  # as docs/adopt.en.md says
            kept.insert(kept.index("markdown_extensions:\n") + 1, "  - attr_list\n")
        site.write_text("".join(kept), "utf-8")
    markdown = "mkdocs" if one.site else "commonmark"
    settings = LAYOUT.format(markdown, one.site or "mkdocs.yml", one.folder, one.language)
    (folder / "pyproject.toml").write_text(settings, "utf-8")
    run(folder, "git", "init", "-q", "-b", "main")
    run(folder, "git", "add", "-A", "-f")
    run(folder, "git", "-c", "user.name=x", "-c", "user.email=x@example.invalid", "commit", "-qm",
        "Adopt")  # fmt: skip


@dataclass(frozen=True)
class Adopted:
    """A documentation as the engine reads it: its pages by their paths, and in how many seconds."""

    one: Documentation
    pages: Mapping[str, Page]
    files: int
    took: float

    def html(self, page: Page) -> str:
        """Return a page's HTML by a Markdown that is not the engine's. Raises NotRendered."""
        body = page.text[page.body.start :]
        return page.dialect.convert(body, raw=True) if self.one.site else by_cmark(body)


def by_cmark(body: str) -> str:
    """Return the HTML of CommonMark with GitHub's tables, and ids off the ends of headings."""
    try:
        from cmarkgfm import github_flavored_markdown_to_html
        from cmarkgfm.cmark import Options
    except ImportError:
        raise SystemExit("pip install cmarkgfm") from None
    html = github_flavored_markdown_to_html(body, Options.CMARK_OPT_UNSAFE)
    return _OWN_ID.sub("", html)


def read(one: Documentation, folder: Path) -> Adopted:
    """Return the pages of the documentation that was adopted at *folder*."""
    workspace = open_workspace(folder)
    start = time.perf_counter()
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        dialect, texts = snapshot.dialect, list(snapshot.texts(MANUALS["guide"]))
        files = len(snapshot.page_files(MANUALS["guide"]))
    pages = {str(blob.page): Page(blob.text, dialect) for blob in texts}
    for page in pages.values():
        _ = page.sections
    return Adopted(one, pages, files, time.perf_counter() - start)


def compare(adopted: Adopted, site: Mapping[str, str]) -> list[str]:
    """Return cells: how many pages are read as shown, of the site's own HTML and of others."""
    right, count, told = Counter[bool](), Counter[bool](), 0
    lists = tables = 0
    for name, page in adopted.pages.items():
        shown = read_shown(site[name] if name in site else adopted.html(page))
        lists += sum(len(one.lists) for one in shown)
        tables += sum(len(one.tables) for one in shown)
        found = Compared(page, shown).differences()
        count[name in site] += 1
        right[name in site] += not found
        told += bool(found) and all(one.told for one in found)
        for one in found:
            print("  ", name, one.kind, "told" if one.told else "", one.where, file=sys.stderr)
    cells = [f"{right[own]}/{count[own]}" for own in (True, False)]
    return [*cells, str(told), str(lists), str(tables)]


def edit(adopted: Adopted, wanted: int) -> list[str]:
    """Return cells: how many edits were right, how many refused, and the time of each in ms."""
    dice = random.Random(adopted.one.name)
    refused, made, right, took = Counter[str](), 0, 0, 0.0
    while made < wanted and sum(refused.values()) < 4 * wanted:
        name, page = dice.choice([*adopted.pages.items()])
        before = read_shown(adopted.html(page))
        for drawn in draw(before, dice):
            start = time.perf_counter()
            try:
                after = resolve(page.text, parse_edit(drawn.edit), dialect=page.dialect).text
            except TargetLost as error:
                refused[error.reason] += 1
                continue
            finally:
                took += time.perf_counter() - start
            made += 1
            good = drawn.is_right(before, read_shown(adopted.html(Page(after, page.dialect))))
            right += good
            if not good:
                print("  ", name, drawn.edit, file=sys.stderr)
    told = ", ".join(f"{reason} {count}" for reason, count in refused.most_common())
    each = 1000 * took / max(1, made + sum(refused.values()))
    return [f"{right}/{made}", told, f"{each:.0f} ms"]


def measure(one: Documentation, scratch: Path, clone: Path, asked: argparse.Namespace) -> list[str]:
    """Return a row of the table."""
    adopt(one, clone, scratch / "adopted")
    adopted = read(one, scratch / "adopted")
    site = pages_of(one.name, clone, scratch, asked.builders) if asked.builders else {}
    compared, edited = compare(adopted, site), edit(adopted, asked.edits)
    plain, ours, same = build(one, scratch / "adopted")
    return [one.name, one.builder, one.language, f"{len(adopted.pages)}/{adopted.files}",
            f"{adopted.took:.1f} s", *compared, *edited, f"{plain:.1f} s", f"{ours:.1f} s",
            same]  # fmt: skip


def build(one: Documentation, folder: Path) -> tuple[float, float, str]:
    """Return how long MkDocs takes without our plugin and with it, and what became of the pages."""
    took, made = [], []
    for number, plugin in enumerate(("", "manualsmith, ")):
        site = SITE.format(one.folder, plugin)
        (folder / "adopted.yml").write_text(site, "utf-8")
        out = folder.parent / f"site-{number}"
        start = time.perf_counter()
        run(folder, sys.executable, "-m", "mkdocs", "build", "-q", "-f", "adopted.yml",
            "-d", str(out))  # fmt: skip
        took.append(time.perf_counter() - start)
        made.append({p.relative_to(out).as_posix() for p in out.rglob("*.html")})
    same = "same" if made[0] == made[1] else f"{len(made[0] ^ made[1])} other"
    return took[0], took[1], same


def main() -> None:
    """Print the table, row by row."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--from", dest="source", type=Path, help="a folder of clones")
    parser.add_argument("--builders", type=Path, help="where adopting_builders.py installed them")
    parser.add_argument("--only", action="append", default=[], help="these alone")
    parser.add_argument("--edits", type=int, default=1000, help="how many edits of each")
    asked = parser.parse_args()
    print("| " + " | ".join(HEADS) + " |\n|" + "---|" * len(HEADS))
    for one in ALL:
        if asked.only and one.name not in asked.only:
            continue
        with tempfile.TemporaryDirectory() as name:
            scratch = Path(name)
            row = measure(one, scratch, clone_of(one, scratch, asked.source), asked)
            print("| " + " | ".join(row) + " |", flush=True)


def clone_of(one: Documentation, scratch: Path, source: Path | None) -> Path:
    """Return where the documentation's clone is; without *source* it is made in *scratch*."""
    if source:
        return source / one.source.replace("/", "+") / "repo"
    run(scratch, "git", "clone", "-q", "--depth", "1",
        f"https://github.com/{one.source}", str(scratch / "clone"))  # fmt: skip
    return scratch / "clone"


if __name__ == "__main__":
    main()
