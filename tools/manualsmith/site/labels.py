"""The few texts that our plugin puts on a page, in the language of the site.

They do not go through ``manualsmith.text``: that follows the shell of whoever builds the site,
and the same sources must give the same site on every machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Labels:
    """Texts of one language; ``categories`` names the parts of an environment, in their order."""

    language: str
    docs: str
    moved: str
    environment: str
    changed: str
    held: str
    comma: str
    within: str
    outdated: str
    newest: str
    languages: str
    behind: str
    search: str
    symptoms: str
    announced: str
    related: Mapping[str, str]
    report: str
    report_page: str
    report_copy: str
    report_place: str
    report_heading: str
    report_version: str
    report_questions: tuple[str, ...]
    preview: str
    preview_here: str
    preview_elsewhere: str
    preview_pages: str
    preview_new: str
    preview_was: str
    preview_gone: str
    categories: Mapping[str, str]
    report_id: str = "report-a-problem"


_CHINESE = Labels(
    language="zh-TW",
    docs="工作說明",
    moved="這一頁搬到：",
    environment="本頁適用的環境",
    changed="最近修改",
    held="最近照著做，確認無誤",
    comma="、",
    within="（{}）",
    outdated="這是舊版產品的手冊。",
    newest="看最新版的手冊",
    languages="其他語言",
    behind="另一種語言的這一頁有更新，這裡還沒跟上。",
    search="搜尋",
    symptoms="依看到的情形查",
    announced="這裡有更正正在審閱：{}",
    related={"operation": "相關的操作", "troubleshooting": "相關的障礙排除"},
    report="回報問題",
    report_page="回報這一頁的問題",
    report_copy="複製下面的文字，填好後交給服務台：",
    report_place="頁面：{title}（{path}）",
    report_heading="標題：{heading}",
    report_version="版本：{version}",
    report_questions=("您做了什麼：", "看到什麼（畫面上的訊息照抄）：", "您的裝置與版本："),
    preview="預覽",
    preview_here="本頁標出 {} 建議修改的內容，尚未採用。",
    preview_elsewhere="含 {} 建議修改的內容，尚未採用；本頁沒有修改。",
    preview_pages="看修改了哪些頁",
    preview_new="新的一頁",
    preview_was="原來的內容",
    preview_gone="這裡刪除了內容",
    categories={
        "hardware": "硬體",
        "software": "軟體",
        "network": "網路",
        "roles": "操作人員",
        "procedures": "操作程序",
    },
)

_ENGLISH = Labels(
    language="en",
    docs="Working here",
    moved="This page is now at:",
    environment="The environment this page is for",
    changed="Last changed",
    held="Last followed and found right",
    comma=", ",
    within=" ({})",
    outdated="This manual is of an older release.",
    newest="See the newest",
    languages="Other languages",
    behind="This page is behind: it was changed in the other language.",
    search="Search",
    symptoms="By what you see",
    announced="A correction of this is being reviewed: {}",
    related={"operation": "How it is done", "troubleshooting": "Where something is wrong"},
    report="Report a problem",
    report_page="Report a problem with this page",
    report_copy="Copy this text, fill it in and send it to the service desk:",
    report_place="Page: {title} ({path})",
    report_heading="Heading: {heading}",
    report_version="Version: {version}",
    report_questions=(
        "What you did:",
        "What you saw (messages word for word):",
        "Your device and its version:",
    ),
    preview="Preview",
    preview_here="This page shows what {} suggests; it is not accepted yet.",
    preview_elsewhere="With what {} suggests, not accepted yet; this page is not changed.",
    preview_pages="See the changed pages",
    preview_new="New page",
    preview_was="What was here",
    preview_gone="Something was taken out here",
    categories={
        "hardware": "Hardware",
        "software": "Software",
        "network": "Network",
        "roles": "Operator roles",
        "procedures": "Operating procedures",
    },
)


def labels_for(language: str) -> Labels:
    """Return the texts for the theme's *language*, such as ``"zh-TW"``; English for an unknown."""
    return _CHINESE if language.lower().startswith("zh") else _ENGLISH
