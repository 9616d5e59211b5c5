"""Wordings as people read them, and as they look with values in their places."""

import pytest

from manualsmith.catalogues.wordings import as_read, bare, filled, has_places


@pytest.mark.parametrize(
    ("wording", "read", "without_tail"),
    [
        ("安全性", "安全性", "安全性"),
        ("安全性(&S)…", "安全性…", "安全性"),
        ("儲存 (_S)", "儲存", "儲存"),
        ("&File", "File", "File"),
        ("E&xit", "Exit", "Exit"),
        ("Save && close", "Save & close", "Save & close"),
        ("R&D", "R&D", "R&D"),
        ("Devices & services", "Devices & services", "Devices & services"),
        ("A &amp; B", "A &amp; B", "A &amp; B"),
        ("密碼：", "密碼：", "密碼"),
        ("Open...", "Open...", "Open"),
        ("two\n  lines", "two lines", "two lines"),
        ("…", "…", "…"),
    ],
)
def test_a_wording_as_read(wording, read, without_tail):
    assert as_read(wording) == read
    assert bare(wording) == without_tail
    assert bare(bare(wording)) == bare(wording)


@pytest.mark.parametrize(
    ("wording", "quoted", "other"),
    [
        ("已刪除 %n 個檔案", "已刪除 3 個檔案", "已刪除檔案"),
        ("{count} files were removed", "12 files were removed", "files were removed"),
        ("與 %1$s 分享的檔案", "與 王 分享的檔案", "分享的檔案"),
        ("{{name}} 已登入", "S-0001 已登入", "登入"),
        ("$NAME$ is offline", "Server is offline", "is offline"),
    ],
)
def test_places_are_filled(wording, quoted, other):
    assert has_places(wording)
    pattern = filled(wording)
    assert pattern.fullmatch(quoted)
    assert not pattern.fullmatch(other)


@pytest.mark.parametrize("wording", ["%s", "{a} {b}", "安全性", "100%", "50% off"])
def test_too_little_tells_such_a_wording(wording):
    assert filled(wording) is None
