"""Manuals that lie elsewhere: each command works on them as on those of manuals/operation."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from desks import incident, ms, said
from gitrepo import commit, git, make_bare, make_repo
from manuals import OTHER, SIGN_IN, SYNC, UNBOUND, confirmation

FACT = '- {fact: client.version, documented: "3.13", observed: "3.16"}'


@dataclass(frozen=True)
class Case:
    """A layout: what the settings say, and where the pages of `PAGES` and all else are then."""

    settings: str
    operation: str
    troubleshooting: str
    names: tuple[str, str] = ("operation", "troubleshooting")
    records: str = "records"
    suggestions: str = "suggestions"

    @property
    def branches(self) -> tuple[str, str]:
        first, second = self.names
        return (
            "O1.2.1" if first == "operation" else f"O1.2.1-{first}",
            "O1.2.2" if second == "troubleshooting" else f"O1.2.2-{second}",
        )


CASES = {
    "docs itself": Case(
        """
        [tool.manualsmith.manuals.guide]
        folder = "docs"
        kind = "operation"
        leave_out = ["faq/"]
        [tool.manualsmith.manuals.faq]
        folder = "docs/faq"
        kind = "troubleshooting"
        """,
        "docs",
        "docs/faq",
        ("guide", "faq"),
    ),
    "a part of a larger repository": Case(
        """
        [tool.manualsmith.folders]
        records = "cloud/desk/records"
        suggestions = "cloud/desk/suggestions"
        docs = "cloud/pages"
        site = "cloud/mkdocs.yml"
        [tool.manualsmith.manuals.operation]
        folder = "cloud/pages/how to"
        [tool.manualsmith.manuals.troubleshooting]
        folder = "cloud/pages/why"
        """,
        "cloud/pages/how to",
        "cloud/pages/why",
        records="cloud/desk/records",
        suggestions="cloud/desk/suggestions",
    ),
    "one folder for both": Case(
        """
        [tool.manualsmith.manuals.handbuch]
        folder = "手冊"
        kind = "operation"
        pages = ["*.md", "!sync.md"]
        [tool.manualsmith.manuals.entries]
        folder = "手冊"
        kind = "troubleshooting"
        pages = ["sync.md"]
        """,
        "手冊",
        "手冊",
        ("handbuch", "entries"),
    ),
}


@pytest.fixture(params=CASES)
def case(request) -> Case:
    return CASES[request.param]


@pytest.fixture
def repo(case, tmp_path) -> Path:
    files = {
        "pyproject.toml": f"[tool.manualsmith]\n{case.settings}",
        "README.md": "# 客戶端 3.13\n",
        f"{case.operation}/sign-in.md": SIGN_IN,
        f"{case.operation}/other.md": OTHER,
        f"{case.operation}/unbound.md": UNBOUND,
        f"{case.troubleshooting}/sync.md": SYNC,
    }
    made = make_repo(tmp_path, files)
    git(made, "config", "manualsmith.staff", "S-0412")
    return made


def verified(repo: Path) -> int:
    """Verify main from its beginning."""
    first = git(repo, "rev-list", "--max-parents=0", "main")
    return ms(repo, "verify", "--range", f"{first}..main")


def written(case: Case) -> dict[str, str]:
    """Return the settings' own confirmation: a fact of both manuals, and one step."""
    step = f"""- id: 1
    summary: 改用瀏覽器
    manual: {case.names[0]}
    page: sign-in.md
    reason: 畫面不同
    edit: {{action: replace-step, section: [第一次登入], step: 3, text: 按「允許存取」。}}
"""
    text = confirmation(facts=FACT, findings=(step,))
    return {f"{case.records}/confirmations/ENV-2026-0001.yaml": text}


