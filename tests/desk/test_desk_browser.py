"""The desk in a real browser: as staff and reviewers use it, and for everybody."""

import re
import shutil
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

import forking
from browsers import DESKTOP, PHONE
from gitrepo import git, refs, show
from manualsmith.cli.group import run
from rooms import Served, edit_branch, served

ROOT = Path(__file__).parents[2]
TOUCHED_UP = ("找不到人時，請管理人員", "找不到人時，打分機 1234 請管理人員")
ADDED = "打分機 1234 "
expect.set_options(timeout=20_000)  # a busy machine is no fault of the desk
ADDRESSES = [
    "/",
    "/review",
    "/review?state=all",
    "/review/ENV-2026-0001-1",
    "/review/together/ENV-2026-0003",
    "/review/ENV-2026-0003-2",
    "/review/ENV-2026-0007-1",
    "/incidents?which=all",
    "/requests/new",
    "/records/REQ-2026-0043",
    "/records/INC-2026-0012",
    "/records/ENV-2026-0003",
    "/walkthroughs",
    "/walkthroughs/WLK-2026-0004",
    "/confirmations",
    "/report",
    "/audit",
    "/find?q=登入",
    "/manual/operation/mobile.md",
    "/trace/REQ-2026-0036",
    "/nothing",
]


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of this project with its suggestions made."""
    clone = tmp_path_factory.mktemp("desk") / "clone"
    git(clone.parent, "clone", "-q", str(ROOT), str(clone))
    git(clone, "checkout", "-q", "-B", "main")
    git(clone, "remote", "remove", "origin")
    git(clone, "config", "manualsmith.staff", "S-0412")
    assert run(["-C", str(clone), "suggest", "--all"]) == 0
    return clone


@pytest.fixture(scope="module")
def desk(repo: Path) -> Iterator[Served]:
    with served(repo) as made:
        yield made


@pytest.fixture
def page(browser: Browser, desk: Served, repo: Path) -> Iterator[Page]:
    context = visit(browser, desk)
    page = context.pages[0]
    yield page
    told = page.told  # type: ignore[attr-defined]
    context.close()
    # what one test began to type would stand in the next one's form: they come in any order
    shutil.rmtree(repo / ".git/manualsmith/drafts", ignore_errors=True)
    assert told == []


def visit(browser: Browser, desk: Served, **more: object) -> BrowserContext:
    """Open the printed address; what a page throws or is refused is noted."""
    context = browser.new_context(viewport=DESKTOP, locale="zh-TW", **more)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.told = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.told.append(str(error)))  # type: ignore[attr-defined]
    page.on(
        "console",
        lambda said: (
            page.told.append(said.text)  # type: ignore[attr-defined]
            if "Content Security Policy" in said.text
            else None
        ),
    )
    page.goto(desk.address)
    assert "token" not in page.url
    return context


def begin(page: Page, desk: Served, reported: str) -> None:
    page.goto(f"{desk.base}/confirmations")
    page.get_by_role("button", name="新的確認書").click()
    page.wait_for_load_state()
    page.locator("[name=reported]").fill(reported)


def open_page(page: Page, path: str) -> None:
    page.locator("select[data-open]").select_option(path)
    page.wait_for_selector(f'article.manual[data-page="{path}"]')


def decide(page: Page, key: str) -> None:
    """Press a key that decides, once the page has been there long enough to be seen."""
    page.wait_for_timeout(600)
    page.keyboard.press(key)


def drop_draft(page: Page) -> None:
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="刪除草稿").click()


def publish(repo: Path, folder: Path, page: str = "desktop-client") -> str:
    """Build the site as it is published, and return a page of the operation manual."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(folder)]
    forking.run(command, cwd=repo, check=True)
    return (folder / f"manuals/operation/{page}/index.html").read_text("utf-8")


