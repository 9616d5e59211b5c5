"""What is flagged as secret or personal, and what a manual may say freely."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from manualsmith.records.personal.checksums import card_number, company_number, national_id
from manualsmith.records.privacy import check_personal, find_personal, kind_name, masked
from manualsmith.records.yaml.read_yaml import load
from manualsmith.text import LANGUAGES, speaking
from personal_examples import CAUGHT, CAUGHT_HELD_BACK, FREE, FREE_HELD_BACK

ROOT = Path(__file__).resolve().parents[2]

FOUND = [
    ("請打０９１２３４５６７８給我", "phone", "０９１２３４５６７８"),
    ("信箱 wang＠corp.com.tw", "e-mail", "wang＠corp.com.tw"),
    ("電話0223456789。", "phone", "0223456789"),
    ("手機 0912.345.678", "phone", "0912.345.678"),
    ("身分證 Ａ１２３４５６７８９", "national-id", "Ａ１２３４５６７８９"),
    ("pw: hunter22", "password", "hunter22"),
    ("密碼 abc12345", "password", "abc12345"),
    ("主機 １９２.１６８.1.5", "address", "１９２.１６８.1.5"),
    ("密碼：Abc12345", "password", "Abc12345"),
    ("連到10.0.2.15:5432", "address", "10.0.2.15"),
    ("主機 192.168.1.20。", "address", "192.168.1.20"),
    ("172.31.255.1", "address", "172.31.255.1"),
    ("fd12:3456:789a::1", "address", "fd12:3456:789a::1"),
    ("密碼是 hunter2", "password", "hunter2"),
    ("密碼：qwerty，請重設", "password", "qwerty"),
    ("password=hunter2", "password", "hunter2"),
    ("pwd = s3cret!", "password", "s3cret!"),
    ("API_KEY: 8f3b2c", "token", "8f3b2c"),
    ("https://user:pa55w@cloud.example.com/x", "password", "user:pa55w"),
    ("應用程式密碼 aB3dE-fGh1J-12345-abcde-Zx9Y8", "app-password", "aB3dE-fGh1J-12345-abcde-Zx9Y8"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", "private-key", "-----BEGIN OPENSSH PRIVATE KEY-----"),
    ("ghp_" + "a1" * 18, "token", "ghp_" + "a1" * 18),
    ("權杖glpat-" + "a1" * 10, "token", "glpat-" + "a1" * 10),
    ("AKIA" + "A1" * 8, "token", "AKIA" + "A1" * 8),
    ("xoxb-1234567890-abc", "token", "xoxb-1234567890-abc"),
    ("eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "token", "eyJhbGciOiJI.eyJzdWIiOiIx.c2ln"),
    ("請寄到user@corp.com.tw。", "e-mail", "user@corp.com.tw"),
    ("身分證A123456789", "national-id", "A123456789"),
    ("居留證 A800000014", "resident-id", "A800000014"),
    ("手機0912345678", "phone", "0912345678"),
    ("0912-345-678", "phone", "0912-345-678"),
    ("+886 912 345 678", "phone", "+886 912 345 678"),
    ("電話02-2345-6789轉", "phone", "02-2345-6789"),
    ("(04)2345-6789", "phone", "(04)2345-6789"),
    ("+886-2-2345-6789", "phone", "+886-2-2345-6789"),
    ("卡號4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
    ("4111111111111111", "card", "4111111111111111"),
    ("3782 822463 10005", "card", "3782 822463 10005"),
]
# Where a find begins and ends: what is beside it stays
MASKED = [
    ("請回電 0912\u200b345\u200b678 謝謝", "請回電 ［電話］ 謝謝"),
    ("電話（02）2345-6789 轉 123，下午", "電話［電話］，下午"),
    ("02-2345-6789#123 或 0912-345-678", "［電話］ 或 ［電話］"),
    ("0912-345-678 2026 年", "［電話］ 2026 年"),
    ("+81 90-1234-5678 2 次", "［電話］ 2 次"),
    ("寄到臺北市信義區松仁路100號5樓之2，謝謝", "寄到［地址］，謝謝"),
    ("統一編號：87790126 的公司", "統一編號：［統一編號］ 的公司"),
    ("檔案在 C:\\Users\\s2101\\Documents 裡", "檔案在 C:\\Users\\［使用者名稱］\\Documents 裡"),
    ("/home/amy/Nextcloud", "/home/［使用者名稱］/Nextcloud"),
    ("密碼改成 Winter2026，之後", "密碼改成 ［密碼］，之後"),
    ("https://s2101:pa55w@cloud.corp.tw/x", "https://［密碼］@cloud.corp.tw/x"),
    ("Authorization: Basic c2hlbGw6aHVudGVyMg==", "Authorization: Basic ［密碼］"),
    ("LINE ID：amy_1987 找我", "LINE ID：［LINE ID］ 找我"),
    ("統編 12345678、2026-11-20", "統編 ［統一編號］、2026-11-20"),
]


@pytest.mark.parametrize(("text", "kind", "value"), FOUND)
def test_found(text, kind, value):
    (find,) = find_personal(text)
    assert (find.kind, text[find.start : find.end]) == (kind, value)
    assert value not in find.excerpt


@pytest.mark.parametrize(("text", "left"), MASKED)
def test_what_is_beside_it_stays(text, left):
    assert masked(text) == left


PARTS = {"at hand": (CAUGHT, FREE), "held back": (CAUGHT_HELD_BACK, FREE_HELD_BACK)}


@pytest.mark.parametrize("part", PARTS)
def test_rates(part):
    caught, free = PARTS[part]
    missed = [text for _, text, value in caught if value in masked(text)]
    wrongly = [text for text in free if find_personal(text)]
    assert len(missed) <= len(caught) * 0.05, missed
    assert len(wrongly) <= len(free) * 0.03, wrongly


DOCS = [
    ("desk.md", "留了 {} 句.*擋下 {} 句；{} 句.*擋了 {} 句"),
    ("desk.en.md", "Of {} .* {} are caught; of {} .* {} is caught"),
]


@pytest.mark.parametrize(("page", "told"), DOCS)
def test_the_docs_tell_the_rates(page, told):
    missed = [text for _, text, value in CAUGHT_HELD_BACK if value in masked(text)]
    wrongly = [text for text in FREE_HELD_BACK if find_personal(text)]
    all_of_it = len(CAUGHT_HELD_BACK)
    figures = (all_of_it, all_of_it - len(missed), len(FREE_HELD_BACK), len(wrongly))
    assert re.search(told.format(*figures), (ROOT / "docs" / page).read_text("utf-8"))


def test_a_third_is_held_back():
    assert len(CAUGHT_HELD_BACK) * 3 >= len(CAUGHT) + len(CAUGHT_HELD_BACK)
    assert len(FREE_HELD_BACK) * 3 >= len(FREE) + len(FREE_HELD_BACK)


@pytest.mark.parametrize(("kind", "text", "value"), CAUGHT)
def test_it_is_named_for_what_it_is(kind, text, value):
    if value not in masked(text):  # what is missed is told by the rates
        at = text.index(value)
        assert kind in {find.kind for find in find_personal(text) if find.end > at}


def test_nothing_of_this_repository_is_personal():

    for folder in ("records", "suggestions", "manuals", "docs"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in {".md", ".yaml", ".yml", ".json"}:
                text = file.read_text("utf-8")
                found = [text[find.start : find.end] for find in find_personal(text)]
                assert (file.name, found) == (file.name, [])


def test_checksums():
    assert national_id("A123456789")
    assert not national_id("A123456788")
    assert national_id("AC93081614")
    assert not national_id("AC93081615")
    assert national_id("B865427541")
    assert company_number("87790126")
    assert not company_number("87790125")
    assert company_number("10458575")  # its seventh digit is 7, which counts as 0 or as 1
    assert card_number("4111 1111 1111 1111")
    assert not card_number("4111 1111 1111 1112")


def test_the_library_for_phones_waits_for_a_phone():
    code = (
        "import sys\nfrom manualsmith.records.privacy import find_personal as find\n"
        "assert not find('2026-11-20 版本 3.16，錯誤 0x80070043，單號 REQ-2026-0012')\n"
        "assert 'phonenumbers' not in sys.modules\n"
        "assert find('0912345678') and 'phonenumbers' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


TEXT = """\
reported: 我的密碼：Abc12345 不能用   # 電話 0912-345-678
note: |
  寄到
  user@corp.com.tw
