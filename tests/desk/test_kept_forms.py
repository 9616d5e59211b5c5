"""What was typed and not sent is there again, whatever happened in between."""

import json
import re

import pytest

from manualsmith.desk.kept_forms import MOST, KeptForm, KeptForms, new_form
from rooms import STEP_ID, alone, csrf, hidden, make_rooms, member, post, typing

FIELDS = {"symptom": "登入不了", "product": "nextcloud"}


@pytest.fixture
def repo(tmp_path):
    return make_rooms(tmp_path)


def incident(asks):
    name = (
        post(asks, "/requests", **FIELDS).headers["location"].partition("?")[0].rpartition("/")[2]
    )
    at = post(asks, "/incidents", request=name).headers["location"]
    return at.partition("?")[0].rpartition("/")[2]


def places(asks):
    """Return each kind of form: its page, its address, and fields that are typed into it."""
    name = incident(asks)
    walk = post(asks, "/walkthroughs", page="operation/sign-in.md").headers["location"]
    return [
        ("/requests/new", "/requests", {"symptom": "一半", "detail": "還在說"}),
        (f"/records/{name}", f"/incidents/{name}/log", {"note": "試到一半", "minutes": "7"}),
        (f"/records/{name}", f"/incidents/{name}/escalate", {"note": "問到一半"}),
        (f"/records/{name}", f"/incidents/{name}/resolve", {"steps": "一\n二", "cause": "不明"}),
        (f"/review/{STEP_ID}", f"/review/{STEP_ID}/accept", {"wording.text": "按「半」。"}),
        (f"/review/{STEP_ID}", f"/review/{STEP_ID}/accept", {"reason": "因為"}),
        ("/walkthroughs", "/walkthroughs", {"requester": "教務處"}),
        (walk, f"{walk}/steps/2", {"seen": "按「別的」。", "note": "怪"}),
    ]


def test_each_form_has_again_what_was_typed(repo):
    asks = alone(repo)
    found = places(asks)
    for page, key, fields in found:
        typing(asks, page, key, **fields)
        other = alone(repo)  # another browser of the same person, or the server started anew
        html = other.get(page).text
        for text in fields.values():
            assert text in html, (page, key)
        listed = other.get("/").text
        assert 'class="plain continue"' in listed
    keys = {key for _, key, _ in found}
    assert listed.count("/typed/drop") == len(keys)


def test_what_is_refused_is_kept_and_what_is_taken_is_done_with(repo):
    asks = alone(repo)
    form = typing(asks, "/requests/new", "/requests", **FIELDS)
    bad = {**form, "detail": "請打 0912-345-678"}
    assert post(asks, "/requests", **bad).status_code == 422
    assert "0912-345-678" in asks.get("/requests/new").text
    assert post(asks, "/requests", **form).status_code == 303
    assert "登入不了" not in asks.get("/requests/new").text
    # a save that was on its way brings nothing back
    assert post(asks, "/typed", **form).status_code == 409
    assert "登入不了" not in asks.get("/requests/new").text


def test_two_calls_at_once_are_two_forms(repo):
    asks = alone(repo)
    first = hidden(asks.get("/requests/new").text, "/requests")
    second = hidden(asks.get("/requests/new").text, "/requests")
    assert first["form-id"] != second["form-id"]
    for form, symptom in ((first, "甲"), (second, "乙")):
        assert post(asks, "/typed", **form, symptom=symptom).status_code == 204
    for form, symptom in ((first, "甲"), (second, "乙")):
        page = asks.get("/requests/new", params={"form": form["form-id"]}).text
        assert f'name="symptom" value="{symptom}"' in page
    assert 'name="symptom" value=""' in asks.get("/requests/new?new=/requests").text
    answer = post(asks, "/typed/drop", dropped=first["form-id"])
    assert answer.status_code == 303
    assert "甲" not in asks.get("/").text


def test_looking_at_the_wording_ends_no_form(repo):
    asks = alone(repo)
    at = f"/review/{STEP_ID}"
    form = typing(asks, at, f"{at}/accept", worded="1", **{"wording.text": "按「半」。"})
    assert post(asks, f"{at}/wording", **form).status_code == 200
    assert "按「半」。" in asks.get(at).text
    assert post(asks, f"{at}/refresh", **form).status_code == 303
    assert "按「半」。" in asks.get(at).text


