"""Versions in prose: guessed where nothing else can be meant, left alone everywhere else."""

from time import perf_counter

import pytest

from manualsmith.markdown.locating.version_mentions import version_mentions
from manualsmith.markdown.reading.page import Page

KNOWN = ("server.version", "desktop-client.version", "operator.role")


def guessed(text: str, product: str = "nextcloud", stated: dict | None = None) -> list[str]:
    found = version_mentions(Page(text), product, KNOWN, stated or {})
    return [f"{one.fact} {one.value}" for one in found]


# a line, and what is guessed of it
GUESSED = {
    "在 Windows 11 上安裝。": "windows.version 11",
    "適用於 Windows 10 電腦": "windows.version 10",
    "Windows Server 2022 的管理員": "windows-server.version 2022",
    "Windows 8.1。": "windows.version 8.1",
    "用 Android 14 的手機": "android.version 14",
    "Android 14 devices show another screen.": "android.version 14",
    "iPhone 需要 iOS 17.2": "ios.version 17.2",
    "On macOS Sonoma 14 open the menu.": "macos.version 14",
    "| 系統 | Ubuntu 22.04 |": "ubuntu.version 22.04",
    "瀏覽器：Firefox 128": "firefox.version 128",
    "Chrome 126（64 位元）": "chrome.version 126",
    "Outlook 2019 的設定": "outlook.version 2019",
    "Install **Python 3.11** first.": "python.version 3.11",
    "PHP 8.2 與下列模組": "php.version 8.2",
    "資料庫是 MariaDB 10.6": "mariadb.version 10.6",
    "PostgreSQL 15。": "postgresql.version 15",
    "Nextcloud 28 的畫面": "nextcloud.version 28",
    "nextcloud 28.0.1": "nextcloud.version 28.0.1",
    "Nextcloud v28.0.1": "nextcloud.version 28.0.1",
    "本頁以 v28.0.1 寫成": "nextcloud.version 28.0.1",
    "版本 3.2": "nextcloud.version 3.2",
    "目前版本：3.2.1": "nextcloud.version 3.2.1",
    "This page is for version 28.0.": "nextcloud.version 28.0",
    "See version 28.0.1 of the app.": "nextcloud.version 28.0.1",
    "the desktop client 3.13": "desktop-client.version 3.13",
    "Desktop Client 3.13 is needed": "desktop-client.version 3.13",
    "Server version 28.0": "server.version 28.0",
    "Collabora Online v23.05": "collabora-online.version 23.05",
    "Use Talk v18.0 for calls": "talk.version 18.0",
    "OnlyOffice 版本 8.0": "onlyoffice.version 8.0",
    "1. 安裝 Windows 11": "windows.version 11",
    "## Windows 11 {#win}": "windows.version 11",
    "在 [Windows 11](https://example.com/10) 上": "windows.version 11",
}
LEFT_ALONE = [
    "2026-11-20 發布", "發布日期：2026.11.20", "version 2026-11-20", "11/20 起", "12:30 開始",
    "IP 位址 192.168.1.1", "連到 10.0.0.1 的閘道", "version 192.168.1.1.5",
    "IPv4 10.1", "見 3.2 節", "Section 3.2", "See Section 3.2.1 for details", "圖 3.2", "Table 4.1",
    "電話 02-2345-6789", "分機 1234", "0800-080-123", "RFC 3986", "RFC 2616 version 1.1",
    "NT$ 28.50", "售價 3.2 元", "$28.0", "28.5 %", "第 31 版", "共 28 頁", "3.2 GB",
    "Windows 32-bit", "Windows 7 天試用", "Windows 10/11", "Windows 10 或 11", "Windows 10、11",
    "Windows 10 and 11", "Windows 10 以上", "Android 8.0 以上", "iOS 15 or later", "iOS 15+",
    "Android 12–14", "Android 12 到 14", "Chrome 100 and above", "至少 Android 10",
    "at least Python 3.8", "Since Python 3.8", "不支援 Windows 7", "不再支援 Windows 8.1",
    "Windows 7 is no longer supported", "從 v27.0.1 升級", "Upgrade from v27.0.1",
    "TLS version 1.2", "HTTP version 1.1", "API v2.1", "USB 3.0", "GPL v3.0", "CC BY-SA 4.0",
    "Apache License version 2.0", "OAuth v2.0", "韌體版本 3.2", "firmware version 3.2",
    "Office 365", "Microsoft 365", "Windows 95", "Windows", "iPhone 15", "Server 2", "伺服器 3",
    "https://example.com/v28.0.1/", "admin@v28.0.1", "`curl https://x/v28.0.1`", "Step 3.2",
    "Nextcloud 28 個檔案", "Nextcloud 2026 年", "Nextcloud 28.x", "v3", "vpn1.2", "rev2.3.4",
    "<!-- Windows 11 -->", "![Windows](windows-11.png)", "Nextcloud 28.0-rc1", "1,200.50",
]  # fmt: skip


@pytest.mark.parametrize("line", GUESSED)
def test_what_is_guessed(line):
    assert guessed(line) == [GUESSED[line]]


@pytest.mark.parametrize("line", LEFT_ALONE)
def test_what_is_left_alone(line):
    assert guessed(f"# 頁\n\n{line}\n") == []


def test_code_is_left_alone():
    assert guessed("```\nWindows 11\n```\n\n    Android 14\n") == []


def test_two_versions_of_one_name_say_nothing():
    assert guessed("Windows 10\n\nWindows 11\n\nAndroid 14\n") == ["android.version 14"]


def test_what_the_page_states_is_not_guessed_again():
    text = "Windows 11\n\nv28.0.1\n\nAndroid 14\n"
    stated = {("software", "windows.version"): "10", ("software", "server.version"): "28.0.1"}
    assert guessed(text, stated=stated) == ["android.version 14"]


def test_without_a_product_a_bare_version_is_of_nothing():
    assert guessed("版本 3.2\n\nWindows 11\n", product="") == ["windows.version 11"]


def test_it_says_where():
    [one] = version_mentions(Page("---\ntitle: x\n---\n# 頁\n\n用 Windows 11。\n"), "", (), {})
    assert (one.line, one.words, one.category) == (6, "Windows 11", "software")


@pytest.mark.parametrize(
    ("head", "found"), [("版本", ["windows.version 10"]), ("最低版本", []), ("Minimum", [])]
)
def test_what_stands_over_a_column_is_of_its_rows(head, found):
    table = f"| 系統 | {head} |\n|---|---|\n| Windows | Windows 10 |\n"
    assert guessed(table + "\nAndroid 14\n") == [*found, "android.version 14"]


@pytest.mark.parametrize("piece", ["a", "A", "A.", "1.2 ", "`", "v1.2", "Windows 11 ", "@", "<a"])
def test_a_line_without_end_takes_no_long_time(piece):
    started = perf_counter()
    guessed(piece * (200_000 // len(piece)) + "\n" + piece * (4_900 // len(piece)) + "\n")
    assert perf_counter() - started < 5
