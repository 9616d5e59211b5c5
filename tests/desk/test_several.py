"""Forty before lunch: several at once, what belongs together, and undoing."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from gitrepo import commit, git, make_repo, refs
from manualsmith.cli.group import run
from rooms import STEP_ID, alone, make_rooms, many, member, post

MANY = 200


@pytest.fixture
def repo(tmp_path):
    return make_rooms(tmp_path)


def test_two_hundred_are_ticked_and_the_one_that_conflicts_is_told(tmp_path):
    repo = many(tmp_path, MANY)
    commit(repo, {"manuals/operation/p7.md": "# 別的\n\n沒有那一節。\n"})
    asks = alone(repo)
    names = [f"ENV-2026-0001-{n}" for n in range(1, MANY + 1)]
    answer = post(asks, "/review/several", chosen=names, do="accept")
    assert answer.status_code == 200
    assert f"完成 {MANY - 1} 項，維持原狀 1 項" in answer.text
    left = answer.text.partition("維持原狀</h2>")[2].partition("</ul>")[0]
    assert "ENV-2026-0001-7" in left
    assert [name for name in refs(repo) if "suggest/" in name] == [
        "refs/heads/suggest/O1.2.1/ENV-2026-0001-7"
    ]
    assert git(repo, "show", "main:manuals/operation/p200.md").endswith("補充 200。")


def test_all_that_are_listed_on_other_pages_too_are_decided_as_filtered(tmp_path):
    repo = many(tmp_path, 64)
    asks = alone(repo)
    page = asks.get("/review?q=第").text
    assert "清單裡的全部 64 項" in page
    listed = re.search('name="matching" value="([0-9a-f ]+)"', page)[1]
    before = asks.get("/review?q=ENV-2026-0001-6").text
    assert 'name="matching"' not in before  # one page, and all of it can be ticked
    first = listed[:12]
    early = post(asks, "/review/several?q=ENV-2026-0001-6", do="accept", matching=first)
    assert early.status_code == 422  # what came after the page was shown is not decided unseen
    answer = post(asks, "/review/several?q=ENV-2026-0001-6", do="accept", matching=listed)
    assert "完成 6 項，維持原狀 0 項" in answer.text  # 6, 60 to 64
    answer = post(asks, "/review/several?q=第", do="reject", reason="不對", matching=listed)
    assert "完成 58 項，維持原狀 0 項" in answer.text
    assert not [name for name in refs(repo) if "suggest/" in name]
    assert run(["-C", str(repo), "verify", "--all"]) == 0


def test_one_reason_rejects_several_and_none_rejects_nothing(tmp_path):
    repo = many(tmp_path, 4)
    asks, before = alone(repo), refs(repo)
    names = ["ENV-2026-0001-1", "ENV-2026-0001-2"]
    assert post(asks, "/review/several", chosen=names, do="reject").status_code == 422
    assert post(asks, "/review/several", do="accept").status_code == 422
    assert post(asks, "/review/several", chosen=names, do="drop").status_code == 422
    assert refs(repo) == before
    answer = post(asks, "/review/several", chosen=names, do="reject", reason="不對")
    assert "完成 2 項" in answer.text
    assert post(asks, "/review/undo", undo=names).status_code == 303
    assert refs(repo).keys() >= {f"refs/heads/suggest/O1.2.1/{name}" for name in names}


def test_what_was_changed_since_it_was_listed_is_not_decided(tmp_path):
    repo = many(tmp_path, 2)
    asks = alone(repo)
    seen = {"seen.ENV-2026-0001-1": "0" * 40}
    names = ["ENV-2026-0001-1", "ENV-2026-0001-2"]
    answer = post(asks, "/review/several", chosen=names, do="accept", **seen)
    assert "完成 1 項，維持原狀 1 項" in answer.text


def test_each_part_of_a_confirmation_has_its_own_answer(tmp_path):
    repo = many(tmp_path, 3)
    asks = alone(repo)
    queue = asks.get("/review").text
    assert "/review/together/ENV-2026-0001" in queue
    page = asks.get("/review/together/ENV-2026-0001").text
    assert page.count('class="part"') == 3
    answers = {"do.ENV-2026-0001-1": "accept", "do.ENV-2026-0001-2": "reject"}
    answer = post(asks, "/review/several", **answers, reason="不用", **{"do.ENV-2026-0001-3": ""})
    assert "完成 2 項，維持原狀 0 項" in answer.text
    assert "ENV-2026-0001-3" in asks.get("/review").text
    assert asks.get("/review/together/ENV-2026-0009").status_code == 422


def decided(asks, move="accept", **fields):
    answer = post(asks, f"/review/{STEP_ID}/{move}", **fields)
    assert answer.status_code == 303
    return answer.headers["location"]


@pytest.mark.parametrize(("move", "fields"), [("accept", {}), ("reject", {"reason": "不對"})])
def test_the_message_after_a_decision_undoes_it(repo, move, fields):
    asks, before = alone(repo), git(repo, "show", "main:manuals/operation/sign-in.md")
    at = decided(asks, move, **fields)
    page = asks.get(at).text
    assert f'name="undo" value="{STEP_ID}"' in page
    answer = post(asks, "/review/undo", undo=STEP_ID)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/review/{STEP_ID}")
    assert git(repo, "show", "main:manuals/operation/sign-in.md") == before
    assert f"refs/heads/suggest/O1.2.1/{STEP_ID}" in refs(repo)
    shown = asks.get(f"/review/{STEP_ID}").text
    assert "先前的決定" in shown
    assert run(["-C", str(repo), "verify", "--all"]) == 0


def test_two_people_undo_one_decision(repo):
    asks, other = member(repo, "reviewer"), member(repo, "lead")
    decided(asks)
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda one: post(one, "/review/undo", undo=STEP_ID), (asks, other)))
    assert sorted(one.status_code for one in answers) == [303, 409], [one.text for one in answers]
    assert f"refs/heads/suggest/O1.2.1/{STEP_ID}" in refs(repo)


def test_an_undo_whose_place_has_changed_writes_nothing(repo):
    asks = alone(repo)
    decided(asks)
    page = git(repo, "show", "main:manuals/operation/sign-in.md")
    changed = re.sub(r"^(\d+)\. 按「允許存取」。$", r"\1. 按別的。", page, flags=re.MULTILINE)
    assert changed != page
    commit(repo, {"manuals/operation/sign-in.md": changed})
    before = git(repo, "rev-parse", "main")
    answer = post(asks, "/review/undo", undo=STEP_ID)
    assert answer.status_code == 409
    assert git(repo, "rev-parse", "main") == before


def listed(asks, **query) -> list[str]:
    return re.findall(
        r'class="summary" href="/review/([^"?]+)', asks.get("/review", params=query).text
    )


def test_filters_and_orders(repo):
    asks = alone(repo)
    everything = listed(asks)
    assert len(everything) == 4
    step, entry = STEP_ID, "ENV-2026-0001-2"
    assert step in listed(asks, page="登入")  # its title
    assert listed(asks, page="登入") == listed(asks, page="operation/SIGN-in")
    assert entry not in listed(asks, page="登入")
    assert listed(asks, manual="troubleshooting", q="補上") == [entry]
    assert listed(asks, product="nextcloud") == everything
    assert listed(asks, product="other") == []
    assert listed(asks, by="S-04") == everything
    assert listed(asks, by="S-9") == []
    assert listed(asks, days="1") == [] or set(listed(asks, days="1")) <= set(everything)
    assert listed(asks, days="很久") == everything
    assert (
        sorted(listed(asks, sort="new")) == sorted(listed(asks, sort="page")) == sorted(everything)
    )
    assert set(listed(asks, meets="1")) <= set(everything)
    post(asks, f"/review/{step}/reject", reason="不對")
    told = asks.get("/review", params={"state": "rejected"}).text
    # by whom, and when
    assert re.search(r'<span>[^<]+ <time datetime="20[^"]+" title="20[^"]+">', told)


def test_only_reviewers_decide_several(repo):
    asks = member(repo, "staff")
    assert post(asks, "/review/several", chosen=[STEP_ID], do="accept").status_code == 403
    assert post(asks, "/review/undo", undo=STEP_ID).status_code == 403
    assert 'name="chosen"' not in asks.get("/review").text


def test_a_repository_without_a_confirmation_has_its_page(tmp_path):
    made = make_repo(tmp_path, {"manuals/operation/a.md": "# A\n"})
    assert alone(made).get("/confirmations").status_code == 200
