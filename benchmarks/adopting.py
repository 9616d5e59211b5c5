"""Public documentations of six builders and languages, taken as they lie.

    python benchmarks/adopting.py                   # clones them into a scratch folder
    python benchmarks/adopting.py --from FOLDER     # from clones there, named owner+name
    python benchmarks/adopting.py --only mkdocs --edits 200

Each is exported into a new repository where two lines of settings say where its pages are. Then:

- read: how many of its pages the engine reads, and in what time;
- as shown: pages whose headings the engine reads as the HTML has them: that of MkDocs' Markdown
  with the documentation's own settings where they lie at its root and what they name is installed
  (mkdocs, less three extensions), with ours elsewhere, of CommonMark for the other builders; steps
  and tables are not compared;
- edits: drawn at random over its pages; how many are made, and of those how many change that HTML,
  read in another way than the engine does, in one place alone (wanted: all). It is not looked at
  whether that is the place that was meant;
- site: MkDocs builds it with our plugin and without; both times, and whether all of its pages are
  there under the same addresses.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import MANUALS
from manualsmith.markdown.action_table import EDIT_ADAPTER
from manualsmith.markdown.apply_edit import resolve
from manualsmith.markdown.dialect import Dialect, NotRendered
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page
from manualsmith.workflow.workspace.open_workspace import open_workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot
from seen import seen


@dataclass(frozen=True)
class Documentation:
    """A public documentation: its repository, builder, language, and the folder of its pages."""

    name: str
    source: str
    builder: str
    language: str
    folder: str
    without: tuple[str, ...] = ()  # extensions of its Markdown that are not installed here


ALL = [
    Documentation(
        "mkdocs",
        "mkdocs/mkdocs",
        "MkDocs",
        "en",
        "docs",
        ("callouts", "mkdocs-click", "mdx_gh_links", "user: mkdocs", "repo: mkdocs"),
    ),
    Documentation("OI-wiki", "OI-wiki/OI-wiki", "MkDocs", "zh-CN", "docs"),
    Documentation("FastAPI", "fastapi/fastapi", "MkDocs", "en", "docs/en/docs"),
    Documentation("Vue", "vuejs-translations/docs-zh-cn", "VitePress", "zh-CN", "src"),
    Documentation("APISIX", "apache/apisix", "Docusaurus", "zh-CN", "docs/zh/latest"),
    Documentation("Hugo", "gohugoio/hugoDocs", "Hugo", "en", "content/en"),
]
LAYOUT = """[tool.manualsmith]
markdown = "{}"
[tool.manualsmith.manuals.guide]
folder = "{}"
kind = "operation"
language = "{}"
"""
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
    wanted = [one.folder]
    if one.builder == "MkDocs" and run(clone, "git", "ls-tree", "HEAD", "mkdocs.yml"):
        wanted.append("mkdocs.yml")
    archive = subprocess.Popen(["git", "archive", "HEAD", *wanted], cwd=clone,
                               stdout=subprocess.PIPE)  # fmt: skip
    subprocess.run(["tar", "-x", "-C", str(folder)], stdin=archive.stdout, check=True)
    archive.wait()
    settings = folder / "mkdocs.yml"
    if one.without and settings.is_file():
        lines = settings.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not any(name in line for name in one.without)]
        settings.write_text("".join(kept), "utf-8")
    if one.name == "OI-wiki":  # its settings name functions of its own; Markdown alone is wanted
        (folder / "mkdocs.yml").unlink(missing_ok=True)
    markdown = "mkdocs" if one.builder == "MkDocs" else "commonmark"
    settings = LAYOUT.format(markdown, one.folder, one.language)
    (folder / "pyproject.toml").write_text(settings, "utf-8")
    run(folder, "git", "init", "-q", "-b", "main")
    run(folder, "git", "add", "-A", "-f")
    run(folder, "git", "-c", "user.name=x", "-c", "user.email=x@example.invalid", "commit", "-qm",
        "Adopt")  # fmt: skip


# A heading in one of these heads no section of the page.
INSIDE = ("li", "dd", "dt", "blockquote", "td", "th")
MADE = {"admonition", "tabbed-content", "tabbed-block", "tip", "note", "warning", "info", "danger"}


class Shown(HTMLParser):
    """The headings of a page's HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[tuple[int, str]] = []
        self._heading: list[str] | None = None
        self._open_blocks: list[tuple[str, bool]] = []
        self._dead = 0
        self.feed(html)
        self.close()

    @property
    def _inside(self) -> bool:
        return any(inside for _, inside in self._open_blocks)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element's start."""
        if tag in ("img", "br", "hr", "input", "wbr", "source"):
            return
        made = MADE & set((dict(attrs).get("class") or "").split())
        self._open_blocks.append((tag, tag in INSIDE or bool(made)))
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" and not self._inside:
            self._heading = []
        elif tag == "a" and "headerlink" in str(dict(attrs).get("class")):
            self._dead += 1

    def handle_endtag(self, tag: str) -> None:
        """Take an element's end, and of what was left open in it."""
        if tag in [name for name, _ in self._open_blocks]:
            while self._open_blocks.pop()[0] != tag:
                pass
        if tag == "a" and self._dead:
            self._dead -= 1
        elif len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" and self._heading is not None:
            self.headings.append((int(tag[1]), "".join("".join(self._heading).split())))
            self._heading = None

    def handle_data(self, data: str) -> None:
        """Take text."""
        if self._heading is not None and not self._dead:
            self._heading.append(data)


