"""``manualsmith preview``: real builds of a real repository, and what they leave alone."""

import json
import re
import signal
import subprocess
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import unquote
from urllib.request import ProxyHandler, build_opener

import pytest

import forking
from gitrepo import commit, git, make_bare, make_repo, refs
from manuals import ENTRY, FACT, PAGES, STEP, write
from manualsmith.cli.group import run
from manualsmith.records.pictures import taken
from manualsmith.site.build_commit import build_preview
from manualsmith.workflow.queue.preview_suggestions import preview as preview_of
from manualsmith.workflow.workspace.changed_page import ChangedPage
from manualsmith.workflow.workspace.open_workspace import open_workspace
from shots import after_step, bringing, shot

STEP_ID, ENTRY_ID = "ENV-2026-0001-1", "ENV-2026-0001-2"
NEW = """- id: 3
    summary: 新的一頁
    manual: operation
    page: vpn.md
    reason: 手冊沒有
    edit: {action: add-page, title: 用 VPN, text: "先連上 VPN，再[登入](sign-in.md)。"}
"""
SETTINGS = (Path(__file__).parents[2] / "mkdocs.yml").read_text("utf-8")
SITE = {
    "mkdocs.yml": SETTINGS,
    "docs/index.md": "# 首頁\n\n[登入](../manuals/operation/sign-in.md)\n",
}
SIGN_IN = "manuals/operation/sign-in/index.html"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    repo = make_repo(tmp_path, {**PAGES, **SITE})
    write(repo, findings=(STEP, ENTRY, NEW), facts=FACT)
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    return repo


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def preview(repo: Path, *arguments: str | Path) -> int:
    return run(["-C", str(repo), "preview", *map(str, arguments)])


def test_what_changes_is_marked_and_every_page_says_so(repo: Path, out: Path, capsys) -> None:
    before = refs(repo), git(repo, "status", "--porcelain"), git(repo, "worktree", "list")
    assert preview(repo, STEP_ID, "--out", out) == 0
    assert (refs(repo), git(repo, "status", "--porcelain"), git(repo, "worktree", "list")) == before
    page = (out / SIGN_IN).read_text("utf-8")
    assert "<ins>「允許存取」</ins>" in page
    assert "<del>登入</del>" in page
    assert f"本頁標出 {STEP_ID} 建議修改的內容" in page
    other = (out / "manuals/troubleshooting/sync/index.html").read_text("utf-8")
    assert f"含 {STEP_ID} 建議修改的內容" in other
    assert "ms-changed" not in other
    listed = (out / "preview/index.html").read_text("utf-8")
    assert "改用瀏覽器" in listed
    assert 'href="../manuals/operation/sign-in/"' in listed
    assert "manuals/operation/sign-in.md  manuals/operation/sign-in/" in capsys.readouterr().out


def test_several_are_shown_together(repo: Path, out: Path, capsys) -> None:
    version = "ENV-2026-0001-operation-client.version"
    assert preview(repo, STEP_ID, version, "ENV-2026-0001-3", "--out", out, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["suggestions"] == [STEP_ID, version, "ENV-2026-0001-3"]
    assert told["pages"]["manuals/operation/vpn.md"] == "manuals/operation/vpn/"
    page = (out / SIGN_IN).read_text("utf-8")
    assert "<ins>「允許存取」</ins>" in page
    assert "打開用戶端 <ins>3.16</ins>" in page
    new = (out / "manuals/operation/vpn/index.html").read_text("utf-8")
    assert "新的一頁" in new
    assert 'href="../sign-in/"' in new
    listed = text_of((out / "preview/index.html").read_text("utf-8"))
    assert "用 VPN manuals/operation/vpn.md 新的一頁" in listed


def test_the_page_is_as_accepting_would_leave_it(repo: Path, out: Path) -> None:
    assert preview(repo, STEP_ID, "--out", out) == 0
    assert run(["-C", str(repo), "review", "accept", STEP_ID]) == 0
    done = forking.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(out.parent / "after")],
        cwd=repo,
    )
    assert done.returncode == 0
    seen = (out / SIGN_IN).read_text("utf-8")
    seen = re.sub(r"<details class=\"ms-was\".*?</details>", "", seen, flags=re.DOTALL)
    seen = re.sub(r"<aside class=\"ms-preview\".*?</aside>\n?", "", seen)
    seen = re.sub(r"</?ins>|<div class=\"ms-changed\">|</div>", "", seen)
    after = (out.parent / "after" / SIGN_IN).read_text("utf-8").replace("</div>", "")
    # a preview is not kept on anybody's device
    after = re.sub(r"\s*<script src=\"[^\"]*/offline\.js\"></script>", "", after)
    assert unescape(seen).replace("\n", "") == unescape(after).replace("\n", "")


