"""``make demo``: the main job on the shipped confirmations, in a scratch clone under ``demo/``."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from rich.console import Console
from rich.rule import Rule
from rich.table import Table

from manualsmith.layout import confirmations_folder
from manualsmith.records.models.confirmation import parse_confirmation

ROOT = Path(__file__).resolve().parent.parent
SCRATCH = ROOT / "demo"
CLONE = SCRATCH / "manuals"
SITE = SCRATCH / "site"
REVIEW = SCRATCH / "review"
PREVIEW = SCRATCH / "preview"
REPORT = SCRATCH / "report.html"
FORM = SCRATCH / "incident.html"
SHOWN = "suggest/O1.2.1/"
BEGUN = "demo-begun"
SAID = "換了新手機之後，回電 0912-345-678"
CAUSE = "App 沒有讀取所有照片的權限。"
STEPS = ("在手機的「設定」找到 Nextcloud。", "把照片的權限改成「允許全部」。", "重新打開 App。")
MOVED = "32.0.1"
PROBE = """
[tool.manualsmith.probes]
hosts = ["{address}"]
private = ["127.0.0.1"]

[tool.manualsmith.probes.server]
product = "nextcloud"
category = "software"
fact = "server.version"
url = "{address}/status.php"
path = "versionstring"
versioning = "semver"
part = "major"
"""
RECORD = re.compile(r"^(?:REQ|INC)-[0-9-]+", re.MULTILINE)

console = Console(highlight=False, soft_wrap=True)


def main() -> None:
    """Go through the main job and say where to look."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    _clone()
    request, incident, drafted = _desk()
    _reviewed(drafted)
    _probed()
    _published()
    _chain(request, incident)
    _where_to_look()


def _desk() -> tuple[str, str, str]:
    """Go from a request to a confirmation; return the ids of request, incident, confirmation."""
    _step("1. A user reports a problem: the request (O2.2.1), and what is known of it")
    asked = ("--symptom", "手機拍的照片沒有自動上傳", "--product", "nextcloud")
    request = _made("request", "new", *asked, "--detail", SAID, "--mask")
    _step("2. The incident (O2.2.2): who did what when, up to what the user was told")
    incident = _made("incident", "open", request)
    _run("manualsmith", "incident", "log", incident, "--note", "手動上傳正常，自動上傳沒有動作")
    done = [word for step in STEPS for word in ("--step", step)]
    _run("manualsmith", "incident", "resolve", incident, "--cause", CAUSE, *done)
    _run("manualsmith", "incident", "explain", incident, "--note", "新手機要再給一次照片的權限")
    _step("3. No entry answered it: a confirmation (O1.1.1) is drafted")
    _run("manualsmith", "incident", "to-confirmation", incident, "--page", "sync.md")
    drafted = sorted(path.stem for path in (CLONE / confirmations_folder()).glob("*.yaml"))[-1]
    _run("manualsmith", "confirm", "finish", drafted)
    return request, incident, drafted


def _reviewed(drafted: str) -> None:
    """Make the suggestions, accept that of the confirmation *drafted*, reject another."""
    _step("4. One command: a branch for each suggested edit (O1.2.1, O1.2.2)")
    _confirmations()
    _run("manualsmith", "suggest", "--all")
    branches = _run("git", "branch", "--list", "suggest/*").split()
    _step("5. One suggestion, as a reviewer sees it")
    shown = next(name for name in branches if name.startswith(SHOWN))
    words = "--word-diff=" + ("color" if console.is_terminal else "plain")
    # Chinese has no spaces: git, too, must take each character for a word.
    _run("git", "show", "--patch", words, "--word-diff-regex=.", shown, "--", "manuals")
    first, second = f"{drafted}-1", shown.rpartition("/")[2]
    _run("manualsmith", "review", "show", first, "--rendered", str(SCRATCH / "look.html"))
    _step("6. The queue; run again, nothing changes where nothing changed")
    _run("manualsmith", "review", "list")
    _run("manualsmith", "suggest", "--all")
    _step("7. Decide: each decision is a record on main")
    _run("manualsmith", "review", "accept", first)
    _run("manualsmith", "review", "reject", second, "--reason", "示範：這一項先不採用")
    _run("manualsmith", "review", "list", "--state", "accepted", "--state", "rejected")
    _merged_by_git()
    _step("9. Main moved: put the others on it, and verify")
    _run("manualsmith", "review", "refresh", "--all")
    _run("manualsmith", "verify", "--all", "--range", f"{BEGUN}..HEAD")


def _merged_by_git() -> None:
    """Merge a suggestion as somebody does who knows git alone, or as a git host's button does."""
    _step("8. Merged with plain git: the merge is the decision")
    branch = _run("git", "branch", "--list", "suggest/O1.2.2/*").split()[0]
    # what staff write lies in their own folder until it is on main, and git merges nothing over it
    _run("git", "clean", "--quiet", "--force", "-d", "records")
    _run("git", "merge", "--quiet", "--no-ff", "--message", "合併建議", branch)
    _run("manualsmith", "review", "list", "--state", "accepted")
    _run("git", "log", "--oneline", "--max-count=2", "main")