def test_from_a_click_on_a_step_to_the_published_page(
    browser: Browser, desk: Served, page: Page, repo: Path, tmp_path: Path
) -> None:
    begin(page, desk, "桌面版開始同步的按鈕改名了")
    open_page(page, "operation/desktop-client.md")
    page.locator("article.manual ol > li", has_text="按「連線」").click()
    edit = page.locator("form.edit")
    expect(edit.locator("[name=text]")).to_have_value("按「連線」，開始同步。")
    edit.locator("[name=text]").fill("按「開始同步」，等圖示變成綠色。")
    expect(page.locator("#tried ins").first).to_be_visible()
    edit.get_by_role("button", name="加入修正").click()
    expect(page.locator("#findings li")).to_have_count(1)
    expect(page.locator("form.edit")).to_have_count(0)
    page.get_by_role("button", name="送出").click()
    expect(page.locator(".said")).to_contain_text("已送出")
    name = re.search(r"ENV-\d{4}-\d{4}", page.url)[0]  # type: ignore[index]
    assert f"refs/heads/suggest/O1.2.1/{name}-1" in refs(repo)
    assert (
        "桌面版開始同步的按鈕改名了"
        in show(repo, f"main:records/confirmations/{name}.yaml").decode()
    )

    reviewer = visit(browser, desk).pages[0]
    reviewer.goto(f"{desk.base}/review?q=開始同步")
    reviewer.keyboard.press("j")
    reviewer.keyboard.press("Enter")
    expect(reviewer.locator("ins").filter(has_text="等圖示變").first).to_be_visible()
    decide(reviewer, "a")
    expect(reviewer.locator(".said")).to_contain_text("已接受")
    reviewer.context.close()
    assert "等圖示變成綠色" in publish(repo, tmp_path / "site")


def test_words_a_cell_and_a_heading_are_pointed_at(desk: Served, page: Page) -> None:
    begin(page, desk, "用詞不同")
    open_page(page, "operation/desktop-client.md")
    page.evaluate(
        """() => {
          const walker = document.createTreeWalker(
            document.querySelector("article.manual"), NodeFilter.SHOW_TEXT);
          for (let node; (node = walker.nextNode()); ) {
            const at = node.data.indexOf("系統匣");
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 3);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            node.parentElement.click();
            return;
          }
        }"""
    )
    edit = page.locator("form.edit")
    expect(edit.locator("[name=text]")).to_have_value("系統匣")
    edit.locator("[name=text]").fill("通知區")
    expect(page.locator("#tried ins").first).to_have_text("通知區")
    edit.get_by_role("button", name="加入修正").click()
    expect(page.locator("#findings li")).to_have_count(1)
    page.evaluate("getSelection().removeAllRanges()")
    page.locator("article.manual tbody tr").first.locator("td").nth(1).click()
    expect(edit.get_by_text("修改表格")).to_be_visible()
    edit.get_by_role("button", name="取消").click()
    page.locator("article.manual h2").first.click()
    edit.get_by_role("button", name="這一節照手冊做沒問題").click()
    expect(page.locator("#findings li")).to_have_count(2)
    page.locator("#findings li").first.get_by_role("button").click()
    expect(page.locator("#findings li")).to_have_count(1)
    drop_draft(page)
    expect(page.locator(".said")).to_be_visible()


def test_a_draft_outlives_the_browser_and_the_desk(browser: Browser, repo: Path) -> None:
    with served(repo) as first:
        context = visit(browser, first)
        page = context.pages[0]
        begin(page, first, "還沒寫完就斷線了")
        page.locator("[name$=-observed]").first.fill("平板")
        expect(page.locator("[data-saved]")).to_be_visible()
        context.close()
        first.kill()
    with served(repo) as second:
        page = visit(browser, second).pages[0]
        page.get_by_role("link", name="還沒寫完就斷線了").click()
        expect(page.locator("[name=reported]")).to_have_value("還沒寫完就斷線了")
        expect(page.locator("[name$=-observed]").first).to_have_value("平板")
        drop_draft(page)
        expect(page.locator(".said")).to_be_visible()
        page.context.close()


