"""A comment after a text without quotes is refused where the field would have taken it too."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitrepo import git
from manualsmith.errors import UserError
from manualsmith.layout import RECORDS
from manualsmith.records.models.confirmation import parse_confirmation
from manualsmith.records.models.suggestion import parse_suggestion
from manualsmith.records.record_files import model_of, parse_record
from manualsmith.records.yaml.read_yaml import read
from manualsmith.records.yaml.swallowed_text import swallowed
from manualsmith.records.yaml.template import confirmation_template
from manualsmith.text import LANGUAGES, speaking

ROOT = Path(__file__).parents[3]
# every field that a confirmation may have; each value is free of quotes
WHOLE = """\
schema: manualsmith/confirmation/v1
id: ENV-2026-0070
date: 2026-11-20
product: nextcloud
release: 30
staff: S-0001
reported: 步驟與畫面不同
request: REQ-2026-0012
environment:
  software:
    - fact: linux.distribution
      documented: Ubuntu 22.04
      observed: Ubuntu 24.04
      note: 新買的電腦
confirmed:
  - page: web-sign-in.md
    section: [用網頁登入]
    manual: operation
findings:
  - id: 1
    summary: 改步驟
    manual: operation
    page: desktop-client.md
    reason: 新版不同
    edit:
      action: replace-step
      section:
        - 桌面版用戶端
        - 第一次登入
      step: 4
      quote: 選擇資料夾
      text: 撥
  - id: 2
    summary: 加條目
    manual: troubleshooting
    page: sync.md
    reason: 沒有寫
    edit:
      action: add-entry
      entry:
        symptom: 卡住
        environment: 桌面版
        cause: 檔案太多
        resolution:
          - 等待
          - 重新啟動
  - id: 3
    summary: 改表格
    manual: operation
    page: web.md
    reason: 版本不同
    edit:
      action: set-cell
      section: [需求]
      row: macOS
      column: 版本
      text: 13
"""
NO_TEXT = "schema id date release request fact page manual action step"
LINES = WHOLE.splitlines()
VALUES = [n for n, line in enumerate(LINES) if re.search(r"(: |- )[^\[\s][^:]*$", line)]


def name_of(line):
    return line.strip().removeprefix("- ").partition(":")[0]


def with_comment(number, comment=" # 轉客服"):
    lines = [line + comment if n == number else line for n, line in enumerate(LINES)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("comment", [" # 轉客服", " #1", "\t# 轉客服", "  #"])
@pytest.mark.parametrize("number", VALUES, ids=lambda n: LINES[n].strip())
def test_after_every_value(number, comment):
    text = with_comment(number, comment)
    if name_of(LINES[number]) in NO_TEXT.split():
        assert parse_confirmation(text.encode(), "x") == parse_confirmation(WHOLE.encode(), "x")
        return
    with pytest.raises(UserError) as refused:
        parse_confirmation(text.encode(), "ENV.yaml")
    [problem] = refused.value.problems
    column = len(LINES[number]) + comment.index("#") + 1
    assert str(problem.place) == f"ENV.yaml:{number + 1}:{column}"
    value = re.split(r": |- ", LINES[number])[-1]
    assert f'"{value}{comment}"'.replace("\t", "\\t") in (problem.hint or "")


@pytest.mark.parametrize("number", VALUES, ids=lambda n: LINES[n].strip())
def test_the_hint_is_the_way_to_write_it(number):
    written = re.sub(r"((?:: |- ))([^:]*)$", r'\1"\2 # 轉客服"', LINES[number])
    text = with_comment(number, "").replace(LINES[number], written, 1)
    if name_of(LINES[number]) in NO_TEXT.split():
        with pytest.raises(UserError):
            parse_confirmation(text.encode(), "x")
    else:
        assert "轉客服" in parse_confirmation(text.encode(), "x").model_dump_json()


@pytest.mark.parametrize(
    "found",
    [
        "reported: 使用者說： #1 壞了",
        "staff: #1 號櫃台",
        "staff: S-0001\nreported: 第一行\n  第二行 # 第三",
        "confirmed:\n  - {page: web-sign-in.md, section: [用網頁登入 # 或桌面版\n    ]}",
        "confirmed:\n  - {page: web-sign-in.md, section: [第一節, 用網頁登入 #2\n    ]}",
    ],
)
def test_wherever_a_text_ends(found):
    name = found.splitlines()[-1 if found.startswith("staff: S") else 0].partition(":")[0]
    rest = re.sub(rf"^{found.partition(':')[0]}:.*\n(?:[ ].*\n)*", "", WHOLE, flags=re.MULTILINE)
    if "reported:" in found:
        rest = re.sub(r"^(reported|staff):.*\n", "", rest, flags=re.MULTILINE)
    with pytest.raises(UserError, match="comment"):
        parse_confirmation(f"{rest}{found}\n".encode(), name)


@pytest.mark.parametrize(
    "found",
    [
        "# 一行\nreported: 壞了\n",
        "reported: 壞了\n  # 一行\n",
        'reported: "壞了" # 引號之後\n',
        "reported: '壞了' # 引號之後\n",
        "reported: 壞了#1\n",
        "reported: |  # 下面是內文\n  壞了 # 1\n",
        "reported: 壞了\nconfirmed:  # 沒有\n",
        "reported: 壞了\nconfirmed: []  # 沒有\n",
        "reported: 壞了\nconfirmed: [{page: web-sign-in.md, section: [用網頁登入]}]  # 有\n",
        "reported: 壞了\nrequest:  # 沒有申請單\n",
        "reported: 壞了\nstaff: ~  # 沒有\n",
    ],
)
def test_what_can_only_be_a_comment_stays_one(found):
    rest = re.sub(r"^(reported|request|staff):.*\n", "", WHOLE, flags=re.MULTILINE)
    if "confirmed" in found:
        rest = re.sub(r"^confirmed:\n(?:[ ].*\n)*", "", rest, flags=re.MULTILINE)
    assert "壞了" in parse_confirmation(f"{rest}{found}".encode(), "x").reported


TEXT = st.text("撥轉 #1a:", min_size=1, max_size=12)


@given(TEXT)
def test_no_text_is_cut_without_a_word(text):
    """What is read is what was written, or it is refused."""
    written = WHOLE.replace("text: 撥\n", f"text: {text}\n")
    try:
        read_back = parse_confirmation(written.encode(), "x").findings[0].edit.text
    except UserError:
        return
    assert read_back == text.strip(" ")


def test_every_shipped_record_reads():
    """And those that the documentation shows."""
    found = git(ROOT, "ls-files", "records", "suggestions").splitlines()
    for path in found:
        data, folder = (ROOT / path).read_bytes(), path.rpartition("/")[0]
        if not path.endswith(".yaml"):
            continue
        if folder.startswith("suggestions/"):
            parse_suggestion(data, path)
        elif folder == RECORDS["ENV"].folder:
            parse_confirmation(data, path)
        else:
            kind = model_of(Path(path).name[:3])
            parse_record(kind, data, path)
    assert len(found) > 20


def test_the_templates_have_none():
    for language in LANGUAGES:
        with speaking(language):
            blank = confirmation_template("ENV-2026-0001", "2026-11-20", "nextcloud").encode()
        assert list(swallowed(read(blank, language), model_of("ENV"))) == []