def test_local_changes_and_other_branches_are_not_in_it(repo: Path, out: Path) -> None:
    git(repo, "checkout", "-q", "-b", "work")
    commit(repo, {"manuals/operation/sign-in.md": "# 別的分支\n"})
    (repo / "manuals/operation/other.md").write_text("# 還沒提交\n", "utf-8")
    assert preview(repo, STEP_ID, "--out", out) == 0
    assert "<ins>「允許存取」</ins>" in (out / SIGN_IN).read_text("utf-8")
    assert not [page for page in out.rglob("*.html") if "還沒提交" in page.read_text("utf-8")]


def test_a_bare_repository_will_do(repo: Path, out: Path) -> None:
    assert preview(make_bare(repo), STEP_ID, "--out", out) == 0
    assert "<ins>「允許存取」</ins>" in (out / SIGN_IN).read_text("utf-8")


def test_main_says_it_already(repo: Path, out: Path, capsys) -> None:
    text = PAGES["manuals/operation/sign-in.md"].replace("按登入。", "按「允許存取」。")
    commit(repo, {"manuals/operation/sign-in.md": text})
    assert preview(repo, STEP_ID, "--out", out) == 0
    assert f"in the manual already: {STEP_ID}" in capsys.readouterr().out
    assert "ms-changed" not in (out / SIGN_IN).read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ENV-2026-0001-9"], "no suggestion ENV-2026-0001-9"),
        ([STEP_ID, "ENV-2026-0001-9"], "no suggestion ENV-2026-0001-9"),
    ],
)
def test_what_cannot_be_shown_is_told(repo, out, capsys, arguments, said) -> None:
    assert preview(repo, *arguments, "--out", out) == 1
    assert said in capsys.readouterr().err
    assert not (out / "index.html").exists()


def test_a_conflict_is_told_with_its_place(repo: Path, out: Path, capsys) -> None:
    commit(repo, {"manuals/operation/sign-in.md": "# 登入\n\n## 別的\n\n沒有步驟。\n"})
    assert preview(repo, STEP_ID, "--out", out) == 1
    assert "manuals/operation/sign-in.md" in capsys.readouterr().err


def test_a_decided_one_is_not_previewed(repo: Path, out: Path, capsys) -> None:
    assert run(["-C", str(repo), "review", "reject", STEP_ID, "--reason", "不必改"]) == 0
    assert preview(repo, STEP_ID, "--out", out) == 1
    assert "decided already" in capsys.readouterr().err


def test_a_folder_of_other_things_is_left_alone(repo: Path, out: Path, capsys) -> None:
    out.mkdir()
    (out / "thesis.txt").write_text("三年的工作", "utf-8")
    assert preview(repo, STEP_ID, "--out", out) == 1
    assert "would delete them" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("mkdocs.yml", None, "main has no mkdocs.yml"),
        (
            "mkdocs.yml",
            "site_name: x\nplugins: []\nmarkdown_extensions: [attr_list]\n",
            "does not name the plugin manualsmith",
        ),
        ("mkdocs.yml", "site_name: [\n", "mkdocs.yml:2:1: the site's settings cannot be read"),
    ],
)
def test_a_site_that_cannot_be_built(repo, out, capsys, path, text, said) -> None:
    commit(repo, {path: text})
    assert preview(repo, STEP_ID, "--out", out) == 1
    assert said in capsys.readouterr().err
    commit(repo, {path: SETTINGS})
    assert preview(repo, STEP_ID, "--out", out) == 0, "the folder is still known as ours"


