"""What the standard IIS3512-001v1 asks for in each task: knowledge, skills, attitudes.

The codes follow from the task that a behaviour indicator is of: P1.2.1 is of T1.2. Attitudes are
of every task.
"""

from collections.abc import Mapping

# The titles are the standard's own.
KNOWLEDGE: Mapping[str, str] = {
    "K01": "資訊技術現況與發展趨勢",
    "K02": "雲端產品概念",
    "K03": "系統環境概念",
    "K04": "網際網路概念",
    "K05": "雲端技術概念",
    "K06": "產品功能與運算邏輯概念",
    "K07": "問題評估與解決方法",
    "K08": "除錯流程與工具使用知識",
}
SKILLS: Mapping[str, str] = {
    "S01": "資料蒐集與解讀能力",
    "S02": "文書處理能力",
    "S03": "溝通協調能力",
    "S04": "問題判讀能力",
    "S05": "資訊科技應用能力",
    "S06": "簡報能力",
    "S07": "系統檢測工具操作能力",
    "S08": "雲端產品基本除錯能力",
    "S09": "問題追蹤系統使用能力",
}
ATTITUDES: Mapping[str, str] = {
    "A01": "主動積極",
    "A02": "謹慎細心",
    "A03": "壓力容忍",
    "A04": "親和力",
    "A05": "應對不確定性",
    "A06": "持續學習",
}
COMPETENCES: Mapping[str, str] = {**KNOWLEDGE, **SKILLS, **ATTITUDES}
_OF_TASKS: Mapping[str, tuple[str, ...]] = {
    "T1.1": ("K01", "K02", "K03", "K04", "K05", "S01", "S02", "S03", "S04"),
    "T1.2": ("K02", "K03", "K04", "K05", "K06", "S01", "S02"),
    "T2.1": ("K02", "K03", "K04", "K05", "K06", "S01", "S03", "S05", "S06"),
    "T2.2": ("K06", "K07", "K08", "S02", "S04", "S07", "S08", "S09"),
}


def competences_of(indicator: str) -> tuple[str, ...]:
    """Return the codes that an indicator, such as P1.2.1, stands for; attitudes are of all."""
    task = "T" + indicator[1:].rpartition(".")[0]
    return (*_OF_TASKS[task], *ATTITUDES)
