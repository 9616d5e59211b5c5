"""The environment that the settings bind to a page, on the page as readers see it."""

import re

from desks import ms
from small_site import PAGES, run, write_site

BOUND = """\
[tool.manualsmith.manuals.operation]
[[tool.manualsmith.manuals.operation.facts]]
pages = ["webdav.md"]
software = { server.version = "28" }
[[tool.manualsmith.manuals.operation.facts]]
pages = ["web-sign-in.md"]
software = { server.version = "2", "browser.engine" = "Gecko" }
[tool.manualsmith.manuals.troubleshooting]
"""


def cells(html: str) -> list[str]:
    return re.findall("<td>(.*?)</td>", html)


def test_readers_see_it_and_the_next_build_what_changed(tmp_path):
    site = write_site(tmp_path / "repository", {**PAGES, "pyproject.toml": BOUND})
    assert run(["git", "init", "--quiet"], site.root).returncode == 0
    done = site.build()
    assert done.returncode == 0, done.stderr
    dav = "manuals/operation/webdav/"
    assert cells(site.html(dav)) == ["伺服器版本", "28"]
    assert cells(site.html("manuals/operation/web-sign-in/")) == [
        "伺服器版本", "3.10", "browser.engine", "Gecko",
        "瀏覽器", "Firefox &amp; Safari", "operator.role", "一般使用者",
    ]  # fmt: skip
    assert cells(site.html("manuals/operation/about/")) == []

    (site.root / "pyproject.toml").write_text(BOUND.replace('"28"', '"29"'), "utf-8")
    assert site.build().returncode == 0
    assert cells(site.html(dav)) == ["伺服器版本", "29"]

    out = tmp_path / "plain"
    assert ms(site.root, "pages", "--out", str(out)) == 0
    text = (out / "docs/manuals/operation/webdav.md").read_text("utf-8")
    assert "| 軟體 | 伺服器版本 | 29 |" in text
