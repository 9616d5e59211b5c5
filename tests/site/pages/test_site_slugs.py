"""Ids of headings."""

import pytest

from manualsmith.site.slugs import slugify


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("用網頁登入", "用網頁登入"),
        ("安裝 Nextcloud 桌面版", "安裝-nextcloud-桌面版"),
        ("出現「423 Locked」，無法儲存", "出現423-locked無法儲存"),
        ("server_version - 31", "server_version-31"),
        ("？！", ""),
    ],
)
def test_slugify(heading: str, expected: str) -> None:
    assert slugify(heading, "-") == expected
