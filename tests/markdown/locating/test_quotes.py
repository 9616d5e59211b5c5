"""Where a quote is found: whole words that readers see, between the context that is written."""

import pytest

from manualsmith.markdown import TargetLost, apply

PAGE = """# 登入

Sign in at the catalogin desk, or read [login help](help/login.md "login") first.

按<a href="login.html" title="登入">這裡</a>，再看 ![圖](img/login.png)。

- [ ] [open the door](door.md)

```sh login
login --now
```

    <b class="indented">

Code such as `<a href="inline">` is text, and so is \\<escaped class="x">.

See [the manual][manual-ref] and a note[^reason].{ .lead-class }

<!-- a remark

nobody reads -->

[manual-ref]: https://example.org/manual
[^reason]: Because of this.

Version 3.13 and v2.5, 10GB, Straße, naïve, Ωμέγα; 版本3.14版，請按login鈕。
"""


def edit(exact, text="新", **around):
    return {"action": "replace-text", "quote": {"exact": exact, **around}, "text": text}


NOT_TEXT = [
    "help/login.md",
    "[login help](help/login.md",
    "login.html",
    'href="login.html"',
    "title",
    "img/login.png",
    "remark",
    "nobody reads",
    "manual-ref",
    "example.org/manual",
    "lead-class",
    "sh login",
    "https",
]
PARTS = ["3.1", "13", "2", "GB", "10", "Stra", "ße", "nai", "na", "Ωμ", "catal", "Sig", "ersion"]
FOUND = [
    "catalogin",
    "login help",
    '[login help](help/login.md "login")',
    "3.13",
    "2.5",
    "10GB",
    "Straße",
    "3.14",
    "版本",
    "login鈕",
    "open the door",
    "這裡",
    "--now",
    "indented",
    "inline",
    "escaped class",
    "Because of this",
    '<a href="login.html" title="登入">這裡</a>',
]


@pytest.mark.parametrize("exact", NOT_TEXT)
def test_what_readers_do_not_see_is_no_text(exact):
    assert exact in PAGE
    with pytest.raises(TargetLost) as lost:
        apply(PAGE, edit(exact))
    assert lost.value.reason == "missing"
    assert exact[:10] in str(lost.value)


@pytest.mark.parametrize("exact", PARTS)
def test_a_part_of_a_word_or_number_is_not_found(exact):
    assert exact in PAGE or exact == "nai"
    with pytest.raises(TargetLost) as lost:
        apply(PAGE, edit(exact))
    assert lost.value.reason == "missing"


@pytest.mark.parametrize("exact", FOUND)
def test_whole_words_that_readers_see_are_found(exact):
    assert PAGE.count(exact) == 1
    text = exact + "新"
    assert apply(PAGE, edit(exact, text)) == PAGE.replace(exact, text)


def test_a_context_says_itself_where_in_a_word_a_quote_stands():
    assert "the catalogue desk" in apply(PAGE, edit("ogin", "ogue", prefix="catal"))


@pytest.mark.parametrize("action", ["replace-text", "insert-text", "delete-text"])
@pytest.mark.parametrize("wrong", ["prefix", "suffix"])
def test_a_context_that_is_not_there_refuses_and_what_stands_there_is_told(action, wrong):
    page = "# 紀錄\n\n團隊乙回報新部署使各區延遲降低百分之十二，下週再看。\n"
    around = {"prefix": "團隊乙回報", "suffix": "，下週再看"}
    asked = {"action": action, "section": ["紀錄"], "text": "沒有差別"}
    if action == "delete-text":
        del asked["text"]
    quote = {"exact": "新部署使各區延遲降低百分之十二", **around}
    assert apply(page, {**asked, "quote": quote}) != page
    written = {"prefix": "團隊甲回報", "suffix": "，下月再看"}
    with pytest.raises(TargetLost) as lost:
        apply(page, {**asked, "quote": {**quote, wrong: written[wrong]}})
    assert lost.value.reason == "missing"
    [problem] = lost.value.problems
    assert around[wrong] in problem.hint
    assert written[wrong] in problem.hint


def test_a_context_that_was_true_may_have_changed():
    base = "# 紀錄\n\n團隊甲回報新部署使各區延遲降低百分之十二。\n"
    asked = edit("新部署使各區延遲降低百分之十二", "新部署沒有差別", prefix="團隊甲回報")
    today = base.replace("團隊甲回報", "團隊丙今天回報")
    assert "團隊丙今天回報新部署沒有差別。" in apply(today, asked, base)
    with pytest.raises(TargetLost):
        apply(today, asked)


ALREADY = [
    ("Press Save as.", edit("Save", "Save as"), True),
    ("Press Save assets.", edit("Save", "Save as"), False),
    ("Press Save as.", edit("Save", "Save as", suffix=" as"), False),
    ("Press Save as as.", edit("Save", "Save as", suffix=" as"), True),
    ("請按登入鈕。", edit("登入", "登入鈕"), True),
    ("請按登入鈕。", edit("登入", "登入鈕", suffix="鈕。"), False),
    ("前文後文再說", edit("", "後文", prefix="前文", suffix="後文再說"), False),
    ("前文後文後文再說", edit("", "後文", prefix="前文", suffix="後文再說"), True),
]
INSERTED = [
    ("Press the button now.", "after", "the button", " now", True),
    ("Press the button nowhere.", "after", "the button", " now", False),
    ("Log in to the desk.", "before", "the desk", "to ", True),
    ("Look into the desk.", "before", "the desk", "to ", False),
]


@pytest.mark.parametrize(("page", "asked", "there"), ALREADY)
def test_a_new_text_is_there_already_only_where_the_whole_edit_is(page, asked, there):
    if not there:
        assert apply(page, asked) != page
        return
    with pytest.raises(TargetLost) as lost:
        apply(page, asked)
    assert lost.value.reason == "already"


@pytest.mark.parametrize(("page", "position", "exact", "text", "there"), INSERTED)
def test_an_insertion_is_there_already_as_whole_words(page, position, exact, text, there):
    asked = {"action": "insert-text", "quote": exact, "position": position, "text": text}
    if not there:
        assert len(apply(page, asked)) == len(page) + len(text)
        return
    with pytest.raises(TargetLost) as lost:
        apply(page, asked)
    assert lost.value.reason == "already"


def test_an_insertion_between_two_contexts_is_made_once():
    asked = {
        "action": "insert-text",
        "quote": {"exact": "按「登入」", "suffix": "，完成"},
        "text": "，等一下",
    }
    once = apply("先按「登入」，完成。", asked)
    assert once == "先按「登入」，等一下，完成。"
    with pytest.raises(TargetLost) as lost:
        apply(once, asked)
    assert lost.value.reason == "already"
