"""No command gives an id that is in use, and no confirmation takes back what another asked for."""

from datetime import date

import pytest

from desks import incident, make_desk, ms, request, said
from gitrepo import commit, git, make_repo, refs
from manuals import ENTRY, FACT, STEP, confirmation, write
from manualsmith.layout import RECORDS, confirmations_folder
from manualsmith.workflow.service.service_records import records_of
from manualsmith.workflow.workspace.new_ids import claim, known_ids
from manualsmith.workflow.workspace.open_workspace import open_workspace
from suggesting import run, statuses

YEAR = date.today().year
USED = f"ENV-{YEAR}-0041"
OTHER_STEP = (
    STEP.replace("允許存取", "授權").replace("畫面不同", "新版不同").replace("改用瀏", "用瀏")
)


def text_of(number, year=YEAR, **parts):
    return confirmation(number, **parts).replace("ENV-2026", f"ENV-{year}")


def in_worktree(repo, private):
    write(repo, 41, text_of(41)).rename(repo / confirmations_folder() / f"{USED}.yaml")


def under_another_name(repo, private):
    write(repo, 1, text_of(41)).rename(repo / confirmations_folder() / "notes.yaml")


def on_main(repo, private):
    commit(repo, {f"{confirmations_folder()}/{USED}.yaml": text_of(41)})


def on_main_under_another_name(repo, private):
    commit(repo, {f"{confirmations_folder()}/notes.yaml": text_of(41)})


def made_offline(repo, private):
    commit(repo, {f"{confirmations_folder()}/{USED}-kqzvm.yaml": text_of(41)})


def suggested(repo, private):
    file = write(repo, 41, text_of(41))
    run(repo, file)
    file.unlink()


def as_evidence(repo, private):
    """Another one's suggestion has it: no branch is named after it."""
    first = write(repo, 1, text_of(1, year=2025))
    file = write(repo, 41, text_of(41))
    assert "joined" in [*statuses(run(repo, first)).values(), *statuses(run(repo, file)).values()]
    file.unlink()
    first.unlink()


def on_a_remote_alone(repo, private):
    suggested(repo, private)
    for ref, tip in refs(repo).items():
        if ref.startswith("refs/heads/suggest/"):
            git(repo, "update-ref", ref.replace("heads", "remotes/origin", 1), tip)
            git(repo, "update-ref", "-d", ref)


def of_a_release(repo, private):
    suggested(repo, private)
    for ref, tip in refs(repo).items():
        if ref.startswith("refs/heads/suggest/"):
            git(repo, "update-ref", ref.replace("/ENV", "@30/ENV"), tip)
            git(repo, "update-ref", "-d", ref)


def withdrawn(repo, private):
    """Its record is on main, and the confirmation that was taken back is not."""
    suggested(repo, private)
    assert ms(repo, "review", "withdraw", f"{USED}-1", "--reason", "弄錯了") == 0
    assert not any("/suggest/" in ref for ref in refs(repo))


def on_some_branch(repo, private):
    git(repo, "checkout", "-q", "-b", "work")
    on_main(repo, private)
    git(repo, "checkout", "-q", "main")


def claimed(repo, private):
    found = []
    while USED not in found:
        found += [one.id for one in claim(records_of(open_workspace(repo)), "ENV", YEAR, 41)]


def private_draft(repo, private):
    commit(private, {f"{confirmations_folder()}/{USED}.yaml": text_of(41)})
    git(repo, "config", "manualsmith.records", "../private")


def beside_private_records(repo, private):
    suggested(repo, private)
    git(repo, "config", "manualsmith.records", "../private")


PLACES = (
    in_worktree,
    under_another_name,
    on_main,
    on_main_under_another_name,
    made_offline,
    suggested,
    as_evidence,
    on_a_remote_alone,
    of_a_release,
    withdrawn,
    on_some_branch,
    claimed,
    private_draft,
    beside_private_records,
)


@pytest.fixture
def private(tmp_path):
    return make_repo(tmp_path, {"README.md": "# records\n"}, name="private")


@pytest.fixture
def repo(tmp_path, private):
    return make_desk(tmp_path)


@pytest.mark.parametrize("place", PLACES)
def test_a_number_that_is_in_use_anywhere_is_not_given(repo, private, place):
    place(repo, private)
    [given] = claim(records_of(open_workspace(repo)), "ENV", YEAR)
    assert given.id == f"ENV-{YEAR}-0042"


def by_hand(repo, capsys):
    assert ms(repo, "confirm", "new", "--product", "nextcloud") == 0


def by_an_incident(repo, capsys):
    name = incident(repo, capsys, request(repo, capsys, "檔案一直卡住不動"))
    assert ms(repo, "incident", "resolve", name, "--step", "重新連線") == 0
    assert ms(repo, "incident", "to-confirmation", name) == 0


def by_a_walkthrough(repo, capsys):
    name = said(capsys, repo, "walkthrough", "new", "--page", "sign-in.md")["record"]["id"]
    for step in "123":
        assert ms(repo, "walkthrough", "step", name, step, "as-written") == 0
    assert ms(repo, "walkthrough", "to-confirmation", name) == 0


