"""A report is pasted or dropped into a confirmation's form: shown, put in on a click, not kept."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browsers import DESKTOP, PHONE
from gitrepo import commit
from machine_reports import PRIVATE, private_in, report
from rooms import alone, csrf, make_rooms, post, served

SETTINGS = '[tool.manualsmith.reported_facts]\n"desktop-client.version" = "client.version"\n'
CLIENT = report("desktop-client.page.txt").read_text("utf-8")
SYSTEM = report("systeminfo.zh.txt")


@pytest.fixture
def repo(tmp_path):
    made = make_rooms(tmp_path)
    commit(made, {"pyproject.toml": SETTINGS})
    return made


def begin(asks) -> str:
    return post(asks, "/confirmations", product="nextcloud", reported="畫面不同").headers[
        "location"
    ]


def read(asks, at, *files, **fields):
    """Send a report as a browser does."""
    sent = [("report-file", (file.name, file.read_bytes(), "text/plain")) for file in files]
    data = {"csrf": csrf(asks), **fields}
    return asks.post(f"{at}/read", data=data, files=sent, headers={"x-part": "1"})


def values(html: str) -> dict[str, str]:
    """Return what a browser sends of what was read: hidden fields, and boxes that are ticked."""
    hidden = dict(
        re.findall(r'type="hidden" form="confirmation" name="([^"]+)" value="([^"]*)"', html)
    )
    ticked = re.findall(
        r'type="checkbox" form="confirmation" name="([^"]+)" value="1" checked', html
    )
    return {**hidden, **dict.fromkeys(ticked, "1")}


def form(html: str) -> dict[str, str]:
    """Return the environment's fields as they stand in the form."""
    return dict(re.findall(r'name="(facts(?:-\d+-\w+)?)" value="([^"]*)"', html))


def kept(repo: Path) -> str:
    """Return all that is on disk, of git and beside it."""
    return "".join(
        file.read_bytes().decode("utf-8", "replace") for file in repo.rglob("*") if file.is_file()
    )


def test_it_is_shown_beside_the_manual_and_put_in_on_a_click(repo):
    asks = alone(repo)
    at = begin(asks)
    answer = read(asks, at, SYSTEM, report=CLIENT)
    assert answer.status_code == 200, answer.text
    assert "3.13" in answer.text
    assert "報告寫的是 3.16.4" in answer.text
    assert form(asks.get(at).text)["facts-0-observed"] == ""  # nothing is in before the click
    typed = {"product": "nextcloud", "reported": "改寫過"}
    done = post(asks, f"{at}/fill", **typed, **form(asks.get(at).text), **values(answer.text))
    assert done.status_code == 303
    page = asks.get(at).text
    assert "改寫過" in page  # what was typed meanwhile is there
    rows = form(page)
    seen = {
        rows[f"facts-{n}-fact"]: (rows[f"facts-{n}-documented"], rows[f"facts-{n}-observed"])
        for n in range(int(rows["facts"]))
        if rows.get(f"facts-{n}-observed")
    }
    assert seen["client.version"] == ("3.13", "3.16")
    assert seen["memory.size"] == ("", "32 GB")
    assert seen["network.kind"] == ("", "有線網路")
    made = post(asks, f"{at}/hand-in", **typed, date="2026-11-28", **rows)
    name = made.headers["location"].partition("?")[0].rpartition("/")[2]
    record = asks.get(f"/records/{name}").text
    assert "電腦型號" in record
    assert "報告寫的是 3.16.4" in record
    # another suggestion says the same already: this one joins it
    assert name in asks.get("/review/ENV-2026-0001-operation-client.version").text
    assert private_in(record) == []


def test_nothing_of_a_report_is_kept(repo):
    asks = alone(repo)
    at = begin(asks)
    before = private_in(kept(repo))
    text = SYSTEM.read_text("utf-8")
    for answer in (
        read(asks, at, SYSTEM, report("lshw.json"), report=CLIENT),
        read(asks, at, report=text),
        read(asks, at, report=text[:300]),  # a part of one is refused
        asks.post(f"{at}/read", data={"csrf": csrf(asks), "report": text[:300]}),
        post(asks, f"{at}/read", report=text),  # without script
    ):
        assert private_in(answer.text) == []
    post(asks, at, product="nextcloud", report=text, facts="0")
    assert private_in(kept(repo)) == before == []
    assert len(PRIVATE) > 10


