"""Verify: each property of a tree and of a commit is changed alone, on a branch and on main."""

import pytest

from doctoring import Change, Made, faults, made_on_main, written
from gitrepo import commit, git, make_repo
from manuals import FACT, PAGES, STEP, write
from reviewing import STEP_BRANCH, STEP_ID, suggest

PAGE = "manuals/operation/sign-in.md"
RECORD = f"suggestions/operation/{STEP_ID}.yaml"
CONFIRMATION = "records/confirmations/ENV-2026-0001.yaml"
FILES = [PAGE, RECORD, CONFIRMATION]


@pytest.fixture(scope="module", params=["branch", "main"])
def made(request, tmp_path_factory):
    """A suggestion's branch, or main's merge of it; no test moves a ref."""
    site = "site_name: x\nmarkdown_extensions: [attr_list, tables]\n"
    files = {**PAGES, "mkdocs.yml": site, "docs/index.md": "# x\n"}
    branch = on_a_branch(make_repo(tmp_path_factory.mktemp("verify"), files), facts=FACT)
    return branch if request.param == "branch" else made_on_main(branch, STEP_ID)


def on_a_branch(repo, **parts):
    write(repo, findings=(STEP,), **parts)
    suggest(repo)
    ref = f"refs/heads/{STEP_BRANCH}"
    return Made(repo, ref, git(repo, "rev-parse", ref))


def told(made, **change):
    """Return what is said of a commit that differs in *change* alone."""
    [found] = faults(made, [written(made, Change(**change))])
    return " ".join(found)


def each_told(made, changes):
    """Return what is said of commits that differ in one of *changes* alone, by the change."""
    commits = [written(made, Change(**change)) for change in changes.values()]
    found = faults(made, commits)
    return {name: " ".join(said) for name, said in zip(changes, found, strict=True)}


def entry(made, path, mode="100644"):
    return f"{mode},{git(made.repo, 'rev-parse', f'{made.commit}:{path}')}"


def other(made):
    return f"100644,{git(made.repo, 'hash-object', '-w', '--stdin', data='x')}"


def test_what_the_tool_made_is_right(made):
    assert told(made) == ""


@pytest.mark.parametrize("path", FILES)
def test_another_mode(made, path):
    changes = {mode: {"entries": {path: entry(made, path, mode)}} for mode in ("100755", "120000")}
    for mode, said in each_told(made, changes).items():
        assert f"{path} is no plain file" in said, mode


@pytest.mark.parametrize("path", FILES)
def test_another_file_in_its_place(made, path):
    before = git(made.repo, "ls-tree", f"{made.commit}^", path).split()
    changes = {
        "a submodule": f"160000,{made.commit}",
        "nothing": None,
        "as it was before": f"{before[0]},{before[2]}" if before else None,
        "other bytes": other(made),
    }
    found = each_told(made, {name: {"entries": {path: new}} for name, new in changes.items()})
    assert all(found.values()), found
    if not made.is_merge and path != RECORD:
        assert f"{path} is not as its record says" in found["other bytes"]


def test_a_record_that_says_the_same_in_other_bytes(made):
    text = git(made.repo, "show", f"{made.commit}:{RECORD}")
    oid = git(made.repo, "hash-object", "-w", "--stdin", data=f"{text}\n# x\n")
    said = told(made, entries={RECORD: f"100644,{oid}"})
    why = "no accepted suggestion says why" if made.is_merge else "not as the tool writes it"
    assert why in said


EXTRA = [
    "mkdocs.yml", "docs/index.md", "docs/new.md", "manuals/operation/new.md",
    "manuals/operation/other.md", "manuals/troubleshooting/sync.md", "manuals/operation/.x",
    "records/confirmations/ENV-2026-0009.yaml", "records/requests/REQ-2026-0001.yaml",
    "suggestions/operation/ENV-2026-0009-1.yaml",
    f"suggestions/troubleshooting/{STEP_ID}.yaml", "pyproject.toml", ".gitattributes",
]  # fmt: skip


