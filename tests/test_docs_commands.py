"""Every command of the guides and of the README, run from their own text."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import pytest
from PIL import Image

from gitrepo import commit, git, make_bare, make_repo
from manualsmith.cli.group import manualsmith

ROOT = Path(__file__).parents[1]
GUIDES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))
PAGES = [*GUIDES, "README.md", "README.zh-TW.md", "CONTRIBUTING.md"]
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<body>.*?)^ *```$", re.MULTILINE | re.DOTALL
)


# No record of a reader's has the number of an example in the guides: its year is far away. Run
# here, the examples are the records that are shipped.
_REPORTS = ROOT / "tests/records/environment_reports/fixtures"
REPORTS = {"systeminfo.txt": "systeminfo.txt", "status.json": "nextcloud-status.json"}
EXAMPLE_YEAR, REAL_YEAR = "-2099-", "-2026-"
# What gives a number, and of which kind.
GIVEN = {
    "manualsmith request new": "REQ",
    "manualsmith incident open": "INC",
    "manualsmith walkthrough new": "WLK",
}


def commands(page: str) -> Iterator[str]:
    """Yield the commands of a page's blocks, those of a transcript without what is printed."""
    text = (ROOT / page).read_text("utf-8")
    for block in FENCE.finditer(text):
        if block["kind"] not in ("bash", ""):
            continue
        lines = [line.removeprefix(block["indent"]) for line in block["body"].splitlines()]
        transcript = any(line.startswith("$ ") for line in lines)
        for line in lines:
            if transcript and not line.startswith("$ "):
                continue
            command = line.removeprefix("$ ").partition("    #")[0].strip()
            if re.match(r"(?:manualsmith|git|mkdocs|make|pip|cd|chmod) ", command):
                yield command


@pytest.mark.parametrize("page", PAGES)
def test_the_tool_takes_each_command_as_it_is_written(page):
    """Its words are what the shell makes of them, and the options and arguments are there."""
    found = [line for line in commands(page) if line.startswith("manualsmith ")]
    for line in found:
        words = shlex.split(line.partition(" > ")[0])[1:]
        if words == ["--version"]:  # says it, and ends there
            continue
        context = manualsmith.make_context("manualsmith", words, resilient_parsing=False)
        command: click.Command = manualsmith
        while isinstance(command, click.Group):
            rest = [*context._protected_args, *context.args]
            assert rest, line
            name, inner, rest = command.resolve_command(context, rest)
            try:
                context = inner.make_context(name, list(rest), parent=context)
            except click.UsageError as error:
                if isinstance(error, click.BadParameter) and "not exist" in error.format_message():
                    break
                raise AssertionError(f"{page}: {line}: {error.format_message()}") from error
            command = inner


def said(folder: Path, command: str, answers: str = "") -> str:
    """Run a command as a reader types it, and return what it prints."""
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=env, input=answers, encoding="utf-8",
        capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@dataclass
class Reader:
    """Somebody who types a page's commands in a clone, and puts the numbers that they are given."""

    repo: Path
    bare: Path
    given: dict[str, str] = field(default_factory=dict)

    def type(self, page: str, before: dict[str, Callable[["Reader"], str | None]]) -> list[str]:
        """Run each command of *page*; *before* has what is done first, by how a command begins."""
        typed = []
        for command in commands(page):
            if command.startswith(("pip ", "manualsmith desk", "mike ")):
                continue
            answers = ""
            for start, do in before.items():
                if command.startswith(start):
                    answers = do(self) or ""
            for example, real in self.given.items():
                command = command.replace(example, real)
            command = command.replace(EXAMPLE_YEAR, REAL_YEAR)
            if command.startswith("manualsmith preview") and "--out" not in command:
                command += " --out build/preview"  # without it the site is served until Ctrl-C
            out = said(self.repo, command, answers)
            typed.append(command)
            self._note(page, command, out)
        return typed

    def _note(self, page: str, command: str, out: str) -> None:
        """Keep the number that a command gave, in place of the page's example."""
        for start, prefix in GIVEN.items():
            if command.startswith(start):
                made = re.findall(rf"\b{prefix}-[0-9]{{4}}-[0-9]{{4}}\b", out)
                for example in re.findall(
                    rf"\b{prefix}{EXAMPLE_YEAR}[0-9]{{4}}\b", "\n".join(commands(page))
                ):
                    self.given[example] = made[-1]


@pytest.fixture
def reader(tmp_path) -> Reader:
    """A clone of this repository as it stands here, with a remote of its own."""
    files = git(ROOT, "ls-files", "-z", "docs", "manuals", "records", "suggestions", "mkdocs.yml",
                "pyproject.toml").split("\0")  # fmt: skip
    there = [path for path in files if path and (ROOT / path).is_file()]
    made = {path: (ROOT / path).read_bytes() for path in there}
    repo = make_repo(tmp_path, {".gitignore": "/build/\n*.html\n*.pdf\n", **made})
    bare = make_bare(repo)
    git(repo, "remote", "add", "origin", str(bare))
    git(repo, "fetch", "-q", "origin")
    git(repo, "config", "manualsmith.staff", "S-0412")
    return Reader(repo, bare, {"/srv/git/manuals.git": str(bare)})


