"""A picture for a manual's page, from the desk: pointed at, tried, handed in, reviewed, taken."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from gitrepo import git, refs, show
from manualsmith.records.pictures import taken
from rooms import alone, csrf, make_rooms, post
from shots import images, is_right, named, shot

PAGE = "operation/sign-in.md"
DATA = taken(shot(), "").data


@pytest.fixture
def repo(tmp_path) -> Path:
    return make_rooms(tmp_path)


def begin(asks) -> str:
    return post(asks, "/confirmations", product="nextcloud", reported="畫面").headers["location"]


def step(**more: str) -> dict[str, str]:
    target = '{"section": ["第一次登入"], "step": "2"}'
    told = {"page": PAGE, "target": target, "action": "insert-step", "text": "看這裡。"}
    return {**told, "on-page": "1", "alt": "登入畫面", **more}


def upload(asks, at: str, fields: dict[str, str], data: bytes | None = None, name: str = "a.png"):
    files = [("picture", (name, shot() if data is None else data, "image/png"))]
    return asks.post(at, data={"csrf": csrf(asks), **fields}, files=files)


def test_from_the_form_to_the_page(repo, tmp_path):
    asks = alone(repo)
    at = begin(asks)
    tried = upload(asks, f"{at}/try", step())
    assert tried.status_code == 200
    [kept] = re.findall(r'name="kept-picture" value="([0-9a-f]{16}\.png)"', tried.text)
    assert kept == named(DATA)
    [address] = {*re.findall(r'<img [^>]*src="(/pictures/[^"]+)"', tried.text)}
    assert asks.get(address).content == DATA
    # it was sent once, and is named from then on
    before = refs(repo)
    assert post(asks, f"{at}/try", **step(), **{"kept-picture": kept}).status_code == 200
    assert refs(repo) == before
    added = post(asks, f"{at}/findings", **step(), **{"kept-picture": kept})
    assert added.status_code == 303
    assert f'src="/pictures/{kept}" alt="登入畫面"' in asks.get(at).text
    name = re.search(r"ENV-\d{4}-\d{4}", post(asks, f"{at}/hand-in").headers["location"])[0]
    branch = f"suggest/O1.2.1/{name}-1"
    assert images(repo, branch) == {f"sign-in-{kept}": DATA}
    page = asks.get(f"/review/{name}-1").text
    assert "新圖片" in page
    [address] = {*re.findall(r'<img [^>]*src="(/pictures/[^"]+of=[^"]+)"', page)}
    assert Image.open(io.BytesIO(asks.get(address).content)).size == (60, 40)
    assert f"/pictures/{kept}" in asks.get(f"/records/{name}").text
    assert post(asks, f"/review/{name}-1/accept").status_code == 303
    assert images(repo, "main") == {f"sign-in-{kept}": DATA}
    assert is_right(repo)
    manual = asks.get("/manual/operation/sign-in.md").text
    [address] = re.findall(r'src="(/files/[^"]+)"', manual)
    assert asks.get(address).content == DATA


def test_a_picture_alone_is_added_to_a_section(repo):
    asks = alone(repo)
    at = begin(asks)
    told = step(target='{"section": ["第一次登入"]}', action="append-to-section", text="")
    assert upload(asks, f"{at}/findings", told).status_code == 303
    post(asks, f"{at}/hand-in")
    [branch] = [ref for ref in refs(repo) if "ENV-2026-0002-1" in ref]
    text = show(repo, f"{branch}:manuals/operation/sign-in.md").decode()
    assert f"| macOS | 12 |\n\n![登入畫面](images/sign-in-{named(DATA)})\n" in text


REFUSED = {
    "without its text": ({"alt": ""}, None, "請用一句話說明圖片的內容"),
    "with blanks for one": ({"alt": "  "}, None, "請用一句話說明圖片的內容"),
    "with a text of several lines": ({"alt": "a\nb"}, None, "只能有一行"),
    "that is none": ({}, "文字".encode(), "可以用：PNG, JPEG, WebP"),
    "that is a drawing": (
        {},
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "可以用：PNG, JPEG, WebP",
    ),
}


@pytest.mark.parametrize("how", ["try", "findings"])
@pytest.mark.parametrize("bad", REFUSED)
def test_a_picture_is_refused(repo, bad, how):
    fields, data, told = REFUSED[bad]
    asks = alone(repo)
    before = refs(repo)
    answer = upload(asks, f"{begin(asks)}/{how}", step(**fields), data)
    assert answer.status_code == 422
    assert told in answer.text
    assert refs(repo) == before


def test_none_was_chosen(repo):
    asks = alone(repo)
    answer = post(asks, f"{begin(asks)}/try", **step())
    assert answer.status_code == 422
    assert "請先選擇要放進頁面的圖片" in answer.text


def test_an_alternative_text_with_a_link_in_it_is_words(repo):
    asks = alone(repo)
    answer = upload(asks, f"{begin(asks)}/try", step(alt="](javascript:alert(1))[<b>"))
    assert answer.status_code == 200
    assert "javascript:alert(1)" in answer.text
    assert 'href="javascript' not in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize("of", ["main", "HEAD:pyproject.toml", "0" * 40, "../x", "a" * 41])
def test_no_other_object_is_a_picture(repo, of):
    asks = alone(repo)
    assert asks.get("/pictures/0123456789abcdef.png", params={"of": of}).status_code == 404


def test_no_page_is_read_as_a_picture(repo):
    blob = git(repo, "rev-parse", "main:manuals/operation/sign-in.md")
    asks = alone(repo)
    assert asks.get("/pictures/0123456789abcdef.png", params={"of": blob}).status_code == 404