def differs(page: Page, html: str) -> str:
    """Return in what the engine reads a page otherwise than its HTML has it; empty for nothing."""
    own = [(one.level, "".join(one.title.split())) for one in page.sections]
    return "" if own == Shown(html).headings else "headings"


def body_of(page: Page) -> str:
    """Return a page without its front matter."""
    return page.text[page.body.start :]


def edits_of(page: Page, dice: random.Random) -> Iterator[dict[str, object]]:
    """Yield edits at places of a page, drawn at random."""
    words = [w for w in body_of(page).split() if len(w) > 3 and w.isalnum()]
    for word in dice.sample(words, min(3, len(words))):
        yield {"action": "replace-text", "quote": word, "text": word + "X"}
    sections = [one for one in page.sections if one.level > 1]
    for section in dice.sample(sections, min(2, len(sections))):
        target = {"section": list(section.path)}
        yield {"action": "rename-section", **target, "heading": "Renamed 改名"}
        yield {"action": "append-to-section", **target, "text": "One more paragraph. 多一段。"}
        for steps in page.lists(section)[:1]:
            yield {"action": "replace-step", **target, "step": 1, "text": "Another step. 另一步。"}
            yield {
                "action": "insert-step",
                **target,
                "step": len(steps.items),
                "text": "新的一步。",
            }


def changed_alone(before: str, after: str, dialect: Dialect, edit: dict[str, object]) -> bool:
    """Return whether two pages differ, as their HTML shows them, in one place alone."""
    old, new = seen(dialect.html(before)), seen(dialect.html(after))
    old, new = ([(k.split("#")[0], t) for k, t in one] for one in (old, new))
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    replaced = edit["action"] == "replace-step"  # all that a step holds goes with it
    return len(new) - end - start <= 2 and (replaced or len(old) - end - start <= 2)


def measure(one: Documentation, folder: Path, edits: int) -> list[str]:
    """Return a row of the table."""
    workspace = open_workspace(folder)
    start = time.perf_counter()
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        dialect, texts = snapshot.dialect, list(snapshot.texts(MANUALS["guide"]))
        files = len(snapshot.page_files(MANUALS["guide"]))
    pages = [Page(blob.text, dialect) for blob in texts]
    for page in pages:
        _ = page.sections
    took = time.perf_counter() - start
    found: Counter[str] = Counter()
    odd = []
    for blob, page in zip(texts, pages, strict=True):
        try:
            said = differs(page, dialect.html(body_of(page)))
        except NotRendered:
            said = "not rendered"
        found[said] += 1
        if said:
            odd.append(f"{said}: {blob.page}")
    dice, made, right, refused = random.Random(one.name), 0, 0, Counter[str]()
    wrong = []
    order = [*zip(texts, pages, strict=True)]
    while made + sum(refused.values()) < edits and order:
        blob, page = dice.choice(order)
        for edit in edits_of(page, dice):
            try:
                wanted = EDIT_ADAPTER.validate_python(edit)
                after = resolve(page.text, wanted, dialect=dialect).text
            except TargetLost as error:
                refused[error.reason] += 1
                continue
            except UserError:
                refused["input"] += 1
                continue
            made += 1
            start_of = page.body.start
            good = changed_alone(page.text[start_of:], Page(after).text[start_of:], dialect, edit)
            right += good
            if not good:
                wrong.append(f"{blob.page}: {edit}")
    for line in (odd + wrong)[:12]:
        print("  ", line, file=sys.stderr)
    plain, ours, same = build(one, folder)
    return [one.name, one.builder, one.language, f"{len(texts)}/{files}", f"{took:.1f} s",
            f"{found['']}/{len(pages)}", f"{right}/{made}", str(dict(refused)), f"{plain:.1f} s",
            f"{ours:.1f} s", same]  # fmt: skip


def build(one: Documentation, folder: Path) -> tuple[float, float, str]:
    """Return how long MkDocs takes without our plugin and with it, and what became of the pages."""
    took, made = [], []
    for number, plugin in enumerate(("", "manualsmith, ")):
        site = SITE.format(one.folder, plugin)
        (folder / "adopted.yml").write_text(site, "utf-8")
        out = folder.parent / f"site-{number}"
        start = time.perf_counter()
        run(
            folder,
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "-q",
            "-f",
            "adopted.yml",
            "-d",
            str(out),
        )
        took.append(time.perf_counter() - start)
        made.append({p.relative_to(out).as_posix() for p in out.rglob("*.html")})
    same = "same" if made[0] == made[1] else f"{len(made[0] ^ made[1])} other"
    return took[0], took[1], same


def main() -> None:
    """Print the table, row by row."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--from", dest="source", type=Path, help="a folder of clones")
    parser.add_argument("--only", action="append", default=[], help="these alone")
    parser.add_argument("--edits", type=int, default=1000, help="how many edits of each")
    asked = parser.parse_args()
    heads = ["documentation", "builder", "language", "pages read", "in", "read as shown",
             "edits right", "refused", "site", "with ours", "addresses"]  # fmt: skip
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for one in ALL:
        if asked.only and one.name not in asked.only:
            continue
        with tempfile.TemporaryDirectory() as name:
            scratch = Path(name)
            clone = scratch / "clone"
            if asked.source:
                clone = asked.source / one.source.replace("/", "+") / "repo"
            else:
                run(scratch, "git", "clone", "-q", "--depth", "1",
                    f"https://github.com/{one.source}", str(clone))  # fmt: skip
            adopt(one, clone, scratch / "adopted")
            print(
                "| " + " | ".join(measure(one, scratch / "adopted", asked.edits)) + " |", flush=True
            )


if __name__ == "__main__":
    main()