@pytest.mark.parametrize("page", GUIDES)
def test_no_example_is_a_record_that_somebody_has(page):
    text = (ROOT / page).read_text("utf-8")
    found = re.findall(r"\b(?:ENV|REQ|INC|WLK)(-[0-9]{4}-)[0-9]{4}", text)
    assert set(found) <= {EXAMPLE_YEAR}


@pytest.mark.parametrize("page", [page for page in GUIDES if f"{page[:-3]}.en.md" in GUIDES])
def test_both_languages_have_the_same_commands(page):
    """So that what is run of the one is run of the other."""
    of_both = [
        [line for line in commands(one) if line.startswith(("manualsmith", "git", "pip"))]
        for one in (page, f"{page[:-3]}.en.md")
    ]
    first, second = (
        [re.sub(r"'[^']*'|ACCOUNT|[^\x00-\x7f]+", "", line) for line in lines] for lines in of_both
    )
    assert first == second


def test_the_desks_guide_from_a_request_to_the_manual(reader):
    page = "docs/desk.md"
    tickets = "單號,建立時間,主旨,內容,優先\nT-1,2026-11-20 09:00,登入不了,一直轉,高\n"

    def import_files(one: Reader) -> None:
        (one.repo / "tickets.csv").write_text(tickets, "utf-8")
        block = re.search(r"```yaml\n(columns:.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
        assert block
        (one.repo / "map.yml").write_text(block[1], "utf-8")
        export = "Summary,Issue key,Created\n相簿打不開,CLD-42,20/Nov/26 9:30 AM\n"
        (one.repo / "export.csv").write_text(export, "utf-8")

    def drafted(one: Reader) -> None:
        drafts = [
            path
            for path in (one.repo / "records/confirmations").glob("*.yaml")
            if "draft: true" in path.read_text("utf-8")
        ]
        one.given["ENV-2099-0010"] = drafts[-1].stem

    typed = reader.type(
        page,
        {
            "manualsmith confirm finish": drafted,
            "manualsmith walkthrough new": lambda _: "y\n" * 40,
            "manualsmith import": import_files,
        },
    )
    assert len(typed) >= 18
    assert "INC-" in git(reader.repo, "log", "--format=%s")


def test_the_guide_of_forms(reader):
    def a_picture(one: Reader) -> None:
        Image.new("RGB", (40, 30), "red").save(one.repo / "畫面.png")
        (one.repo / "forms").mkdir(exist_ok=True)

    typed = reader.type("docs/forms.md", {"manualsmith request new": a_picture})
    assert len(typed) >= 9
    assert (reader.repo / "INC-2026-0002.pdf").read_bytes().startswith(b"%PDF")
    assert "{{ form.title }}" in (reader.repo / "forms/O2.2.1.html").read_text("utf-8")
    assert git(reader.repo, "ls-tree", "-r", "--name-only", "main", "records/pictures")


def test_the_reviewers_guide_in_its_order(reader, monkeypatch):
    page = "docs/reviewer.md"
    said(reader.repo, "manualsmith suggest --all --push")

    def touched_up(one: Reader) -> None:
        branch = "suggest/O1.2.1/ENV-2026-0004-1"
        git(one.repo, "checkout", "-q", branch)
        file = one.repo / "manuals/operation/sharing.md"
        text = file.read_text("utf-8").replace("到期後連結會失效", "到期後連結就失效")
        commit(one.repo, {"manuals/operation/sharing.md": text})
        git(one.repo, "checkout", "-q", "main")

    def by_hand(one: Reader) -> None:
        file = one.repo / "manuals/operation/webdav.md"
        for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):  # nobody types that fast
            monkeypatch.setenv(name, "1800003600 +0800")
        changed = {"manuals/operation/webdav.md": file.read_text("utf-8") + "\n多一行。\n"}
        one.given["3f2c1ab"] = commit(one.repo, changed, "Typo")[:9]

    typed = reader.type(
        page,
        {
            "manualsmith review accept ENV-2099-0004-1": touched_up,
            "manualsmith audit": by_hand,
        },
    )
    assert len(typed) >= 18


def test_the_staffs_guide_from_what_was_seen_to_a_correction(reader):
    page = "docs/staff.md"

    def filled_in(one: Reader) -> None:
        folder = one.repo / "records/confirmations"
        new = max(folder.glob("*.yaml"), key=lambda path: path.stat().st_mtime)
        seen = (folder / "ENV-2026-0001.yaml").read_text("utf-8")
        new.write_text(seen.replace("ENV-2026-0001", new.stem), "utf-8")
        one.given["ENV-2099-0010"] = new.stem

    def reported(one: Reader) -> None:
        for name, report in REPORTS.items():
            (one.repo / name).write_bytes((_REPORTS / report).read_bytes())

    first = {"manualsmith confirm new --from": reported, "manualsmith confirm check": filled_in}
    assert len(reader.type(page, first)) >= 4


