"""Steps that one confirmation changes together: accepted in any order, with one result."""

from itertools import permutations
from pathlib import Path

import pytest

from gitrepo import git, make_repo
from manuals import write
from manualsmith.git.blobs import BlobReader
from manualsmith.workflow.queue.preview_suggestions import preview
from manualsmith.workflow.workspace.edits_beside import made_beside
from manualsmith.workflow.workspace.open_workspace import open_workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot
from reviewing import accept, listed, page, record, refresh, reject, statuses, suggest

MOBILE = "manuals/operation/mobile.md"
SHIPPED = (Path(__file__).parents[3] / MOBILE).read_text(encoding="utf-8")
IPHONE = SHIPPED[SHIPPED.index('=== "iPhone"') :]
LIST = "section: [安裝與登入], list: 1"
# What a walkthrough makes: the step reworded, one missing before the next, and that one reworded.
WALKED = (
    f'replace-step, {LIST}, step: "2", quote: 打開 App, text: 點手機桌面上的圖示。',
    f'insert-step, {LIST}, step: "3", quote: 在跳出的, position: before, text: 同意服務條款。',
    f'replace-step, {LIST}, step: "3", quote: 在跳出的, text: 掃描電腦上的 QR code。',
)
TAKEN_OUT = (
    f'delete-step, {LIST}, step: "3"',
    f'insert-step, {LIST}, step: "3", position: before, text: 乙，寫在它前面。',
    f'insert-step, {LIST}, step: "3", position: after, text: 甲，寫在它後面。',
)
ORDERS = list(permutations((1, 2, 3)))


def finding(number: int, edit: str, name: str = "mobile.md") -> str:
    return f"""- id: {number}
    summary: 步驟不同
    manual: operation
    page: {name}
    reason: 畫面不同
    edit: {{action: {edit}}}
"""


def opened(tmp_path: Path, edits: tuple[str, ...], text: str = SHIPPED) -> Path:
    """Return a repository with a suggestion for each edit of the page."""
    repo = make_repo(tmp_path, {MOBILE: text})
    write(repo, findings=tuple(finding(n, edit) for n, edit in enumerate(edits, 1)))
    assert set(statuses(suggest(repo)).values()) == {"created"}
    return repo


def name(number: int) -> str:
    return f"ENV-2026-0001-{number}"


def android(repo: Path) -> list[str]:
    """Return the Android steps on main; the rest of the page must be what it was."""
    text = page(repo, path=MOBILE)
    assert text.endswith(IPHONE)
    start, end = text.index('=== "Android"'), text.index('=== "iPhone"')
    assert text[:start] == SHIPPED[: SHIPPED.index('=== "Android"')]
    return [line.strip() for line in text[start:end].splitlines()[1:] if line.strip()]


FIRST = "1. 在 Google Play 搜尋「Nextcloud」，安裝由 Nextcloud 發行的 App。"
AFTER_WALK = [
    FIRST,
    "2. 點手機桌面上的圖示。",
    "3. 同意服務條款。",
    "4. 掃描電腦上的 QR code。",
    "5. 按「允許存取」。",
]
AFTER_TAKING_OUT = [
    FIRST,
    "2. 打開 App，按「登入」，輸入伺服器網址。",
    "3. 乙，寫在它前面。",
    "4. 甲，寫在它後面。",
    "5. 按「允許存取」。",
]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    ("edits", "result"), [(WALKED, AFTER_WALK), (TAKEN_OUT, AFTER_TAKING_OUT)], ids=["walk", "out"]
)
def test_accepted_one_by_one_in_any_order(tmp_path, order, edits, result):
    repo = opened(tmp_path, edits)
    for number in order:
        assert listed(repo)[name(number)].standing.kind in ("applies", "moved")
        assert statuses(accept(repo, name(number))) == {name(number): "accepted"}
    assert android(repo) == result


@pytest.mark.parametrize("order", ORDERS[1::2])
def test_accepted_at_once_put_on_main_again_and_previewed(tmp_path, order):
    repo = opened(tmp_path, WALKED)
    names = [name(number) for number in order]
    [shown] = preview(open_workspace(repo), names).pages
    first, *rest = names
    accept(repo, first)
    assert set(statuses(refresh(repo)).values()) <= {"updated", "unchanged", "refreshed"}
    assert set(statuses(accept(repo, *rest)).values()) == {"accepted"}
    assert android(repo) == AFTER_WALK
    assert shown.after == page(repo, path=MOBILE)


def test_what_was_rejected_is_not_counted_on(tmp_path):
    """A step that is not what another finding would have made of it is not taken for it."""
    repo = opened(tmp_path, WALKED)
    reject(repo, name(3))
    assert set(statuses(accept(repo, name(1), name(2))).values()) == {"accepted"}
    assert android(repo)[2:4] == [
        "3. 同意服務條款。",
        "4. 在跳出的瀏覽器輸入帳號和密碼，按「登入」。",
    ]


@pytest.mark.parametrize("steps", [2, 3])
def test_a_tab_is_not_taken_for_another(tmp_path, steps):
    """The Android steps were rewritten by others: what is left is refused, the iPhone's stay."""
    repo = opened(tmp_path, WALKED)
    text = page(repo, path=MOBILE)
    start, end = text.index('=== "Android"'), text.index('=== "iPhone"')
    rewritten = '=== "Android"\n\n    1. 換了。\n    2. 全部。\n' + "    3. 重寫。\n" * (steps - 2)
    file = repo / MOBILE
    file.write_text(text[:start] + rewritten + "\n" + text[end:], encoding="utf-8")
    git(repo, "commit", "-qam", "Rewrite")
    report = accept(repo, *(name(number) for number in (1, 2, 3)))
    assert set(statuses(report).values()) == {"refused"}
    assert page(repo, path=MOBILE).endswith(IPHONE)
    assert rewritten in page(repo, path=MOBILE)


@pytest.mark.parametrize("what", ["accepted", "open", "rejected", "another base", "another page"])
def test_which_edits_count_as_made_beside(tmp_path, what):
    repo = opened(tmp_path, WALKED[:2])
    asked = record(repo, name(2), at=f"suggest/O1.2.1/{name(2)}")
    if what == "accepted" or what.startswith("another"):
        accept(repo, name(1))
    elif what == "rejected":
        reject(repo, name(1))
    [edit] = asked.edits
    other = {"another base": {"blob": "0" * 40}, "another page": {"page": "sign-in.md"}}
    edit = edit.model_copy(update=other.get(what, {}))
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        made = made_beside(asked, edit, main_snapshot(workspace, reader))
    assert [one.step for one in made] == (["2"] if what == "accepted" else [])