@pytest.mark.parametrize("mode", ["100644", "120000", "160000"])
def test_another_path(made, mode):
    oid = made.commit if mode == "160000" else other(made).partition(",")[2]
    changes = {path: {"entries": {path: f"{mode},{oid}"}} for path in EXTRA}
    for path, said in each_told(made, changes).items():
        assert f"{path} is changed, which" in said


def test_another_path_is_gone_or_has_another_mode(made):
    there = ["mkdocs.yml", "docs/index.md", "manuals/operation/other.md"]
    changes = {(path, None): {"entries": {path: None}} for path in there}
    changes |= {(path, "x"): {"entries": {path: entry(made, path, "100755")}} for path in there}
    for (path, _), said in each_told(made, changes).items():
        assert f"{path} is changed, which" in said


def test_parents(made):
    first, *rest = made.parents
    root = written(made, Change(parents=[], message="x"))
    aside = written(made, Change(parents=[first], message="x", entries={RECORD: None}))
    wrong = [[], [root], [first, aside], [aside]]
    if rest:
        wrong = [[], [first], [first, *rest, aside], [first, aside], [first, first], [aside, *rest]]
    found = each_told(made, {tuple(parents): {"parents": parents} for parents in wrong})
    assert all(found.values()), found
    if not made.is_merge:
        assert "it is a merge, not one commit on main" in found[first, aside]
        assert "it is a merge, not one commit on main" in found[()]


@pytest.mark.parametrize("since", ["nothing", "the page"])
def test_parents_in_the_other_order(tmp_path, since):
    repo = make_repo(tmp_path, PAGES)
    branch = on_a_branch(repo)
    if since == "the page":
        commit(repo, {PAGE: PAGES[PAGE] + "\n後來的。\n"})
    merge = made_on_main(branch, STEP_ID)
    assert told(merge) == ""
    assert told(merge, parents=merge.parents[::-1])


def test_a_main_that_does_not_come_from_there(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    merge = made_on_main(on_a_branch(repo), STEP_ID)
    assert "does not follow from" in told(merge, parents=[])


def test_what_is_merged_is_a_suggestion_as_the_tool_makes_it(tmp_path):
    branch = on_a_branch(make_repo(tmp_path, PAGES))
    merge = made_on_main(branch, STEP_ID)
    other_file = {"entries": {"extra.txt": other(branch)}}
    no_confirmation = {"entries": {CONFIRMATION: None}}
    for change in (other_file, no_confirmation, {"message": "x"}, {"parents": []}):
        second = written(branch, Change(**change))
        assert "what it merges: " in told(merge, parents=[merge.parents[0], second]), change


MESSAGES = [
    lambda text: "",
    lambda text: f"更好的說法\n{text.partition(chr(10))[2]}",
    lambda text: text.replace(STEP_ID, "ENV-2026-0009-1"),
    lambda text: text.replace("Confirmation: ENV-2026-0001", "Confirmation: ENV-2026-0009"),
    lambda text: text.replace("Indicator: P1.2.1", "Indicator: P1.2.2"),
    lambda text: text.replace("Output: O1.2.1", "Output: O1.2.2"),
    lambda text: text.replace("Confirmation-Blob: ", "Confirmation-Blob: 0"),
    lambda text: text.replace("改用瀏覽器", "別的"),
    lambda text: f"{text}\nApproved-by: S-0001",
    lambda text: f"{text}\nSuggestion: ENV-2026-0009-1",
]


def test_another_message(made):
    messages = [change(made.message) for change in MESSAGES]
    assert made.message not in messages
    found = each_told(made, {text: {"message": text} for text in messages})
    assert all(found.values()), found


def test_the_author_is_who_proposed_it_where_the_confirmation_names_nobody(tmp_path):
    branch = on_a_branch(make_repo(tmp_path, PAGES), staff=None)
    assert told(branch) == ""
    assert "proposer" in told(branch, author="Somebody else")