def test_a_form_with_an_error_keeps_what_was_typed(desk: Served, page: Page) -> None:
    page.goto(f"{desk.base}/requests/new")
    page.get_by_label("發生什麼問題？").fill("登入之後一直跳回來")
    expect(page.locator("#known")).to_contain_text("登入後又回到登入畫面")
    page.get_by_label("詳細情形").fill("請回電 0912345678")
    page.get_by_role("button", name="儲存申請單").click()
    expect(page.locator(".problems")).to_contain_text("電話")
    expect(page.get_by_label("發生什麼問題？")).to_have_value("登入之後一直跳回來")
    expect(page.get_by_label("詳細情形")).to_have_value("請回電 0912345678")
    page.get_by_label("遮蔽個人資料").check()
    page.get_by_role("button", name="儲存申請單").click()
    expect(page.locator(".said")).to_contain_text("申請單已建立")
    expect(page.get_by_text("［電話］")).to_be_visible()


def test_a_call_from_request_to_confirmation(desk: Served, page: Page, repo: Path) -> None:
    page.goto(f"{desk.base}/requests/new?symptom=手機拍的照片沒有自動上傳")
    page.get_by_role("button", name="儲存申請單").click()
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.locator(".said")).to_contain_text("已受理")
    page.get_by_text("記錄排除方法").first.click()
    page.get_by_label("都沒有：要新增項目").check()
    page.get_by_label("有效的步驟，一行一步").fill(
        "1. 在手機的「設定」找到 Nextcloud。\n2. 允許照片。"
    )
    page.get_by_role("button", name="記錄排除方法").click()
    expect(page.locator(".about .tag")).to_contain_text("已排除")
    page.get_by_label("新項目放在哪一頁").select_option("同步問題")
    page.get_by_role("button", name="起草確認書").click()
    expect(page.locator("#findings li")).to_have_count(1)
    page.get_by_role("button", name="送出").click()
    expect(page.locator(".said")).to_contain_text("1 項建議")
    name = re.search(r"ENV-\d{4}-\d{4}", page.url)[0]  # type: ignore[index]
    assert "draft" not in show(repo, f"main:records/confirmations/{name}.yaml").decode()
    page.get_by_role("link", name=f"{name}-1").first.click()
    expect(page.locator("ins").filter(has_text="允許照片").first).to_be_visible()


PASTE = """(form) => {
  const bytes = Uint8Array.from(atob(form.dataset.test), (one) => one.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], "screen.png", { type: "image/png" }));
  const event = new ClipboardEvent("paste", { clipboardData: given, bubbles: true });
  form.querySelector("input").dispatchEvent(event);
}"""


def test_half_a_name_is_offered_and_put_in(desk: Served, page: Page) -> None:
    begin(page, desk, "版本不同")
    field = page.locator("[data-offers='/offers/facts']").first
    field.press_sequentially("ｗｉｎｄｏ")
    page.get_by_role("button", name="Windows 版本").click()
    expect(field).to_have_value("Windows 版本")
    expect(page.locator("select[name$=-category]").first).to_have_value("software")
    expect(page.locator(".offers button")).to_have_count(0)
    page.goto(f"{desk.base}/requests/new")
    field = page.locator("[name=page]")
    field.press_sequentially("手機")
    field.press("ArrowDown")
    page.keyboard.press("Enter")
    assert field.input_value()