@pytest.mark.parametrize(
    ("files", "text", "said"),
    [
        ((), "", "請貼上報告"),
        ((), "使用者說登入不了", "不是認得的報告"),
        ((report("dxdiag.txt"),), "", None),
        ((Path(__file__),), "", "不是認得的報告"),
    ],
)
def test_what_is_no_report_is_told(repo, files, text, said):
    asks = alone(repo)
    asks.cookies.set("manualsmith-language", "zh_TW")
    answer = read(asks, begin(asks), *files, report=text)
    assert answer.status_code == (422 if said else 200)
    assert (said or "DirectX") in answer.text


def test_what_was_typed_is_not_written_over_without_being_ticked(repo):
    asks = alone(repo)
    at = begin(asks)
    rows = form(asks.get(at).text)
    [number] = [key[6:-5] for key, value in rows.items() if value == "client.version"]
    rows[f"facts-{number}-observed"] = "3.20"
    post(asks, at, product="nextcloud", **rows)
    answer = read(asks, at, report=CLIENT)
    assert "3.20" in answer.text
    done = post(asks, f"{at}/fill", **rows, **values(answer.text))
    assert done.status_code == 303
    assert form(asks.get(at).text)[f"facts-{number}-observed"] == "3.20"
    ticked = {**values(answer.text), "read-0": "1"}
    post(asks, f"{at}/fill", **rows, **ticked)
    assert form(asks.get(at).text)[f"facts-{number}-observed"] == "3.16"


def test_what_is_sent_by_hand_is_no_way_past_the_form(repo):
    asks = alone(repo)
    at = begin(asks)
    odd = {"read": "999999999", "read-0": "1", "read-0-category": "secrets", "read-0-fact": "a"}
    assert post(asks, f"{at}/fill", facts="0", **odd).status_code == 303
    assert 'value="secrets"' not in asks.get(at).text


@pytest.fixture
def page(browser: Browser, repo: Path) -> Iterator[Page]:
    with served(repo) as desk:
        context = browser.new_context(viewport=DESKTOP, locale="zh-TW")
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(desk.address)
        page.goto(f"{desk.base}/confirmations")
        page.get_by_role("button", name="新的確認書").click()
        page.locator("[name=reported]").fill("畫面不同")
        page.get_by_text("從使用者電腦的報告讀取環境").click()
        yield page
        context.close()


DROP = """([selector, name, text]) => {
  const given = new DataTransfer();
  given.items.add(new File([text], name, {type: "text/plain"}));
  const event = new DragEvent("drop", {dataTransfer: given, bubbles: true, cancelable: true});
  document.querySelector(selector).dispatchEvent(event);
}"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_in_a_browser_it_is_dropped_and_pasted(page: Page, size, tmp_path) -> None:
    page.set_viewport_size(size)
    text = SYSTEM.read_text("utf-8")
    page.evaluate(DROP, ["textarea[name=report]", "systeminfo.txt", text])
    expect(page.locator("#reported")).to_contain_text("32 GB", timeout=20_000)
    page.locator("textarea[name=report]").fill(CLIENT)
    page.get_by_role("button", name="讀取").click()
    expect(page.locator("#reported")).to_contain_text("3.16", timeout=20_000)
    expect(page.locator("#reported")).to_contain_text("32 GB")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"]
    page.screenshot(path=str(tmp_path / "read.png"), full_page=True)
    page.get_by_role("button", name="填入勾選的項目").click()
    expect(page.locator(".said")).to_contain_text("已填入", timeout=20_000)
    expect(page.locator("[name=reported]")).to_have_value("畫面不同")
    expect(page.get_by_role("textbox", name="記憶體")).to_have_value("32 GB")
    page.screenshot(path=str(tmp_path / "filled.png"), full_page=True)
    assert private_in(page.content()) == []


def test_in_a_browser_a_refusal_is_beside_the_field_and_the_text_stays(page: Page) -> None:
    page.locator("textarea[name=report]").fill("今天登入不了")
    page.get_by_role("button", name="讀取").click()
    expect(page.locator(".reporting .problems")).to_contain_text("不是認得的報告", timeout=20_000)
    expect(page.locator("textarea[name=report]")).to_have_value("今天登入不了")