def test_from_a_confirmation_to_decisions_that_verify(case, repo, tmp_path, capsys):
    commit(repo, written(case))
    assert ms(repo, "suggest", "--all") == 0
    one = "ENV-2026-0001"
    operation, troubleshooting = case.names
    fact = f"{one}-{operation}-client.version"
    other = f"{one}-{troubleshooting}-client.version"
    refs = git(repo, "for-each-ref", "--format=%(refname)", "refs/heads/suggest").split()
    first, second = (f"refs/heads/suggest/{folder}/" for folder in case.branches)
    assert refs == sorted([f"{first}{one}-1", f"{first}{fact}", f"{second}{other}"])
    capsys.readouterr()
    assert ms(repo, "review", "list", "--manual", operation) == 0
    told = capsys.readouterr().out
    assert f"{one}-1" in told
    assert other not in told
    assert ms(repo, "review", "list", "--manual", "no-such") == 2
    assert f"one of: {operation}, {troubleshooting}" in capsys.readouterr().err

    assert ms(repo, "review", "show", f"{one}-1") == 0
    assert ms(repo, "review", "accept", f"{one}-1", fact) == 0
    assert ms(repo, "review", "reject", other, "--reason", "另有一頁") == 0
    assert "允許存取" in (repo / case.operation / "sign-in.md").read_text("utf-8")
    assert '"3.16"' in (repo / case.operation / "sign-in.md").read_text("utf-8")
    assert (repo / case.troubleshooting / "sync.md").read_text("utf-8") == SYNC
    for name, of in ((f"{one}-1", operation), (fact, operation), (other, troubleshooting)):
        assert (repo / case.suggestions / of / f"{name}.yaml").is_file()
    assert verified(repo) == 0, capsys.readouterr().err

    shared = make_bare(repo)
    assert verified(shared) == 0
    assert ms(shared, "audit") in (0, 1)
    capsys.readouterr()
    assert ms(repo, "trace", f"{case.operation}/sign-in.md") == 0
    assert fact in capsys.readouterr().out
    assert ms(repo, "trace", "sign-in.md") == 0
    assert ms(repo, "find", "允許存取") == 0
    assert f"{operation}/sign-in.md" in capsys.readouterr().out


def test_pages_by_hand_are_told_and_others_are_not(case, repo, capsys):
    commit(repo, written(case))
    assert ms(repo, "suggest", "--all") == 0
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    commit(repo, {"README.md": "# 別的\n"}, "Readme")
    commit(repo, {f"{case.operation}/unbound.md": "# 改了\n"}, "By hand")
    capsys.readouterr()
    ms(repo, "audit", "--json")
    marks = [one["message"] for one in json.loads(capsys.readouterr().out)]
    assert [mark for mark in marks if "nobody suggested it" in mark] == [
        f"By hand: nobody suggested it ({case.operation}/unbound.md)"
    ]


def test_a_call_a_walkthrough_and_what_they_lead_to(case, repo, capsys):
    one = incident(repo, capsys)
    entry = f"{case.troubleshooting}/sync.md#卡住"
    assert ms(repo, "incident", "resolve", one, "--entry", entry, "--step", "重新開機") == 0
    assert ms(repo, "incident", "to-confirmation", one) == 0
    [file] = (repo / case.records / "confirmations").glob("*.yaml")
    drafted = file.read_text("utf-8")
    assert f"manual: {case.names[1]}\n    page: sync.md" in drafted
    file.write_text(drafted.replace("draft: true\n", ""), "utf-8")
    commit(repo, {})
    assert ms(repo, "suggest", "--all") == 0
    assert ms(repo, "review", "accept", f"{file.stem}-1") == 0
    assert "重新開機" in (repo / case.troubleshooting / "sync.md").read_text("utf-8")

    page = f"{case.names[0]}/sign-in.md"
    walked = said(capsys, repo, "walkthrough", "new", "--page", page, "--section", "第一次登入")
    assert walked["record"].get("manual", case.names[0]) == case.names[0]
    assert ms(repo, "export", one, "--out", str(repo.parent / "form.html")) == 0
    assert ms(repo, "report") == 0
    assert verified(repo) == 0