@pytest.mark.parametrize(
    "page", ["[往](nowhere.md)", "[往](sign-in.md#nowhere)", "[往](http://[a])"]
)
def test_the_warning_that_stops_it_is_named(repo, out, capsys, caplog, page: str) -> None:
    path = "manuals/operation/faulty.md"
    warn = "validation: {links: {not_found: warn, anchors: warn}}\n"
    commit(repo, {"mkdocs.yml": f"{SETTINGS}\n{warn}", path: f"# 頁\n\n{page}\n"})
    assert preview(repo, STEP_ID, "--out", out) == 0
    assert [path in one.getMessage() for one in caplog.records] == [True], "told, and once"
    commit(repo, {"mkdocs.yml": f"{SETTINGS}\n{warn}strict: true\n"})
    assert preview(repo, STEP_ID, "--out", out) == 1
    told = capsys.readouterr().err
    assert "Aborted with 1 warnings in strict mode" in told
    assert path in told
    assert "bug" not in told


def test_nothing_that_a_suggestion_brings_runs(repo: Path, out: Path) -> None:
    commit(repo, {"mkdocs.yml": f"{SETTINGS}\nstrict: true\n"})
    workspace = open_workspace(repo)
    made = preview_of(workspace, [STEP_ID])
    [page] = made.pages
    dead = "[走](nowhere.md)\n"  # what is not there any more fails no build
    video = "\n<video controls></video>\n\n"
    bad = '<p onclick="alert(1)">點</p>\n\n<script>alert(2)</script>\n\n[x](javascript:alert(3))\n'
    pages = (
        ChangedPage(page.path, f"{page.before}{video}{dead}", f"{page.after}{video}{bad}"),
        ChangedPage("manuals/operation/brand-new.md", None, f"# 新\n\n{bad}"),
    )
    build_preview(workspace, replace(made, pages=pages), out)
    for path in (SIGN_IN, "manuals/operation/brand-new/index.html"):
        article = (out / path).read_text("utf-8").partition("<article")[2].partition("</article")[0]
        assert "點" in article
        assert "alert(" not in article
        assert "<video" in article or path != SIGN_IN, "what its author put there stays"


def test_wrong_usage(repo: Path) -> None:
    assert preview(repo) == 2
    assert preview(repo, STEP_ID, "--all") == 2
    assert preview(repo, STEP_ID, "--json") == 2


def test_all_is_a_page_for_each_with_what_to_type(repo: Path, out: Path) -> None:
    gone = "# 同步問題\n\n## 別的\n\n沒有步驟。\n"
    commit(repo, {"manuals/troubleshooting/sync.md": gone})
    assert preview(repo, "--all", "--out", out) == 0
    listed = (out / "index.html").read_text("utf-8")
    links = re.findall(r'<a href="([^"]+)">', listed)
    assert len(links) == 5
    pages = {name: (out / name).read_text("utf-8") for name in links}
    one = pages[f"{STEP_ID}.html"]
    assert "畫面不同" in one
    assert "<del>登入</del>" in one
    assert "<ins>「允許存取」</ins>" in one
    assert f"manualsmith review accept {STEP_ID}" in one
    assert f"manualsmith review reject {STEP_ID} --reason" in one
    assert 'href="index.html"' in one
    lost = pages[f"{ENTRY_ID}.html"]
    assert "conflict" in text_of(lost)
    assert re.search(r'<span class="remark">conflict</span>.*?' + ENTRY_ID, listed, re.DOTALL)


LINKED = """- id: 4
    summary: 補上連結
    manual: operation
    page: linked.md
    reason: 少了連結
    edit:
      action: add-page
      title: 其他
      text: "看 [同步](../troubleshooting/sync.md)、[這裡](#其他)、[外面](https://example.invalid/)。"
"""


