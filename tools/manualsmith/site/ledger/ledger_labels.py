"""The ledger's texts, in the language of the site."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LedgerLabels:
    """Texts of one language; ``states`` in the order that they are counted in."""

    title: str
    suggestions: str
    confirmations: str
    of_page: str
    number: str
    state: str
    summary: str
    page: str
    pages: str
    source: str
    by: str
    decision: str
    date: str
    reported: str
    environment: str
    confirmed: str
    staff: str
    count: str
    by_week: str
    found: str
    decided: str
    ages: str
    within: str
    longer: str
    never: str
    filter: str
    none: str
    requests: str
    incidents: str
    walkthroughs: str
    when: str
    symptom: str
    due: str
    led_to: str
    results: str
    closed: str
    states: Mapping[str, str]
    incident_states: Mapping[str, str]


_CHINESE = LedgerLabels(
    title="紀錄",
    suggestions="建議",
    confirmations="系統環境確認書",
    of_page="這一頁的紀錄",
    number="編號",
    state="狀態",
    summary="內容",
    page="頁面",
    pages="頁數",
    source="依據",
    by="提出者",
    decision="決定",
    date="日期",
    reported="反映",
    environment="環境",
    confirmed="確認無誤",
    staff="人員",
    count="件數",
    by_week="每週的建議",
    found="發現",
    decided="決定",
    ages="距離上次確認多久",
    within="{} 天內",
    longer="更久",
    never="從未",
    filter="篩選",
    none="沒有符合的紀錄",
    requests="異常處理申請單",
    incidents="異常處理紀錄表",
    walkthroughs="操作方式確認表",
    when="時間",
    symptom="情形",
    due="期限",
    led_to="後續",
    results="結果",
    closed="已結案",
    incident_states={
        "open": "處理中",
        "waiting": "等待使用者",
        "escalated": "已回報",
        "resolved": "已排除，還沒說明",
        "explained": "已說明",
    },
    states={
        "open": "待審",
        "accepted": "已接受",
        "rejected": "不採用",
        "withdrawn": "撤回",
        "superseded": "已被涵蓋",
    },
)

_ENGLISH = LedgerLabels(
    title="Records",
    suggestions="Suggestions",
    confirmations="Environment confirmations",
    of_page="Records of this page",
    number="Number",
    state="State",
    summary="What",
    page="Page",
    pages="Pages",
    source="Rests on",
    by="Proposed by",
    decision="Decision",
    date="Date",
    reported="Reported",
    environment="Environment",
    confirmed="Found right",
    staff="Staff",
    count="Count",
    by_week="Suggestions by week",
    found="Found",
    decided="Decided",
    ages="Since the last confirmation",
    within="{} days",
    longer="Longer",
    never="Never",
    filter="Filter",
    none="No record is like that",
    requests="Requests",
    incidents="Incidents",
    walkthroughs="Walkthroughs",
    when="When",
    symptom="Symptom",
    due="Due",
    led_to="Led to",
    results="Results",
    closed="closed",
    incident_states={
        "open": "in work",
        "waiting": "waiting for the user",
        "escalated": "escalated",
        "resolved": "resolved, not explained",
        "explained": "explained",
    },
    states={
        "open": "open",
        "accepted": "accepted",
        "rejected": "rejected",
        "withdrawn": "withdrawn",
        "superseded": "superseded",
    },
)


def ledger_labels(language: str) -> LedgerLabels:
    """Return the texts for the theme's *language*; English for an unknown one."""
    return _CHINESE if language.lower().startswith("zh") else _ENGLISH