def test_pages_come_move_and_go(case, repo, capsys):
    manual = case.names[0]
    edits = {
        1: "{action: add-page, title: 新的一頁, text: '見 [登入](sign-in.md)。'}",
        2: "{action: move-page, to: in/unbound.md}",
    }
    pages = {1: "new.md", 2: "unbound.md"}
    if case.names[0] == "handbuch":  # nothing of a folder is that manual's
        del edits[2]
    findings = tuple(
        f"- id: {n}\n    summary: 頁 {n}\n    manual: {manual}\n    page: {pages[n]}\n"
        f"    reason: 這樣才對\n    edit: {edit}\n"
        for n, edit in edits.items()
    )
    name = f"{case.records}/confirmations/ENV-2026-0001.yaml"
    commit(repo, {name: confirmation(findings=findings)})
    assert ms(repo, "suggest", "--all") == 0, capsys.readouterr().err
    names = [f"ENV-2026-0001-{n}" for n in edits]
    assert ms(repo, "review", "accept", *names) == 0, capsys.readouterr().err
    assert (repo / case.operation / "new.md").is_file()
    assert (repo / case.operation / "in/unbound.md").is_file() == (2 in edits)
    assert verified(repo) == 0


def test_a_page_that_no_manual_has_is_told(case, repo, capsys):
    """A page that patterns leave out is in the folder, and in no manual."""
    step = confirmation().replace("manual: operation", f"manual: {case.names[0]}")
    step = step.replace("sign-in.md", "sync.md" if case.operation == "手冊" else "faq/sync.md")
    commit(repo, {f"{case.records}/confirmations/ENV-2026-0001.yaml": step})
    assert ms(repo, "suggest", "--all") == 1
    assert "has no page" in capsys.readouterr().out


@pytest.mark.parametrize("edit", ["move-page, to: sync2.md", "add-page, title: 新, text: 字"])
def test_a_page_is_not_put_where_no_manual_has_it(edit, tmp_path, capsys):
    settings = '[tool.manualsmith.manuals.guide]\nkind = "operation"\nfolder = "docs"\n'
    files = {"pyproject.toml": f'{settings}leave_out = ["sync*.md"]\n', "docs/a.md": "# 一\n"}
    page = "a.md" if "move" in edit else "sync3.md"
    finding = f"""- id: 1
    summary: 搬
    manual: guide
    page: {page}
    reason: 理由
    edit: {{action: {edit}}}
"""
    files["records/confirmations/ENV-2026-0001.yaml"] = confirmation(findings=(finding,))
    repo = make_repo(tmp_path, files)
    assert ms(repo, "suggest", "--all") == 1
    assert "would not be in 操作手冊" in capsys.readouterr().out
    assert not git(repo, "for-each-ref", "refs/heads/suggest")


ENGLISH = """
[tool.manualsmith.manuals.guide]
folder = "docs"
kind = "operation"
language = "en"
leave_out = ["faq/"]
[tool.manualsmith.manuals.faq]
folder = "docs/faq"
kind = "troubleshooting"
language = "en"
"""
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def english(text: str) -> str:
    """Return a page or a record of this module in English words."""
    words = {
        "登入": "Sign in", "第一次登入": "First time", "本頁照用戶端": "For client",
        "寫成，不是": ", not", "也不是": "nor", "打開用戶端": "Open client",
        "輸入帳號": "Type your name", "按": "Press ",
        "系統": "System", "版本": "Version", "同步問題": "Sync", "卡住": "Stuck",
        "環境": "Environment",
        "用戶端": "Client", "原因": "Cause", "檔案太多": "Too many files", "處理步驟": "Resolution",
        "等待": "Wait", "畫面和手冊不同": "Another screen", "改用瀏覽器": "A browser now",
        "畫面不同": "Another screen", "「允許存取」": "Allow", "。": ".", "，": ", ", "：": ": ",
    }  # fmt: skip
    for chinese in sorted(words, key=len, reverse=True):
        text = text.replace(chinese, words[chinese])
    assert not CHINESE.search(text), text
    return text