def _probed() -> None:
    """Ask a server whose version moved on; accept what is suggested, and ask it again."""
    _step("10. The server became another version, and nobody said so: a probe reads it")
    with _product() as address:
        settings = CLONE / "pyproject.toml"
        settings.write_text(settings.read_text("utf-8") + PROBE.format(address=address), "utf-8")
        _run("git", "commit", "--quiet", "--all", "--message", "讓機器讀取伺服器的版本")
        _run("manualsmith", "probe", "server", "--suggest")
        made = _run("git", "branch", "--list", "suggest/*-server.version").split()
        _run("manualsmith", "review", "accept", *(name.rpartition("/")[2] for name in made))
        if "= server" not in _run("manualsmith", "probe", "server", "--suggest"):
            sys.exit("the manuals do not say what the probe reads")


@contextmanager
def _product() -> Iterator[str]:
    """Serve a product's status on this machine while the block runs, and yield its address."""
    server = HTTPServer(("127.0.0.1", 0), _Status)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Status(BaseHTTPRequestHandler):
    """What a Nextcloud says of itself."""

    def do_GET(self) -> None:
        """Answer with the version."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f'{{"installed":true,"versionstring":"{MOVED}"}}'.encode())

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def _published() -> None:
    """Build the site, the review site and a preview."""
    _step("11. The manuals, published")
    _run("mkdocs", "build", "--strict", "--site-dir", str(SITE))
    _step("12. The queue as a site to look through, and the manuals as they would be")
    _run("manualsmith", "preview", "--all", "--out", str(REVIEW))
    last = _run("git", "branch", "--list", "suggest/*").split()[-1]
    _run("manualsmith", "preview", last.rpartition("/")[2], "--out", str(PREVIEW))


def _chain(request: str, incident: str) -> None:
    """Show the chain from the request on, the report, and a form."""
    _step("13. From the request to the published page, and on paper")
    _run("manualsmith", "trace", request)
    _run("manualsmith", "find", "照片", "沒有", "上傳", "--most", "3")
    _run("manualsmith", "report", "--format", "html", "--out", str(REPORT))
    _run("manualsmith", "export", incident, "--out", str(FORM))
    page = SITE / "manuals/troubleshooting/sync/index.html"
    if STEPS[1] not in page.read_text("utf-8"):
        sys.exit(f"{page} does not say what resolved it")


def _where_to_look() -> None:
    console.print()
    console.print(Rule("Look at"))
    console.print(f"one suggestion     {(SCRATCH / 'look.html').relative_to(ROOT)}", markup=False)
    console.print(f"the site           {(SITE / 'index.html').relative_to(ROOT)}", markup=False)
    console.print(f"the review site    {(REVIEW / 'index.html').relative_to(ROOT)}", markup=False)
    console.print(f"a preview          {(PREVIEW / 'index.html').relative_to(ROOT)}", markup=False)
    console.print(f"the report         {REPORT.relative_to(ROOT)}", markup=False)
    console.print(f"the form           {FORM.relative_to(ROOT)}", markup=False)
    console.print(f"the scratch clone  {CLONE.relative_to(ROOT)} (git log --all --graph)")
    console.print("serve it live      make serve")
    program = Path(sys.executable).relative_to(ROOT).parent / "manualsmith"
    desk = f"{program} -C {CLONE.relative_to(ROOT)} desk"
    console.print(f"all in a browser   {desk}", markup=False)


def _clone() -> None:
    shutil.rmtree(SCRATCH, ignore_errors=True)
    SCRATCH.mkdir()
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(CLONE)], check=True)
    # A machine that was set up a minute ago has no author for git; this is the scratch clone's.
    git = {"user.name": "示範", "user.email": "demo@example.org", "manualsmith.staff": "S-0412"}
    for key, value in git.items():
        subprocess.run(["git", "-C", str(CLONE), "config", key, value], check=True)
    here = subprocess.run(
        ["git", "-C", str(CLONE), "rev-parse", "--verify", "--quiet", "refs/heads/main"],
        check=False,
    )
    if here.returncode:
        subprocess.run(["git", "-C", str(CLONE), "branch", "main"], check=True)

    # Ids are claimed here alone, and not on the repository that this is a clone of.
    for command in (["tag", BEGUN], ["remote", "remove", "origin"]):
        subprocess.run(["git", "-C", str(CLONE), *command], check=True)


def _made(*command: str) -> str:
    """Run a command that makes a record, and return the record's id."""
    found = RECORD.findall(_run("manualsmith", *command))
    return str(found[-1])


def _step(title: str) -> None:
    console.print()
    console.print(Rule(title, align="left"))


def _confirmations() -> None:
    table = Table("確認書", "日期", box=None, padding=(0, 2, 0, 0))
    for heading in ("反映", "不同的環境", "發現"):
        table.add_column(heading, overflow="fold")
    for path in sorted((CLONE / confirmations_folder()).glob("*.yaml")):
        read = parse_confirmation(path.read_bytes(), path.name)
        facts = [
            f"{fact.fact} {fact.documented} → {fact.observed}"
            for _, found in read.environment
            for fact in found
            if fact.documented and fact.documented != fact.observed
        ]
        table.add_row(
            read.id, str(read.date), read.reported, "\n".join(facts), str(len(read.findings))
        )
    Console(width=min(110, console.width)).print(table)


def _run(*command: str) -> str:
    console.print("$ " + " ".join(command), style="bold", markup=False)
    sys.stdout.flush()
    environment = {
        **os.environ,
        "GIT_PAGER": "cat",
        "FORCE_COLOR": "1" if console.is_terminal else "",
    }
    environment = {name: value for name, value in environment.items() if value}
    done = subprocess.run(
        command, cwd=CLONE, env=environment, check=False, text=True, stdout=subprocess.PIPE
    )
    sys.stdout.write(done.stdout)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


if __name__ == "__main__":
    main()