def test_every_link_of_the_review_site_leads_somewhere(tmp_path: Path, out: Path) -> None:
    """Also those in the text that is compared, whose pages are not beside it."""
    home = "# 首頁\n\n[登入](operation/sign-in.md)\n\n[沒有](#nowhere)\n"
    pages = {path: f"{text}\n[首頁](../index.md)\n" for path, text in PAGES.items()}
    repo = make_repo(tmp_path, {**pages, "manuals/index.md": home, **SITE})
    write(repo, findings=(STEP, ENTRY, NEW, LINKED), facts=FACT)
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    assert preview(repo, "--all", "--out", out) == 0
    found = 0
    for file in out.glob("*.html"):
        text = file.read_text("utf-8")
        for link in map(unescape, re.findall(r'<a\b[^>]*\shref="([^"]*)"', text)):
            address, _, anchor = link.partition("#")
            found += 1
            if "://" in address:
                continue
            target = (out / address).read_text("utf-8") if address else text
            assert not anchor or f'id="{unquote(anchor)}"' in target, (file.name, link)
    assert found > 10
    linked = (out / "ENV-2026-0001-4.html").read_text("utf-8")
    assert '<a title="../troubleshooting/sync.md">' in linked, "it is told where it leads"
    assert 'href="https://example.invalid/"' in linked


def test_it_is_served_until_it_is_ended(repo: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "manualsmith", "-C", str(repo), "preview", STEP_ID, "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        lines = iter(server.stdout.readline, "")
        address = next(line for line in lines if "http://" in line).split()[-1]
        assert address.startswith("http://127.0.0.1:")
        with build_opener(ProxyHandler({})).open(f"{address}{SIGN_IN}", timeout=20) as answer:
            assert "<ins>「允許存取」</ins>" in answer.read().decode()
    finally:
        server.send_signal(signal.SIGINT)
        try:
            assert server.wait(60) == 0
        finally:
            server.kill()
            server.communicate()


HOOK = "from pathlib import Path\nPath({mark!r}).touch()\n"


def with_hook(repo, mark, name="hooks/own.py", text=HOOK):
    settings = f"{SETTINGS}\nhooks:\n  - {name}\n"
    commit(repo, {"mkdocs.yml": settings, name: text.format(mark=str(mark))})


def test_code_of_main_is_told_once_for_each_state(repo, out, tmp_path, caplog):
    with_hook(repo, tmp_path / "mark")
    told = "hooks/own.py"
    for again, said in (("first", True), ("second", False)):
        caplog.clear()
        assert preview(repo, STEP_ID, "--out", out / again) == 0
        assert (told in caplog.text) == said
    assert (tmp_path / "mark").exists()
    with_hook(repo, tmp_path / "other")
    caplog.clear()
    assert preview(repo, STEP_ID, "--out", out / "third") == 0
    assert told in caplog.text
    git(repo, "config", "manualsmith.trustCode", "true")
    with_hook(repo, tmp_path / "one more")
    caplog.clear()
    assert preview(repo, STEP_ID, "--out", out / "fourth") == 0
    assert told not in caplog.text


def test_code_of_a_branch_is_never_run(repo, out, tmp_path):
    mark = tmp_path / "mark"
    git(repo, "checkout", "-q", "-f", f"suggest/O1.2.1/{STEP_ID}")
    with_hook(repo, mark)
    git(repo, "checkout", "-q", "-f", "main")
    for arguments in ((STEP_ID, "--out", out / "one"), ("--all", "--out", out / "all")):
        preview(repo, *arguments)
    for command in (["review", "list"], ["review", "show", STEP_ID], ["verify", "--all"]):
        run(["-C", str(repo), *command])
    assert not mark.exists()


def test_code_of_main_is_told_before_pages_are_laid_out(repo, tmp_path, caplog):
    with_hook(repo, tmp_path / "mark")
    caplog.clear()
    assert run(["-C", str(repo), "pages", "--out", str(tmp_path / "pages")]) == 0
    assert "hooks/own.py" in caplog.text


@pytest.mark.parametrize("large", [False, True])
def test_a_picture_that_comes_with_a_page_is_in_the_site(tmp_path, out, large):
    lfs = {".gitattributes": "*.png filter=lfs diff=lfs merge=lfs -text\n"} if large else {}
    repo = make_repo(tmp_path, {**PAGES, **SITE, **lfs})
    file = write(repo, findings=(bringing(after_step()),))
    (file.parent / "shot.png").write_bytes(shot())
    assert run(["-C", str(repo), "suggest", str(file)]) == 0
    assert preview(repo, STEP_ID, "--out", out) == 0
    html = (out / SIGN_IN).read_text("utf-8")
    [source] = re.findall(r'<img alt="登入畫面" src="([^"]+)"', html)
    assert (out / SIGN_IN).parent.joinpath(source).read_bytes() == taken(shot(), "").data