def test_what_is_written_in_an_english_repository_is_english(tmp_path, capsys, monkeypatch):
    """Pages, records, branches and commits, whatever the reader's own language is."""
    monkeypatch.setenv("MANUALSMITH_LANG", "zh_TW")
    case = Case(ENGLISH, "docs", "docs/faq", ("guide", "faq"))
    files = {
        "pyproject.toml": f"[tool.manualsmith]\n{ENGLISH}",
        "docs/sign-in.md": english(SIGN_IN),
        "docs/faq/sync.md": english(SYNC),
    }
    repo = make_repo(tmp_path, files)
    git(repo, "config", "manualsmith.staff", "S-0412")
    [(name, chinese)] = written(case).items()
    text = english(chinese)
    other = text.replace("ENV-2026-0001", "ENV-2026-0002").replace('"3.16"', '"3.20"')
    commit(repo, {name: text, name.replace("0001", "0002"): other}, "Confirm")
    assert ms(repo, "suggest", "--all") in (0, 1)
    assert ms(repo, "review", "accept", "ENV-2026-0001-guide-client.version") == 0
    assert ms(repo, "review", "accept", "ENV-2026-0002-guide-client.version") in (0, 1)
    assert ms(repo, "review", "reject", "ENV-2026-0001-1", "--reason", "no") == 0
    asked = ("--symptom", "Mail to somebody@corp.com.tw", "--product", "nextcloud", "--mask")
    assert ms(repo, "request", "new", *asked) == 0
    assert "[e-mail]" in git(repo, "log", "-1", "--format=%s", "main")
    one = incident(repo, capsys)
    form = tmp_path / "form.html"
    monkeypatch.delenv("MANUALSMITH_LANG")  # which would name another language for paper
    assert ms(repo, "export", one, "--out", str(form)) == 0
    assert not CHINESE.search(form.read_text("utf-8").replace("登入不了", ""))
    steps = ("--cause", "Cookies", "--step", "Allow them")
    assert ms(repo, "incident", "resolve", one, *steps) == 0
    assert ms(repo, "incident", "to-confirmation", one, "--page", "sync.md") == 0
    [drafted] = [
        p
        for p in (repo / "records/confirmations").glob("*.yaml")
        if "draft: true" in p.read_text("utf-8")
    ]
    drafted.write_text(drafted.read_text("utf-8").replace("draft: true\n", ""), "utf-8")
    commit(repo, {}, "Confirm")
    assert ms(repo, "suggest", "--all") in (0, 1)
    assert ms(repo, "review", "accept", f"{drafted.stem}-1") == 0
    assert "**Resolution**" in (repo / "docs/faq/sync.md").read_text("utf-8")
    assert verified(repo) == 0

    capsys.readouterr()
    assert ms(repo, "confirm", "new", "--product", "nextcloud", "--stdout") == 0
    assert CHINESE.findall(capsys.readouterr().out) == []
    told = git(repo, "log", "--all", "--format=%B").replace("登入不了", "")
    assert CHINESE.findall(told) == [], told
    for tracked in git(repo, "ls-files", "-z").split("\0"):
        text = (repo / tracked).read_text("utf-8").replace("登入不了", "") if tracked else ""
        if (
            "/records/confirmations" not in f"/{tracked}"
        ):  # a form to fill in, as the standard has it
            assert CHINESE.findall(text) == [], (tracked, text)


def test_a_manual_that_gets_another_language_still_verifies(tmp_path, capsys):
    """What was decided was written in the language of then."""
    case = CASES["docs itself"]
    files = {
        "pyproject.toml": f"[tool.manualsmith]\n{case.settings}",
        "docs/sign-in.md": SIGN_IN,
        "docs/faq/sync.md": SYNC,
    }
    repo = make_repo(tmp_path, {**files, **written(case)})
    git(repo, "config", "manualsmith.staff", "S-0412")
    assert ms(repo, "suggest", "--all") == 0
    assert ms(repo, "review", "accept", "ENV-2026-0001-guide-client.version") == 0
    settings = files["pyproject.toml"].replace(
        'folder = "docs"', 'folder = "docs"\nlanguage = "en"'
    )
    commit(repo, {"pyproject.toml": settings}, "English now")
    assert verified(repo) == 0
    assert ms(repo, "verify", "--all") == 0, capsys.readouterr().err
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    assert verified(repo) == 0
