"""A step is moved, a section renamed, on a page that has changed since."""

import pytest

from manualsmith.markdown import TargetLost, apply

STEPS = "# 頁\n\n1. 甲甲甲。\n2. 乙乙乙。\n3. 丙丙丙。\n4. 丁丁丁。\n"
MOVE = {"action": "move-step", "step": "4", "to": "2", "position": "before"}
SECTIONS = "# 頁\n\n## 甲\n\n甲的內容。\n\n## 乙\n\n乙的內容。\n"
RENAME = {"action": "rename-section", "section": ["頁", "甲"], "heading": "丙"}


def test_a_step_goes_beside_the_step_that_was_meant():
    page = STEPS.replace("1. 甲甲甲。", "1. 新的。\n2. 甲甲甲。").replace("2. 乙", "3. 乙")
    page = page.replace("3. 丙", "4. 丙").replace("4. 丁", "5. 丁")
    assert apply(page, MOVE, STEPS) == (
        "# 頁\n\n1. 新的。\n2. 甲甲甲。\n3. 丁丁丁。\n4. 乙乙乙。\n5. 丙丙丙。\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2. 乙乙乙。\n3. 丙丙丙。\n4. 丁丁丁。", "2. 丙丙丙。\n3. 丁丁丁。", "missing"),
        ("4. 丁丁丁。", "4. 丁改了。", "changed"),
        ("\n4. 丁丁丁。", "", "missing"),
        (
            "2. 乙乙乙。\n3. 丙丙丙。\n4. 丁丁丁。",
            "2. 丁丁丁。\n3. 乙乙乙。\n4. 丙丙丙。",
            "already",
        ),
    ],
)
def test_a_step_that_is_not_as_it_was_stays(old, new, reason):
    with pytest.raises(TargetLost) as lost:
        apply(STEPS.replace(old, new), MOVE, STEPS)
    assert lost.value.reason == reason


def test_a_move_and_another_edit_of_the_list_meet_in_either_order():
    other = {"action": "replace-step", "step": "3", "text": "丙的新字。"}
    first = apply(apply(STEPS, MOVE), other, STEPS)
    assert first == apply(apply(STEPS, other), MOVE, STEPS)


def test_a_section_is_renamed_wherever_it_stands_now():
    page = SECTIONS.replace("## 甲\n\n甲的內容。", "## 新\n\n新的。\n\n## 甲\n\n甲的內容，還有。")
    assert apply(page, RENAME, SECTIONS) == page.replace("## 甲", "## 丙 {#甲}")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("## 甲", "## 丁", "changed"),
        ("## 甲", "## 丙", "already"),
        ("## 甲\n\n甲的內容。\n\n", "", "missing"),
    ],
)
def test_a_section_that_has_another_heading_keeps_it(old, new, reason):
    with pytest.raises(TargetLost) as lost:
        apply(SECTIONS.replace(old, new), RENAME, SECTIONS)
    assert lost.value.reason == reason