@pytest.mark.parametrize("give", [by_hand, by_an_incident, by_a_walkthrough])
def test_each_command_looks_where_suggestions_alone_have_it(repo, private, capsys, give):
    as_evidence(repo, private)
    give(repo, capsys)
    assert [p.stem for p in (repo / confirmations_folder()).glob("*.yaml")] == [f"ENV-{YEAR}-0042"]


@pytest.mark.parametrize("prefix", tuple(RECORDS))
def test_every_kind_of_record_is_looked_for_in_the_same_places(repo, private, prefix):
    """The file need not be right to keep its number."""
    folder, name = RECORDS[prefix].folder, f"{prefix}-2026"
    git(repo, "checkout", "-q", "-b", "work")
    commit(repo, {f"{folder}/{name}-0004.yaml": "x: 1\n"})
    git(repo, "update-ref", "refs/remotes/origin/work", "HEAD")
    git(repo, "checkout", "-q", "main")
    git(repo, "branch", "-q", "-D", "work")
    commit(repo, {f"{folder}/{name}-0002.yaml": "x: 1\n"})
    commit(private, {f"{folder}/{name}-0005.yaml": "x: 1\n"})
    (private / folder / f"{name}-0006.yaml").write_text("x: 1\n", "utf-8")
    git(repo, "config", "manualsmith.records", "../private")
    records = records_of(open_workspace(repo))
    assert known_ids(records, prefix) == {f"{name}-{n:04}" for n in (2, 4, 5, 6)}
    assert [one.id for one in claim(records, prefix, 2026)] == [f"{name}-0007"]


def heads(repo):
    return {ref: tip for ref, tip in refs(repo).items() if ref.startswith("refs/heads/")}


@pytest.mark.parametrize(
    "other",
    [
        {"findings": (OTHER_STEP,), "staff": "S-0001"},
        {"findings": (), "facts": FACT, "staff": "S-0001"},
        {"findings": (), "staff": None},
    ],
)
@pytest.mark.parametrize("committed", [False, True])
def test_another_confirmation_with_the_id_takes_nothing_back(repo, capsys, other, committed):
    file = write(repo, findings=(STEP, ENTRY))
    run(repo)
    file.unlink()
    another = confirmation(**other).replace("畫面和手冊不同", "桌面版登入不了")
    file = write(repo, text=another)
    if committed:
        commit(repo, {})
    before = heads(repo)
    assert ms(repo, "suggest", str(file)) == 1
    told = capsys.readouterr().err
    assert f"{file}:2:5: ENV-2026-0001 is the number of two confirmations" in told
    assert "suggest/O1.2." in told
    assert "manualsmith confirm new" in told
    assert heads(repo) == before


def test_nor_does_one_whose_id_stands_on_main(repo, capsys):
    commit(repo, {f"{confirmations_folder()}/ENV-2026-0001.yaml": confirmation()})
    text = confirmation(findings=(OTHER_STEP,), staff="S-0001").replace("手冊不同", "書不一樣")
    elsewhere = repo / "other.yaml"
    elsewhere.write_text(text, "utf-8")
    before = heads(repo)
    assert ms(repo, "suggest", str(elsewhere)) == 1
    assert f"main:{confirmations_folder()}/ENV-2026-0001.yaml" in capsys.readouterr().err
    assert heads(repo) == before


def test_the_other_confirmations_of_the_run_are_not_kept_waiting(repo):
    file = write(repo, findings=(STEP, ENTRY))
    run(repo)
    write(repo, text=confirmation(findings=(), staff="S-0001"))
    write(repo, 2, findings=(OTHER_STEP,))
    report = run(repo)
    assert [p.place.file for p in report.problems] == [str(file.relative_to(repo))]
    assert statuses(report) == {"ENV-2026-0002-1": "created"}


@pytest.mark.parametrize(
    "change",
    [
        {"findings": (STEP,)},
        {"findings": (OTHER_STEP,)},
        {"findings": (STEP,), "staff": "S-0001"},
        {"findings": (STEP.replace("- id: 1", "- id: 3"),), "staff": "S-0001"},
    ],
)
def test_a_version_of_the_confirmation_takes_back_what_it_gave_up(repo, change):
    write(repo, findings=(STEP, ENTRY))
    run(repo)
    write(repo, **change)
    assert statuses(run(repo))["ENV-2026-0001-2"] == "withdrawn"


def test_a_file_that_was_edited_is_one_though_all_in_it_was_changed(repo):
    """Git knows: main has had both, one after the other."""
    write(repo, findings=(STEP, ENTRY))
    run(repo)
    commit(repo, {})
    text = confirmation(findings=(OTHER_STEP,), staff="S-0001").replace("手冊不同", "書不一樣")
    write(repo, text=text)
    assert statuses(run(repo)) == {"ENV-2026-0001-1": "updated", "ENV-2026-0001-2": "withdrawn"}
    commit(repo, {})
    assert not run(repo).problems


def test_a_file_that_was_taken_away_and_is_there_again_is_another(repo):
    file = write(repo, findings=(STEP, ENTRY))
    run(repo)
    commit(repo, {})
    commit(repo, {str(file.relative_to(repo)): None})
    text = confirmation(findings=(OTHER_STEP,), staff="S-0001").replace("手冊不同", "書不一樣")
    commit(repo, {str(file.relative_to(repo)): text})
    assert "two confirmations" in str(run(repo).problems[0])
