"""Searching what is known: the right entry for what users say, in step with every commit."""

import sys
from pathlib import Path

import pytest

from desks import incident, make_desk, ms, request
from gitrepo import commit, git, make_repo
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_links import section_ids
from manualsmith.workflow.service.search_all import find
from manualsmith.workflow.workspace.open_workspace import open_workspace

ROOT = Path(__file__).parents[3]
WORDINGS = [
    line.split("\t")
    for line in (Path(__file__).parent / "wordings.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.fixture
def repo(tmp_path):
    return make_desk(tmp_path)


@pytest.fixture
def ours(tmp_path):
    """The manuals and records of this repository, as their files are."""
    folder = tmp_path / "ours"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    files = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for top in ("manuals", "records")
        for path in (ROOT / top).rglob("*")
        if path.suffix in (".md", ".yaml")
    }
    for key, value in (("user.name", "t"), ("user.email", "t@example.org")):
        git(folder, "config", key, value)
    commit(folder, files)
    return folder


def test_users_words_find_the_entry(ours, capsys):
    """The share of wordings whose entry comes first, and among the first five, does not fall."""
    names = {}
    for file in (ROOT / "manuals/troubleshooting").glob("*.md"):
        page = Page(file.read_text("utf-8"))
        for section, name in zip(page.sections, section_ids(page), strict=True):
            names[f"{file.name}#{name}"] = f"troubleshooting/{file.name}#{section.title}"
    workspace = open_workspace(ours)
    ranks, missed = [], []
    for wording, entry in WORDINGS:
        found = [one.passage.name for one in find(workspace, wording, kinds=("entry",), most=20)]
        ranks.append(found.index(names[entry]) + 1 if names[entry] in found else 99)
        if ranks[-1] > 1:
            missed.append(f"{ranks[-1]:3} {wording} → {entry}")
    first, five = (sum(rank <= most for rank in ranks) for most in (1, 5))
    told = "\n  ".join([f"\nfind: {first} of {len(ranks)} first, {five} among five", *missed])
    with capsys.disabled():
        sys.stdout.write(f"{told}\n")
    assert len(ranks) >= 40
    assert first >= 42
    assert five == len(ranks)


@pytest.mark.parametrize(
    "asked", ["ＶＰＮ", "vpn", "臺北的 VPN", "台北的ｖｐｎ", "台北的 VPN 断线"]
)
def test_width_case_and_variants_are_one(repo, asked):
    commit(repo, {"manuals/troubleshooting/x.md": "# 網路\n\n## 台北的 VPN 斷線\n\n重新連線。\n"})
    assert "台北" in find(open_workspace(repo), asked)[0].passage.title


def test_the_index_follows_each_commit(repo, capsys):
    asked = "紫色的畫面"
    assert find(open_workspace(repo), asked) == []
    assert ms(repo, "find", asked) == 1
    name = request(repo, capsys, "打開之後是紫色的畫面")
    assert [one.passage.name for one in find(open_workspace(repo), asked)] == [name]
    git(repo, "rm", "-q", f"records/requests/{name}.yaml")
    git(repo, "commit", "-qm", "gone")
    assert find(open_workspace(repo), asked) == []
    page = {"manuals/operation/purple.md": "# 紫色的畫面\n\n這樣是正常的。\n"}
    commit(repo, page)
    [found] = find(open_workspace(repo), asked)
    assert found.passage.kind == "section"
    assert found.excerpt


def test_what_incidents_called_it_leads_to_their_entry(repo, capsys):
    asked = "圈圈轉不停"
    assert not [one for one in find(open_workspace(repo), asked) if one.passage.kind == "entry"]
    name = incident(repo, capsys, request(repo, capsys, "圈圈一直轉不停"))
    ms(repo, "incident", "resolve", name, "--entry", "sync.md#卡住")
    [entry] = find(open_workspace(repo), asked, kinds=("entry",))
    assert entry.passage.name == "troubleshooting/sync.md#卡住"


def test_a_damaged_index_is_built_again(repo):
    find(open_workspace(repo), "登入")
    file = repo / ".git/manualsmith/find.sqlite"
    for path in file.parent.glob("find.sqlite*"):
        path.write_bytes(b"no database at all" * 100)
    assert find(open_workspace(repo), "登入")


@pytest.mark.parametrize(
    "asked", ['"', "NEAR(", "*", "a OR b", "{title} : x", "登入'--", "\0", "　", "-"]
)
def test_no_text_is_an_operator(repo, asked):
    find(open_workspace(repo), asked)


def test_a_team_s_own_words_find_too(repo):
    asked = "圓仔花"
    assert find(open_workspace(repo), asked) == []
    settings = "plugins:\n  - manualsmith:\n      vocabulary: words.yaml\n"
    commit(repo, {"mkdocs.yml": settings, "words.yaml": "same:\n  - [圓仔花, 卡住]\n"})
    [entry] = find(open_workspace(repo), asked, kinds=("entry",))
    assert entry.passage.name == "troubleshooting/sync.md#卡住"
    commit(repo, {"words.yaml": "same: none\n"})
    assert find(open_workspace(repo), asked) == []


def test_many_of_one_kind_hide_none_of_another(repo):
    commit(
        repo,
        {
            f"records/requests/REQ-2026-{n:04}.yaml": "schema: manualsmith/request/v1\n"
            f'id: REQ-2026-{n:04}\nat: "2026-11-20T09:00:00+08:00"\nproduct: p\n'
            f"symptom: 卡住了卡住了 {n}\n"
            for n in range(1, 80)
        },
    )
    [entry] = find(open_workspace(repo), "卡住", kinds=("entry",))
    assert entry.passage.name == "troubleshooting/sync.md#卡住"


@pytest.mark.parametrize(
    "text",
    [
        "schema: manualsmith/confirmation/v1\nid: ENV-2026-0008\nreported: 404\n",
        "id: INC-2026-0008\nsymptom: x\nentry: {page: a.md, section: []}\n",
        "id: [\n",
        "- 1\n",
        "a: &a [x, x]\n"
        + "".join(
            f"{c}: &{c} [{', '.join('*' + b for _ in range(9))}]\n"
            for b, c in zip("abcdefgh", "bcdefghi", strict=True)
        ),
    ],
    ids=["number", "empty", "broken", "list", "aliases"],
)
def test_no_record_keeps_others_from_being_found(repo, text):
    commit(repo, {f"records/{f}/X.yaml": text for f in ("confirmations", "incidents", "requests")})
    assert find(open_workspace(repo), "卡住", kinds=("entry",))


def test_a_confirmation_in_both_repositories_is_found_once(tmp_path, repo, capsys):
    private = make_repo(tmp_path, {"README.md": "# records\n"}, name="private")
    text = (
        "schema: manualsmith/confirmation/v1\nid: ENV-2026-0008\ndate: 2026-11-20\n"
        "product: p\nreported: 紫色的畫面\nenvironment:\n"
    )
    path = "records/confirmations/ENV-2026-0008.yaml"
    commit(private, {path: text})
    commit(repo, {path: text, "pyproject.toml": '[tool.manualsmith]\nrecords = "../private"\n'})
    assert len(find(open_workspace(repo), "紫色的畫面")) == 1
    git(repo, "rm", "-q", path)
    git(repo, "commit", "-qm", "gone")
    assert len(find(open_workspace(repo), "紫色的畫面")) == 1
