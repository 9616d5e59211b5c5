"""What a kept page warns of is said again, and what it did not find is looked for again."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import forking
from manualsmith.site.build import parallel
from serving import free_port, shows, until
from small_site import PAGES, Site, files, run, write_site

FOLDER = Path("manuals/operation")
# Each kind of warning that MkDocs has for a link.
KINDS = {
    "dead-link": "[字]({}.md)",
    "dead-anchor": "[字]({}.md#lost)",
    "absolute": "[字](/{}.md) [字](/manuals/operation/{}.md)",
    "unrecognised": "[字]({}) [字]({}/)",
    "image": "![字]({}.md) ![字]({}.png)",
}
FOUND = "# 找到了\n\n## 一節 {#lost}\n"
# How a link's target comes to be: what is there before, under which name, and after.
FIXES: dict[str, tuple[Callable[[Path], object], Callable[[Path], object]]] = {
    "made": (lambda _: None, lambda to: to.write_text(FOUND, "utf-8")),
    "renamed": (
        lambda to: to.with_name(f"was-{to.name}").write_text(FOUND, "utf-8"),
        lambda to: to.with_name(f"was-{to.name}").rename(to),
    ),
    "anchor-added": (
        lambda to: to.write_text("# 找到了\n", "utf-8"),
        lambda to: to.write_text(FOUND, "utf-8"),
    ),
    "image": (
        lambda _: None,
        lambda to: to.with_suffix(".png").write_bytes(b"\x89PNG"),
    ),
}
FAULTS = [(kind, fix) for kind in KINDS for fix in FIXES]
SEVERAL = 2  # so many of each, and there are pages enough for several processes


def target(site: Site, kind: str, fix: str, number: int) -> Path:
    return site.root / FOLDER / f"to-{kind}-{fix}-{number}.md"


def faulty(root: Path, times: int) -> Site:
    """Return a site where each kind of link leads nowhere, *times* for each way to mend it."""
    site = write_site(root, PAGES)
    assert run(["git", "init", "--quiet"], site.root).returncode == 0
    for kind, fix in FAULTS:
        for number in range(times):
            to = target(site, kind, fix, number)
            FIXES[fix][0](to)
            page = site.root / FOLDER / f"from-{kind}-{fix}-{number}.md"
            page.write_text(f"# 頁\n\n{KINDS[kind].replace('{}', to.stem)}\n", "utf-8")
    return site


def quietly(site: Site) -> None:
    done = site.build("--quiet")
    assert (done.returncode, done.stderr) == (0, ""), "as plain MkDocs has it"


def leniently(site: Site) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "-d", str(site.out)]
    done = run(command, site.root)
    assert done.returncode == 0
    assert len(warnings(done)) >= len(FAULTS)


def serving(site: Site) -> None:
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "mkdocs", "serve", "--quiet", "-a", address]
    server = forking.Popen(command, cwd=site.root)
    try:
        assert until(lambda: shows(f"http://{address}/", "手冊"))
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


def warnings(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if not line.startswith("INFO")]


def check(site: Site) -> int:
    """Assert that a build that takes over says and makes what one does that cannot; return how
    much it warned of."""
    root = site.root.with_name("anew")
    shutil.copytree(site.root, root, ignore=shutil.ignore_patterns("manualsmith"))
    anew = Site(root, root.with_name("anew-site"))
    told = []
    for one in (site, anew):
        done = one.build()
        told.append((done.returncode, warnings(done)))
    assert told[0] == told[1]
    assert files(site.out) == files(anew.out)
    shutil.rmtree(root)
    return len(told[0][1])


@pytest.mark.parametrize(("first", "times"), [(quietly, SEVERAL), (leniently, 1), (serving, 1)])
def test_a_kept_page_is_as_one_that_is_made(
    tmp_path: Path, first: Callable[[Site], None], times: int
) -> None:
    site = faulty(tmp_path / "repository", times)
    pages = sum(1 for _ in site.root.rglob("*.md"))
    assert (pages >= parallel._WORTH_IT) == (times == SEVERAL)
    first(site)
    before = check(site)
    assert before >= len(FAULTS) * times
    for kind, fix in FAULTS:
        for number in range(times):
            FIXES[fix][1](target(site, kind, fix, number))
    mended = check(site)
    assert 0 < mended < before
    page = site.html("manuals/operation/from-dead-link-made-0/")
    assert "to-dead-link-made-0.md" not in page
    for kind, fix in FAULTS if first is quietly else ():
        to = target(site, kind, fix, 0)
        to.unlink(missing_ok=True)
        FIXES[fix][0](to)
    assert first is not quietly or check(site) > mended