def test_a_half_written_edit_is_there_after_another_step(repo):
    asks = alone(repo)
    at = post(asks, "/confirmations", reported="畫面不同").headers["location"]
    page = {"page": "operation/sign-in.md"}
    steps = re.findall(r"<li>(.*?)</li>", asks.get(f"{at}?page=operation/sign-in.md").text)
    where = {**page, "kind": "step", "way": "1", "list": "1", "anchor": "first", "text": steps[0]}
    edit = post(asks, f"{at}/point", **where).text
    key = re.search(r'name="form-key" value="([^"]+)"', edit)[1].replace("&#34;", '"')
    form = {
        "form-id": re.search(r'name="form-id" value="([^"]+)"', edit)[1],
        "form-key": key,
        "form-title": "第一次登入",
        "form-page": at,
        **{f"at.{name}": value for name, value in where.items()},
        **page,
    }
    assert post(asks, "/typed", **form, text="按「寫到一半」。").status_code == 204
    page_again = asks.get(at).text
    assert "寫到一半：第一次登入" in page_again
    assert "按「寫到一半」。" in post(asks, f"{at}/point", **where).text
    assert (
        "按「寫到一半」。"
        not in post(asks, f"{at}/point", **{**where, "way": "2", "text": steps[1]}).text
    )


def test_they_are_each_persons_own(repo):
    asks, other = member(repo, "staff"), member(repo, "lead")
    typing(asks, "/requests/new", "/requests", symptom="我打的字")
    assert "我打的字" not in other.get("/requests/new").text
    assert "我打的字" not in other.get("/").text


def test_another_language_stays_on_the_page(repo):
    asks = alone(repo)
    headers = {"referer": f"{asks.base_url}/records/{STEP_ID}?x=1"}
    answer = asks.post("/language", data={"csrf": csrf(asks), "language": "en"}, headers=headers)
    assert answer.headers["location"] == f"/records/{STEP_ID}?x=1"
    headers = {"referer": "https://other.example/records"}
    answer = asks.post("/language", data={"csrf": csrf(asks), "language": "en"}, headers=headers)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("bad", ["", "../../config", "x", "A" * 23, "A/AAAAAAAAAAAAAAAAAAAA"])
def test_an_id_that_is_none_keeps_nothing(repo, bad, tmp_path):
    asks = alone(repo)
    fields = {"form-id": bad, "form-key": "/requests", "symptom": "x"}
    assert post(asks, "/typed", **fields).status_code == 409
    forms = KeptForms(tmp_path / "forms")
    assert not forms.put(KeptForm(bad, "/requests"))
    assert forms.get(bad) is None
    forms.end(bad)
    assert not (tmp_path / "forms").exists()


def test_the_page_of_a_form_is_the_desks_own(tmp_path):
    forms = KeptForms(tmp_path)
    for page in ("https://other.example", "//other.example", "/\\other.example", "javascript:x"):
        form = new_form("/requests")
        assert forms.put(KeptForm(form.id, form.key, "t", page))
        assert forms.get(form.id).page == "/"


def test_the_oldest_go_and_a_damaged_one_is_none(tmp_path):
    forms = KeptForms(tmp_path)
    for _ in range(MOST + 5):
        assert forms.put(new_form("/requests"))
    assert len(list(forms.all())) == MOST
    one = next(forms.all())
    (tmp_path / f"{one.id}.json").write_text("{", "utf-8")
    assert forms.get(one.id) is None
    assert len(list(forms.all())) == MOST - 1


def test_enter_in_a_walkthrough_chooses_no_result(repo):
    asks = alone(repo)
    walk = post(asks, "/walkthroughs", page="operation/sign-in.md").headers["location"]
    for form in re.findall(r"<form[^>]*steps/\d+.*?</form>", asks.get(walk).text, re.DOTALL):
        first = re.search(r"<button[^>]*>", form)[0]
        assert "disabled" in first


def test_a_finding_is_changed_taken_out_and_put_back(repo):
    asks = alone(repo)
    at = post(asks, "/confirmations", reported="畫面不同").headers["location"]
    for text in ("按甲。", "按乙。"):
        edit = {"page": "operation/sign-in.md", "action": "insert-step", "text": text}
        target = {"section": ["登入", "第一次登入"], "step": 1}
        made = post(asks, f"{at}/findings", **edit, target=json.dumps(target), summary=text)
        assert made.status_code == 303, made.text
    words = {"summary": "改過", "wording.text": "按丙。"}
    assert post(asks, f"{at}/findings/0", **words).status_code == 303
    page = asks.get(at).text
    assert "<strong>改過</strong>" in page
    assert "<blockquote>按丙。</blockquote>" in page
    assert post(asks, f"{at}/findings/0", **{**words, "wording.text": ""}).status_code == 422
    assert post(asks, f"{at}/findings/7", **words).status_code == 422
    assert post(asks, f"{at}/remove", number="0").status_code == 303
    assert "已移除：改過" in asks.get(at).text
    assert post(asks, f"{at}/put-back").status_code == 303
    page = asks.get(at).text
    assert page.index("改過") < page.index("<strong>按乙。</strong>")  # where it was
    assert post(asks, f"{at}/put-back").status_code == 422