def test_a_picture_is_chosen_pasted_and_sent(desk: Served, page: Page) -> None:
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": 80, "height": 50})
    page.goto(f"{desk.base}/requests/new?symptom=畫面不同")
    chosen = {"name": "a.png", "mimeType": "image/png", "buffer": shot}
    page.get_by_label("畫面的圖檔").set_input_files([chosen])
    form = page.locator("form[data-pictures]")
    expect(form.locator("img.chosen-picture")).to_have_count(1)
    page.goto(f"{desk.base}/requests/new")
    other = page.screenshot(clip={"x": 0, "y": 0, "width": 90, "height": 60})
    form.evaluate("(form, data) => { form.dataset.test = data; }", b64encode(other).decode())
    page.get_by_label("畫面的圖檔").set_input_files([chosen])
    form.evaluate(PASTE)
    expect(form.locator("img.chosen-picture")).to_have_count(2)
    page.get_by_label("發生什麼問題？").fill("畫面不同")
    page.get_by_role("button", name="儲存申請單").click()
    pictures = page.locator("div.pictures img")
    expect(pictures).to_have_count(2)
    assert pictures.first.evaluate("(one) => one.decode().then(() => one.naturalWidth)") == 80
    page.get_by_role("button", name="受理", exact=True).click()
    page.get_by_label("畫面的圖檔").first.set_input_files([chosen])
    page.get_by_label("說明").first.fill("試了")
    page.locator("details[open] button").first.click()
    expect(page.locator("div.pictures img")).to_have_count(1)


def test_a_pasted_picture_comes_to_the_page(
    browser: Browser, desk: Served, page: Page, repo: Path, tmp_path: Path
) -> None:
    begin(page, desk, "連線畫面換了")
    open_page(page, "operation/versions-and-trash.md")
    page.locator("article.manual ol > li").first.click()
    edit = page.locator("form.edit")
    edit.get_by_label("新增步驟").check()
    edit.locator("[name=text]").fill("畫面如下。")
    shown = page.screenshot(clip={"x": 0, "y": 0, "width": 300, "height": 200})
    edit.evaluate("(form, data) => { form.dataset.test = data; }", b64encode(shown).decode())
    edit.evaluate(PASTE)
    expect(edit.locator("img.chosen-picture")).to_have_count(1)
    edit.get_by_label("把第一張圖片放進手冊頁面").check()
    expect(page.locator("#tried")).to_contain_text("請用一句話說明圖片的內容")
    edit.get_by_label("圖片說明").fill("連線完成的畫面")
    tried = page.locator("#tried .after img")
    expect(tried).to_have_attribute("alt", "連線完成的畫面")
    assert tried.evaluate("(one) => one.decode().then(() => one.naturalWidth)") == 300
    expect(edit.locator("form > input[name=kept-picture], input[name=kept-picture]")).to_have_count(
        1
    )
    edit.get_by_role("button", name="加入修正").click()
    taken_in = page.locator("#findings img.brought")
    assert taken_in.evaluate("(one) => one.decode().then(() => one.naturalWidth)") == 300
    page.get_by_role("button", name="送出").click()
    expect(page.locator(".said")).to_contain_text("已送出")
    name = re.search(r"ENV-\d{4}-\d{4}", page.url)[0]  # type: ignore[index]
    page.goto(f"{desk.base}/review/{name}-1")
    reviewed = page.locator(".after img").first
    assert reviewed.evaluate("(one) => one.decode().then(() => one.naturalWidth)") == 300
    decide(page, "a")
    expect(page.locator(".said")).to_contain_text("已接受")
    published = publish(repo, tmp_path / "site", "versions-and-trash")
    found = re.search(r'<img alt="連線完成的畫面" src="([^"]+)"', published)
    assert found
    folder = tmp_path / "site/manuals/operation/versions-and-trash"
    assert (folder / found[1]).resolve().is_file()


def test_what_is_typed_is_there_after_a_menu_link_and_a_closed_browser(
    desk: Served, page: Page, browser: Browser
) -> None:
    page.goto(f"{desk.base}/requests/new")
    page.get_by_label("發生什麼問題？").fill("說到一半就斷線")
    page.get_by_label("詳細情形").fill("還在問是哪一台電腦")
    page.get_by_role("link", name="操作確認").first.click()  # at once, before anything was kept
    expect(page.locator("h1")).to_contain_text("操作確認")
    page.goto(f"{desk.base}/")
    page.get_by_role("link", name=re.compile("使用者來電")).last.click()
    expect(page.get_by_label("發生什麼問題？")).to_have_value("說到一半就斷線")
    again = visit(browser, desk).pages[0]
    again.goto(f"{desk.base}/requests/new")
    expect(again.get_by_label("詳細情形")).to_have_value("還在問是哪一台電腦")
    again.get_by_role("button", name="刪除").click()
    again.goto(f"{desk.base}/requests/new")
    expect(again.get_by_label("發生什麼問題？")).to_have_value("")
    again.context.close()


