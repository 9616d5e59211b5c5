"""What stands on a form: its title and number, fields, tables and lines to sign on.

The forms are the six outputs of the standard IIS3512-001v1, in Traditional Chinese whatever the
reader's language: they are handed in and filed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from manualsmith.layout import MANUALS, RECORDS
from manualsmith.naming import show_path
from manualsmith.records.confirmation import Confirmation
from manualsmith.records.environment import Environment
from manualsmith.records.incident import Incident, Level, MoveName
from manualsmith.records.moments import shown
from manualsmith.records.request import Request, Severity
from manualsmith.records.suggestion import Suggestion
from manualsmith.records.walkthrough import Result, Walkthrough

Record = Confirmation | Suggestion | Walkthrough | Request | Incident

_CATEGORIES = {
    "hardware": "硬體",
    "software": "軟體",
    "network": "網路",
    "roles": "操作人員角色",
    "procedures": "操作程序",
}
_SEVERITIES: dict[Severity, str] = {"urgent": "緊急", "high": "高", "normal": "一般", "low": "低"}
_RESULTS: dict[Result | None, str] = {
    "as-written": "與手冊相同",
    "differs": "與手冊不同",
    "failed": "無法操作",
    None: "",
}
_MOVES: dict[MoveName, str] = {
    "open": "受理",
    "log": "處理",
    "join": "併入申請單",
    "wait": "請使用者補充",
    "escalate": "回報",
    "answer": "得到回覆",
    "resolve": "排除",
    "explain": "向使用者說明",
    "reopen": "重新處理",
}
_LEVELS: dict[Level, str] = {"developer": "軟體開發工程師", "architect": "架構規劃師"}
_WORKED = {"as-written": "照手冊排除", "corrected": "手冊的做法無效", "no-entry": "手冊沒有這一項"}
_STATES = {
    "accepted": "接受",
    "rejected": "不採用",
    "withdrawn": "撤回",
    "superseded": "已由其他修正涵蓋",
}
_STAFF = ("承辦人員", "覆核人員", "主管")


@dataclass(frozen=True)
class FormTable:
    """A table on a form."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Form:
    """One form; ``fields`` are pairs of a label and what stands there."""

    title: str
    output: str
    number: str
    fields: tuple[tuple[str, str], ...]
    tables: tuple[FormTable, ...]
    signatures: tuple[str, ...] = _STAFF


def form_of(record: Record) -> Form:
    """Return the form that a record is on paper."""
    if isinstance(record, Suggestion):
        manual = MANUALS[record.manual]
        title, output = manual.output_title, manual.output
    else:
        kind = RECORDS[record.id[:3]]
        title, output = kind.title, kind.output
    fields, tables = _parts(record)
    kept = tuple((label, text) for label, text in fields if text)
    filled = tuple(table for table in tables if table.rows)
    return Form(title, output, record.id, kept, filled)


def _parts(record: Record) -> tuple[Iterator[tuple[str, str]], Iterator[FormTable]]:
    if isinstance(record, Confirmation):
        return _confirmation(record), _confirmation_tables(record)
    if isinstance(record, Suggestion):
        return _suggestion(record), _suggestion_tables(record)
    if isinstance(record, Walkthrough):
        return _walkthrough(record), _walkthrough_tables(record)
    if isinstance(record, Request):
        return _request(record), iter((_environment(record.environment),))
    return _incident(record), _incident_tables(record)


def _environment(environment: Environment) -> FormTable:
    rows = tuple(
        (_CATEGORIES[category], one.fact, one.documented or "", one.observed, one.note or "")
        for category, facts in environment
        for one in facts
    )
    return FormTable("系統環境", ("類別", "項目", "手冊所載", "實際", "備註"), rows)


def _confirmation(record: Confirmation) -> Iterator[tuple[str, str]]:
    yield "確認日期", record.date.isoformat()
    yield "產品", record.product
    yield "手冊版本", record.release or ""
    yield "確認人員", record.staff or ""
    yield "來源", record.request or ""
    yield "使用者反映", record.reported


