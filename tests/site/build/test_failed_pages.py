"""No page's text stops a build: odd pages through a real one, and once more from what it kept.

``MANUALSMITH_ODD_PAGES=3000`` takes that many for each site, HYPOTHESIS_PROFILE=fuzz other ones.
"""

import os
import re
import sys
from pathlib import Path
from random import Random, SystemRandom

import pytest

from odd_pages import odd_page
from small_site import Site, files, run, write_site

PAGES = int(os.environ.get("MANUALSMITH_ODD_PAGES", "80"))
AT_ONCE = 400
MORE = """
abbr def_list footnotes md_in_html sane_lists smarty nl2br pymdownx.arithmatex pymdownx.betterem
pymdownx.caret pymdownx.critic pymdownx.emoji pymdownx.highlight pymdownx.inlinehilite pymdownx.keys
pymdownx.mark pymdownx.smartsymbols pymdownx.tasklist pymdownx.tilde pymdownx.blocks.admonition
pymdownx.blocks.details pymdownx.blocks.tab pymdownx.blocks.html pymdownx.blocks.caption
"""


def build(site: Site) -> str:
    """Build without ``--strict``, as odd links are warned of; return what was said."""
    done = run([sys.executable, "-m", "mkdocs", "build", "-d", str(site.out)], site.root)
    faults = re.findall(r"ERROR.*", done.stderr)
    assert (done.returncode, faults) == (0, []), done.stderr[-3000:]
    return "\n".join(line for line in done.stderr.splitlines() if not line.startswith("INFO"))


def with_pages(root: Path, pages: list[str], extensions: str = "") -> Site:
    named = {f"manuals/operation/page-{number}.md": page for number, page in enumerate(pages)}
    site = write_site(root)
    for path, text in named.items():
        (root / path).write_bytes(text.encode())
    settings = root / "mkdocs.yml"
    more = "".join(f"  - {name}\n" for name in extensions.split())
    own = settings.read_text("utf-8")
    settings.write_text(own.replace("  - tables\n", f"  - tables\n{more}"), "utf-8")
    assert run(["git", "init", "--quiet"], root).returncode == 0
    return site


@pytest.mark.parametrize("extensions", ["", MORE], ids=["own", "more"])
def test_no_page_stops_a_build(tmp_path: Path, extensions: str) -> None:
    fuzz = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
    seed = SystemRandom().randrange(10**9) if fuzz else 14
    random = Random(f"{seed} {extensions}")
    for number in range(0, PAGES, AT_ONCE):
        pages = [odd_page(random) for _ in range(min(AT_ONCE, PAGES - number))]
        site = with_pages(tmp_path / f"repository-{number}", pages, extensions)
        said = build(site)
        made = files(site.out)
        assert build(site) == said, "what is kept is told of as what is made"
        assert files(site.out) == made


ODD = {
    "placeholder": "1. 開啟 `https://cloud/<tenant id>/`\n",
    "indented": "    https://cloud/<tenant id>/\n",
    "text": "<tenant id>\n\n<p id>\n",
    "front-matter-keys": "---\n1: 2\ntitle: 題\n2026-01-01: 3\n---\n# 題\n",
    "surrogate": '---\ntitle: "\\ud800"\n---\n# 題\n',
    "itself": "---\ntitle: 題\na: &b [*b]\n---\n# 題\n",
    "theme": "---\nhide: 3\nicon: 登入\nsearch: 3\ntemplate: 無\nstatus: [a]\n---\n# 題\n",
    "boost": "---\nsearch: {boost: .nan}\norder: .nan\n---\n# 題\n",
    "address": "# 題\n\n[往](http://[server]/)\n",
    "section": "# 題\n\n<![a b\n",
    "deep": f"{'> ' * 300}字\n",
}


def test_each_is_told_and_its_text_is_shown(tmp_path: Path) -> None:
    site = with_pages(tmp_path / "repository", list(ODD.values()))
    said = build(site)
    paths = dict(zip(ODD, (f"manuals/operation/page-{n}" for n in range(len(ODD))), strict=True))
    told = {name for name, path in paths.items() if f"{path}.md" in said}
    odd = {"theme", "boost", "address", "section", "surrogate", "itself"}
    assert told == odd, said
    assert "[往](http://[server]/)" in site.html(f"{paths['address']}/")
    assert "&lt;![a b" in site.html(f"{paths['section']}/")
    assert "https://cloud/&lt;tenant id&gt;/" in site.html(f"{paths['placeholder']}/")
    index = (site.out / "search/search_index.json").read_text("utf-8")
    assert "NaN" not in index