def test_the_guide_of_labels(reader):
    page = "docs/labels.md"

    def catalogues(one: Reader) -> None:
        words = {"Security": "安全性", "Devices": "裝置與工作階段"}
        for name, said in (("l10n-31", words), ("l10n-32", {**words, "Security": "安全與隱私"})):
            (one.repo / name).mkdir(exist_ok=True)
            text = json.dumps({"translations": said}, ensure_ascii=False)
            (one.repo / name / "zh_TW.json").write_text(text, "utf-8")

    def set_up(one: Reader) -> None:
        shown = re.search(r"```toml\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
        assert shown
        text = (one.repo / "pyproject.toml").read_text("utf-8")
        if shown[1] not in text:
            commit(one.repo, {"pyproject.toml": f"{text}\n{shown[1]}"})

    typed = reader.type(
        page, {"manualsmith labels l10n-31": catalogues, "manualsmith labels --check": set_up}
    )
    assert len(typed) == 4
    assert "安全與隱私" in git(reader.repo, "grep", "-h", "text:", "main", "--", "records")


def test_the_guide_to_upgrading_in_its_order(reader, tmp_path):
    """Its `pip` is left out: each version is this one, and all is well before and after."""
    page = "docs/upgrade.md"
    said(reader.repo, "manualsmith suggest --all")

    def behind(one: Reader) -> None:
        commit(one.repo, {"README.md": "x\n"})

    typed = reader.type(page, {"manualsmith review refresh": behind})
    assert len(typed) >= 14
    assert (reader.bare / "hooks/pre-receive").is_file()
    schema = (reader.repo / "records/schema/confirmation.json").read_text("utf-8")
    assert schema == said(reader.repo, "manualsmith schema confirmation")
    assert said(reader.repo, "manualsmith review show ENV-2026-0004-1")


def test_a_documentation_that_is_there_is_adopted(tmp_path):
    page = "docs/adopt.md"
    there = {
        "mkdocs.yml": "site_name: x\ntheme: mkdocs\nnav: [index.md, in/sign-in.md]\n",
        "docs/index.md": "# Home\n\nSee [sign in](in/sign-in.md).\n",
        "docs/in/sign-in.md": "# Sign in\n\nOn Windows 11:\n\n1. Press Start.\n",
    }
    repo = make_repo(tmp_path, there)
    one = Reader(repo, repo)

    def as_shown(_: Reader) -> None:
        text = (ROOT / page).read_text("utf-8")
        plugins = re.search(r"```yaml\n(plugins:.*?)```", text, re.DOTALL)
        assert plugins
        settings = repo / "mkdocs.yml"
        settings.write_text(settings.read_text("utf-8") + plugins[1], "utf-8")

    def filled_in(_: Reader) -> None:
        [form] = (repo / "records/confirmations").glob("*.yaml")
        form.write_text(
            "schema: manualsmith/confirmation/v1\n"
            f"id: {form.stem}\ndate: 2026-11-20\nstaff: S-0001\nproduct: our-cloud\n"
            "reported: Another button\nenvironment: {}\nfindings:\n  - id: 1\n"
            "    summary: Another button\n    manual: operation\n    page: in/sign-in.md\n"
            "    reason: Seen\n"
            "    edit: {action: replace-step, section: [Sign in], step: 1, text: Press Go.}\n",
            "utf-8",
        )
        commit(repo, {}, "Confirm")

    typed = one.type(page, {"git add": as_shown, "manualsmith confirm check": filled_in})
    assert "manualsmith suggest --all" in typed
    said(repo, "manualsmith review accept --all")
    assert "Press Go." in (repo / "docs/in/sign-in.md").read_text("utf-8")
    said(repo, "mkdocs build --strict -q -d ../site")
    assert "Press Go." in (tmp_path / "site/in/sign-in/index.html").read_text("utf-8")
    assert {p: (repo / p).read_text("utf-8") for p in there if p.startswith("docs/i")}[
        "docs/index.md"
    ] == there["docs/index.md"]


@pytest.mark.parametrize(
    "page", ["docs/adopt.md", "docs/adopt.en.md", "docs/reference.md", "docs/labels.md"]
)
def test_settings_that_a_guide_shows_can_be_read(page):
    from manualsmith.settings.read_settings import read_settings

    text = (ROOT / page).read_text("utf-8")
    for block in re.findall(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        if "[tool.manualsmith.manuals.faq.entries]" in block:
            block += '[tool.manualsmith.manuals.faq]\nkind = "troubleshooting"\n'
        if "[[tool.manualsmith.manuals.guide.facts]]" in block:
            block = '[tool.manualsmith.manuals.guide]\nkind = "operation"\n' + block
        read_settings(block.encode())