def test_enter_in_a_field_of_a_walkthrough_records_nothing(desk: Served, page: Page) -> None:
    page.goto(f"{desk.base}/walkthroughs")
    page.get_by_label("輔導操作的頁面").fill("operation/sharing.md")
    page.get_by_role("button", name="開始").click()
    step = page.locator("#step-1")
    step.get_by_label("備註").fill("想一下")
    step.get_by_label("備註").press("Enter")
    page.wait_for_timeout(500)
    expect(page.locator(".progress")).to_contain_text("0/")
    expect(step.get_by_label("備註")).to_have_value("想一下")


def test_a_walkthrough_is_one_tap_a_step(desk: Served, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{desk.base}/walkthroughs")
    page.get_by_label("輔導操作的頁面").fill("operation/sharing.md")
    page.get_by_label("只做這一節").fill("分享給同事")
    page.get_by_role("button", name="開始").click()
    steps = page.locator("div.step")
    expect(steps).not_to_have_count(0)
    count = steps.count()
    for number in range(count):
        step = page.locator(f"#step-{number + 1}")
        if number == 1:
            step.locator("summary").click()
            step.get_by_role("button", name="記錄不同之處").click()
            expect(page.locator(".problems")).to_be_visible()
            step.get_by_label("這一步應該寫成").fill("按右邊的「分享」。")
            step.get_by_role("button", name="記錄不同之處").click()
        else:
            step.get_by_role("button", name="相同", exact=True).click()
        expect(page.locator(".progress")).to_contain_text(f"{number + 1}/{count}")
    page.get_by_role("button", name="起草確認書").click()
    expect(page.locator("#findings li").first).to_contain_text("按右邊的「分享」")
    drop_draft(page)


def test_forty_are_decided_by_keys_alone(desk: Served, page: Page, repo: Path) -> None:
    page.goto(f"{desk.base}/review")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/*")
    page.wait_for_load_state()
    first = page.locator("main > h1").inner_text()
    page.keyboard.press("j")
    expect(page.locator("main > h1")).not_to_have_text(first)
    page.wait_for_load_state()
    page.keyboard.press("k")
    expect(page.locator("main > h1")).to_have_text(first)
    page.wait_for_load_state()
    page.keyboard.press("r")
    expect(page.locator("[data-reason]")).to_be_focused()
    page.keyboard.type("畫面是測試版")
    page.keyboard.press("Escape")
    decide(page, "r")
    expect(page.locator(".said")).to_contain_text("不採用")
    page.wait_for_load_state()
    page.keyboard.press("q")
    expect(page.locator("ol.queue")).to_be_visible()
    assert first not in page.locator("ol.queue").inner_text()


def test_the_words_are_changed_before_accepting(desk: Served, page: Page, repo: Path) -> None:
    page.goto(f"{desk.base}/review/ENV-2026-0004-2")
    page.keyboard.press("e")
    words = page.locator('[name="wording.text"]')
    expect(words).to_be_focused()
    words.fill("按「到期日」，選一天。")
    expect(page.locator("#rows ins").first).to_contain_text("選一天")
    words.press("Escape")
    decide(page, "a")
    expect(page.locator(".said")).to_contain_text("已接受")
    text = show(repo, "main:suggestions/operation/ENV-2026-0004-2.yaml").decode()
    assert "instead:" in text
    assert "選一天" in text


def test_a_reviewers_words_are_accepted_and_taken_back(
    desk: Served, page: Page, repo: Path
) -> None:
    name = "ENV-2026-0008-1"
    edit_branch(repo, f"suggest/O1.2.2/{name}", "manuals/troubleshooting/sync.md", *TOUCHED_UP)
    address = f"{desk.base}/review/{name}"
    page.goto(address)
    words = page.locator(".reworded")
    expect(words.locator("ins")).to_have_text(ADDED.strip())
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        broken = Axe().run(page).response["violations"]
        assert [one["id"] for one in broken if one["impact"] in ("serious", "critical")] == []
    expect(page.get_by_role("button", name="接受")).to_have_text(["接受修改後的內容 a"])
    decide(page, "a")
    expect(page.locator(".said")).to_contain_text("已接受")
    assert ADDED in show(repo, "main:manuals/troubleshooting/sync.md").decode()

    page.goto(address)
    page.get_by_role("button", name="復原").click()
    expect(page.locator("[name=reason]")).to_be_focused()  # it is not sent without a reason
    page.locator("[name=reason]").fill("新版又改回來了")
    page.get_by_role("button", name="復原").click()
    expect(page.locator(".said")).to_contain_text("已復原")
    expect(page.get_by_role("button", name="重新開啟")).to_be_visible()
    assert ADDED not in show(repo, "main:manuals/troubleshooting/sync.md").decode()


def test_the_second_reviewer_is_told(browser: Browser, desk: Served, page: Page) -> None:
    address = f"{desk.base}/review/ENV-2026-0005-1"
    other = visit(browser, desk).pages[0]
    for one in (page, other):
        one.goto(address)
    page.get_by_role("button", name="接受").click()
    expect(page.locator(".said")).to_contain_text("已接受")
    other.locator("[data-reason]").fill("我也看過了")
    other.get_by_role("button", name="接受").click()
    expect(other.locator(".problems")).to_contain_text("已接受")
    expect(other.locator(".problems")).to_contain_text("S-0412")
    other.context.close()


def test_the_language_is_chosen(desk: Served, page: Page) -> None:
    page.goto(f"{desk.base}/review")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_contain_text("Suggested corrections")  # the page that it was
    page.goto(f"{desk.base}/report")
    expect(page.get_by_role("heading", name="behaviour indicators with evidence")).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("h1")).to_contain_text("統計")


def test_nothing_is_asked_of_another_host(desk: Served, page: Page) -> None:
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for address in ADDRESSES:
        page.goto(desk.base + address)
    assert asked
    assert not [one for one in asked if not one.startswith((desk.base, "data:"))]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_serious_bars_anybody(
    browser: Browser, desk: Served, size: dict[str, int], scheme: str
) -> None:
    context = visit(browser, desk, color_scheme=scheme)
    page = context.pages[0]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    found = []
    begin(page, desk, "看看")
    open_page(page, "operation/desktop-client.md")
    page.locator("article.manual ol > li").first.click()
    expect(page.locator("form.edit")).to_be_visible()
    draft = page.url
    for address in ("", *ADDRESSES):
        if address:
            page.goto(desk.base + address)
        broken = Axe().run(page).response["violations"]
        found += [
            (address or draft, one["id"], [node["html"] for node in one["nodes"]])
            for one in broken
            if one["impact"] in ("serious", "critical")
        ]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [(address or draft, "wide", [str(wide)])] if wide > size["width"] else []
    assert found == []
    context.close()


def test_no_english_is_left(desk: Served, page: Page) -> None:
    allowed = re.compile(
        r"ENV|REQ|INC|WLK|English|nextcloud|Nextcloud|[a-z-]+\.(?:md|version|type|kind|role|name)"
        r"|S-\d+|O\d\.\d\.\d|P\d\.\d\.\d|kbd|Enter"
    )
    for address in ("/", "/incidents?which=all", "/walkthroughs", "/confirmations", "/nothing"):
        page.goto(desk.base + address)
        texts = page.locator("nav, label, button, h1, h2, legend, th").all_inner_texts()
        left = [text for text in texts if re.search(r"[A-Za-z]{3,}", allowed.sub("", text))]
        assert not left, (address, left)
