"""What is flagged as secret or personal, and what a manual may say freely."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manualsmith.records.privacy import check_personal, find_personal, masked
from manualsmith.records.yaml.read_yaml import load

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
    ("API_KEY: 8f3b2c", "password", "8f3b2c"),
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
    ("居留證 A800000014", "national-id", "A800000014"),
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
FREE = [
    "密碼：至少 10 個字元", "密碼: 10 個字元", "密碼：********", "密碼：<新密碼>",
    "password: required",
    "密碼：Nextcloud 帳號的密碼", "在「密碼」欄輸入密碼，按「登入」。",
    "fact: password-policy.length",
    "a@example.com", "me@docs.example", "service@corp.test", "logo@2x.png", "vue@8.1.0",
    "git@github.com:nextcloud/server.git", "@everyone",
    "A123456788", "ENV-2026-0007-1", "2026-11-20 09:30", "2026-11-20T09:30:00+08:00", "20261120",
    "port 8080、443/tcp", "v3.16.0", "31.0.4.1", "172.32.0.1", "8.8.8.8", "10.2.3",
    "110.1.2.3", "0x0912345678", "0800-123-456",
    "4111111111111112", "1732410000000", "4" * 17, "6" * 13,
    "1111 1111 1111 1111", "978-957-0000-00-0",
    "ab41111111111111111111111111111111111111", "550e8400-e29b-41d4-a716-446655440000",
    "ABCDE-FGHIJ-KLMNO-PQRST-UVWXY", "https://cloud.example.com/remote.php/dav/files/USER/",
    "-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "value"), FOUND)
def test_found(text, kind, value):
    (find,) = find_personal(text)
    assert (find.kind, text[find.start : find.end]) == (kind, value)
    assert value not in find.excerpt


@pytest.mark.parametrize("text", FREE)
def test_free(text):
    assert find_personal(text) == []


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


def test_nothing_to_tell():
    assert check_personal(load("a: 版本 3.16\n", "f")) == ()


@given(st.text(alphabet="0123456789- +()@.aA密碼：=:/_eyJ\n"))
def test_any_text(text):
    assert all(0 <= find.start < find.end <= len(text) for find in find_personal(text))


@pytest.mark.parametrize("text", ["a@" + "a." * 30_000, "0" * 60_000,
                                  "password=" * 8_000, "-" * 60_000,
                                  "abcde-" * 10_000, "eyJaaaaaaaa." * 5_000])  # fmt: skip
def test_long_text_takes_no_long_time(text):
    assert len(find_personal(text)) < 10_000
