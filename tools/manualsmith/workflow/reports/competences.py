"""What the standard IIS3512-001v1 asks for in each task: knowledge, skills, attitudes.

The codes follow from the task that a behaviour indicator is of: P1.2.1 is of T1.2. Attitudes are
of every task.
"""

from collections.abc import Mapping

# The titles are the standard's own, those of the indicators in short.
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
INDICATORS: Mapping[str, str] = {
    "P1.1.1": "依使用者反映的問題，檢視現有系統環境",
    "P1.1.2": "依檢視結果完成系統環境確認書",
    "P1.2.1": "依系統環境確認書，協助修正或新增操作手冊內容",
    "P1.2.2": "依系統環境確認書，協助修正或新增障礙排除手冊內容",
    "P2.1.1": "按照操作手冊，輔導使用者操作雲端產品",
    "P2.1.2": "依使用者需求，協助調整或更新操作步驟",
    "P2.2.1": "與使用者溝通，確認與記錄需求與問題",
    "P2.2.2": "蒐集現有或歷史產品資訊，進行問題分析",
    "P2.2.3": "排除異常問題，並向使用者說明與記錄處理結果",
    "P2.2.4": "將異常問題回報給組織相關人員，並追蹤處理情形",
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