hidden: "\\u0075ser2@corp.com.tw"
desk: desk@corp.com.tw
"""


def test_check():
    problems = check_personal(load(TEXT, "f"), ["desk@corp.com.tw"])
    assert [str(problem) for problem in problems] == [
        "f:1:16: a password in a record: 密碼：…",
        "f:1:36: a phone number in a record: 09…",
        "f:4:3: an e-mail address in a record: us…",
        "f:5:9: an e-mail address in a record: us…",
    ]


def test_what_may_stand_there_is_not_masked():
    text = "寄到 desk@corp.com.tw，或 user@corp.com.tw"
    assert masked(text) == "寄到 ［電子郵件］，或 ［電子郵件］"
    assert masked(text, ["desk@corp.com.tw"]) == "寄到 desk@corp.com.tw，或 ［電子郵件］"


def test_a_number_may_stand_there_with_its_extension():
    text = "打 02-2345-6789 轉 12 或 02-2345-6780"
    assert masked(text, ["02-2345-6789"]) == "打 02-2345-6789 轉 12 或 ［電話］"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_has_a_name_and_a_mask_that_is_no_find(language):
    with speaking(language):
        for kind, text, _ in CAUGHT:
            assert kind_name(kind)
            assert masked(masked(text)) == masked(text)


def test_the_mask_of_one_names_no_other():
    assert find_personal("［銀行帳號］ 1234567890，[phone] 2345-6789、［電話］2345-6789") == []


def test_nothing_to_tell():
    assert check_personal(load("a: 版本 3.16\n", "f")) == ()


@given(st.text(alphabet="0123456789- +()@.aA密碼：=:/_eyJ\n\u200b０"))
def test_any_text(text):
    assert all(0 <= find.start < find.end <= len(text) for find in find_personal(text))


_PIECES = (
    [text for _, text, _ in CAUGHT] + FREE + ["［電話］", "[phone]", "密碼", "帳號", "電話 ", "-"]
)


@given(
    st.lists(st.sampled_from(_PIECES) | st.text("0123456789Aa-: 號路\n", max_size=6), max_size=5)
)
@example(["0912345678", "0912-345-678", "09", "12345678"])
@example(["[password] ", "abc12345"])
def test_masking_twice_is_once(pieces):
    once = masked("".join(pieces))
    assert masked(once) == once
    assert find_personal(once) == []


HOSTILE = [
    "a@", "a.", "a@a.", "a(at)a.", "0", "02 ", "09-", "(02)", "+1 ", "+12345678901 ", "1 是",
    "0912345678 ", "0912345678,", "電話 ", "手機1-", "1是手機", "分機", "A123456789 ",
    "身分證A-1", "統編 ", "發票1", "12345678 ", "4111 ", "4111111111111111 ", "帳號 1 ",
    "帳號 12-", "護照", "局號1234567", "1234567護照", "line ", "加line a", "LINE ID ", "路1號",
    "中正路12號", "巷1弄", "雲林縣", "中正區", "一", "No.1,", "/home/", "C:\\Users\\",
    "C:\\Users\\a", "10.", "10.1.1.1 ", "fd12:", "192.168.1.", "://a:", "://a", "-u a:",
    "password=", "密碼", "密碼 a", "密碼是", "帳密 a b", "token=", "token=a1", "bearer a",
    "Basic abcd", "cookie:a=", "authorization: a", "eyJ", "-", "-----BEGIN A ", "abcde-",
    "aBcDe-", "eyJaaaaaaaa.", "sk-", "AKIA", "a_", "a/", "a=b&", "\u200b", "0\u200b9", "０９",
    "[", "［", "［電話］", "a ", "\n", "驗證碼", "PIN 1",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_no_long_time(unit):
    text = unit * (100_000 // len(unit))
    before = time.process_time()
    find_personal(text)
    assert time.process_time() - before < 0.9


def test_time_grows_with_the_text_alone():
    def seconds(text: str) -> float:
        before = time.process_time()
        masked(text)
        return time.process_time() - before

    for unit in ("中正路12號", "0912-345-67", "密碼 a", "帳號 12-", "a@a."):
        assert seconds(unit * 20_000) < 30 * max(seconds(unit * 2_000), 0.02)
