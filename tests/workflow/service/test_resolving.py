"""An incident says what was wrong: an entry, a place of the operation manual, or neither."""

import pytest

from desks import incident, make_desk, ms, said
from gitrepo import show
from manualsmith.records.models.confirmation import parse_confirmation
from rooms import alone, post

STEPS = {
    "manuals/operation/sharing.md": "# 分享檔案\n\n## 設定期限\n\n1. 按「分享」。\n2. 選日期。\n",
}


@pytest.fixture
def repo(tmp_path):
    return make_desk(tmp_path, STEPS)


def drafted(repo, name, *more):
    assert ms(repo, "incident", "to-confirmation", name, *more) == 0
    [file] = (repo / "records/confirmations").glob("*.yaml")
    return parse_confirmation(file.read_bytes(), file.name)


def resolved(repo, capsys, name) -> dict:
    shown = said(capsys, repo, "incident", "show", name)
    return {key: shown.get(key) for key in ("entry", "worked", "resolution")}


PLACE = {"manual": "operation", "page": "sharing.md", "section": ["分享檔案", "設定期限"]}
ENTRY = {"page": "sync.md", "section": ["同步問題", "卡住"]}
ABOUT = {
    "an entry that worked": ({"about": "entry", "entry": "卡住"}, ENTRY, "as-written"),
    "an entry by its page": ({"about": "entry", "entry": "同步問題#卡住"}, ENTRY, "as-written"),
    "a place that worked": ({"about": "place", "place": "設定期限"}, PLACE, "as-written"),
    "a place corrected": (
        {
            "about": "place",
            "place": "分享檔案#設定期限",
            "worked": "corrected",
            "steps": "按「期限」",
        },
        PLACE,
        "corrected",
    ),
    "neither": ({"about": "neither", "steps": "重開機"}, None, "no-entry"),
}
AS_OPTIONS = {"entry": "--entry", "place": "--place", "steps": "--step"}


@pytest.mark.parametrize("way", ABOUT)
def test_the_desk_and_the_command_say_the_same(repo, capsys, way):
    form, place, worked = ABOUT[way]
    options = [text for name, value in form.items() if name in AS_OPTIONS
               for text in (AS_OPTIONS[name], value)]  # fmt: skip
    by_desk, by_command = incident(repo, capsys), incident(repo, capsys)
    assert post(alone(repo), f"/incidents/{by_desk}/resolve", **form).status_code == 303
    assert ms(repo, "incident", "resolve", by_command, *options) == 0
    found = resolved(repo, capsys, by_desk)
    assert found == resolved(repo, capsys, by_command)
    assert found["worked"] == worked
    assert (found["entry"] and {**found["entry"]}) == place


def test_what_is_of_another_choice_is_not_read(repo, capsys):
    name = incident(repo, capsys)
    form = {
        "about": "entry",
        "entry": "卡住",
        "place": "設定期限",
        "worked": "as-written",
        "steps": "x",
    }
    assert post(alone(repo), f"/incidents/{name}/resolve", **form).status_code == 303
    assert resolved(repo, capsys, name)["worked"] == "as-written"
    assert resolved(repo, capsys, name)["resolution"] is None


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"about": "entry"}, "依據的是哪一個排除項目"),
        ({"about": "place", "place": "沒有這一節"}, "沒有頁面"),
        ({"about": "entry", "entry": "卡祝"}, "沒有名為「卡祝」的排除項目"),
        ({"about": "place", "place": "設定期限", "worked": "corrected"}, "沒有寫排除方法"),
        ({"about": "neither"}, "沒有寫排除方法"),
    ],
)
def test_what_is_missing_is_told_and_kept(repo, capsys, form, told):
    name = incident(repo, capsys)
    answer = post(alone(repo), f"/incidents/{name}/resolve", **form)
    assert answer.status_code == 422
    assert told in answer.text
    assert "resolve" not in show(repo, f"main:records/incidents/{name}.yaml").decode()


def test_what_held_is_confirmed_and_nothing_else_is_offered(repo, capsys):
    name = incident(repo, capsys)
    ms(repo, "incident", "resolve", name, "--place", "設定期限")
    page = alone(repo).get(f"/records/{name}").text
    assert "起草「照手冊操作無誤」的確認書" in page
    assert '<select name="page">' not in page
    assert ms(repo, "incident", "to-confirmation", name, "--page", "sync") == 1
    made = drafted(repo, name)
    assert made.findings == ()
    assert (made.confirmed[0].manual, made.confirmed[0].section) == (
        "operation",
        ("分享檔案", "設定期限"),
    )


def test_a_place_that_did_not_hold_is_corrected_there(repo, capsys):
    name = incident(repo, capsys)
    how = ("--place", "設定期限", "--cause", "按鈕改名了", "--step", "按「期限」")
    ms(repo, "incident", "resolve", name, *how)
    capsys.readouterr()
    made = drafted(repo, name)
    assert "point at" in capsys.readouterr().err
    [finding] = made.findings
    assert (finding.manual, finding.page) == ("operation", "sharing.md")
    assert finding.edit.action == "append-to-section"
    assert finding.edit.text == "按鈕改名了\n\n1. 按「期限」"


def test_a_new_entry_stands_on_the_page_that_is_chosen(repo, capsys):
    name = incident(repo, capsys)
    asks = alone(repo)
    post(asks, f"/incidents/{name}/resolve", about="neither", steps="重開機")
    page = asks.get(f"/records/{name}").text
    assert '<option value="同步問題">同步問題</option>' in page
    assert "分享檔案</option>" not in page.partition('name="page"')[2]
    gone = post(asks, f"/incidents/{name}/to-confirmation", page="同步問題")
    assert gone.status_code == 303
    [file] = (repo / "records/confirmations").glob("*.yaml")
    [finding] = parse_confirmation(file.read_bytes(), file.name).findings
    assert (finding.page, finding.edit.action) == ("sync.md", "add-entry")


def test_what_the_user_reported_is_on_the_incident(repo, capsys):
    asked = said(
        capsys, repo, "request", "new", "--symptom", "卡住", "--product", "p",
        "--detail", "從早上開始\n一直轉", "--unit", "總務處",
    )["record"]["id"]  # fmt: skip
    name = incident(repo, capsys, asked)
    page = alone(repo).get(f"/records/{name}").text.partition("moves")[0]
    assert "從早上開始\n一直轉" in page
    assert "總務處" in page
    assert f'href="/records/{asked}"' in page