def _confirmation_tables(record: Confirmation) -> Iterator[FormTable]:
    yield _environment(record.environment)
    held = tuple(
        (MANUALS[one.manual].title, one.page, show_path(one.section or ()))
        for one in record.confirmed
    )
    yield FormTable("照手冊操作無誤", ("手冊", "頁面", "章節"), held)
    found = tuple(
        (str(one.id), MANUALS[one.manual].title, one.page, one.summary, one.reason)
        for one in record.findings
    )
    yield FormTable("手冊應修正之處", ("編號", "手冊", "頁面", "摘要", "理由"), found)


def _suggestion(record: Suggestion) -> Iterator[tuple[str, str]]:
    decision = record.decision
    yield "摘要", record.summary
    yield "產品", record.product
    yield "手冊版本", record.release
    yield "理由", record.reason
    yield "依據", "、".join(one.id for one in (record.confirmation, *record.evidence))
    yield "提出人員", record.proposer
    yield "行為指標", "、".join(record.indicators)
    if decision:
        yield "審查結果", _STATES[decision.state]
        yield "審查人員", decision.by
        yield "審查時間", shown(decision.at)
        yield "審查說明", decision.reason


def _suggestion_tables(record: Suggestion) -> Iterator[FormTable]:
    rows = tuple(
        (edit.page, show_path(change.section), str(change.line), change.before, change.after)
        for edit in record.edits
        for change in edit.changes
    )
    yield FormTable("修正內容", ("頁面", "章節", "行", "原文", "修正為"), rows)


def _walkthrough(record: Walkthrough) -> Iterator[tuple[str, str]]:
    yield "日期", record.date.isoformat()
    yield "產品", record.product
    yield "手冊頁面", f"{MANUALS[record.manual].title} {record.page}"
    yield "章節", show_path(record.section or ())
    yield "輔導人員", record.staff or ""
    yield "使用者", record.requester or ""
    yield "申請單", record.request or ""
    yield "確認書", record.confirmation or ""


def _walkthrough_tables(record: Walkthrough) -> Iterator[FormTable]:
    yield _environment(record.environment)
    rows = tuple(
        (
            one.section[-1],
            one.step,
            one.text,
            _RESULTS[one.result],
            "\n".join(text for text in (one.before, one.seen, one.note) if text),
        )
        for one in record.steps
    )
    yield FormTable("操作步驟", ("章節", "步驟", "手冊內容", "結果", "實際情形"), rows)


def _request(record: Request) -> Iterator[tuple[str, str]]:
    yield "申請時間", shown(record.at)
    yield "產品", record.product
    yield "嚴重程度", _SEVERITIES[record.severity]
    yield "申請人", record.requester or ""
    yield "受理人員", record.staff or ""
    yield "問題", record.symptom
    yield "說明", record.detail or ""
    yield "手冊頁面", record.page or ""
    yield "其他系統編號", record.source or ""
    yield "處理紀錄表", record.incident or ""
    yield "結案", record.closed.reason if record.closed else ""


def _incident(record: Incident) -> Iterator[tuple[str, str]]:
    yield "受理時間", shown(record.opened)
    yield "應排除時間", shown(record.due)
    yield "排除時間", shown(record.resolved) if record.resolved else ""
    yield "產品", record.product
    yield "嚴重程度", _SEVERITIES[record.severity]
    yield "申請單", "、".join(record.requests)
    yield "異常情形", record.symptom
    yield "原因", record.cause or ""
    entry = record.entry
    yield "參考項目", f"{entry.page} {show_path(entry.section)}" if entry else ""
    yield "手冊是否有效", _WORKED[record.worked] if record.worked else ""
    yield "處理步驟", "\n".join(f"{n}. {step}" for n, step in enumerate(record.resolution, start=1))
    yield "向使用者說明", record.explained or ""
    yield "確認書", record.confirmation or ""


def _incident_tables(record: Incident) -> Iterator[FormTable]:
    yield _environment(record.environment)
    rows = tuple(
        (
            shown(move.at),
            move.by,
            _MOVES[move.move] + (f"（{_LEVELS[move.to]}）" if move.to else ""),
            move.note or "",
        )
        for move in record.log
    )
    yield FormTable("處理經過", ("時間", "人員", "處理", "說明"), rows)
