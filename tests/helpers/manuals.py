"""A small manual repository for tests: two manuals, one confirmation, and how to write others."""

from pathlib import Path

SIGN_IN = """---
title: 登入
product: nextcloud
environment:
  software:
    client.version: "3.13"
---

# 登入

本頁照用戶端 3.13 寫成，不是 13.130，也不是 3.13.1。

## 第一次登入 {#first}

1. 打開用戶端 3.13。
2. 輸入帳號。
3. 按登入。

| 系統 | 版本 |
|------|------|
| macOS | 12 |
"""
SYNC = """---
title: 同步問題
product: nextcloud
environment:
  software:
    client.version: "3.13"
---

# 同步問題

## 卡住

**環境**：用戶端 3.13

**原因**：檔案太多。

**處理步驟**：

1. 等待。
"""
OTHER = """---
product: other
environment: {software: {client.version: '3.13'}}
---
3.13
"""
UNBOUND = "# 沒有宣告\n\n這裡也寫 3.13。\n"
PAGES = {
    "manuals/operation/sign-in.md": SIGN_IN,
    "manuals/operation/other.md": OTHER,
    "manuals/operation/unbound.md": UNBOUND,
    "manuals/troubleshooting/sync.md": SYNC,
}
STEP = """- id: 1
    summary: 改用瀏覽器
    manual: operation
    page: sign-in.md
    reason: 畫面不同
    edit: {action: replace-step, section: [第一次登入], step: 3, text: 按「允許存取」。}
"""
ENTRY = """- id: 2
    summary: 補上步驟
    manual: troubleshooting
    page: sync.md
    reason: 不夠
    edit: {action: insert-step, section: [卡住], step: 1, text: 重新啟動。}
"""
FACT = '- {fact: client.version, documented: "3.13", observed: "3.16"}'


def confirmation(
    number: int = 1,
    *,
    facts: str = "",
    findings: tuple[str, ...] = (STEP,),
    confirmed: str = "",
    staff: str | None = "S-0412",
) -> str:
    """Return a confirmation's text."""
    lines = [
        "schema: manualsmith/confirmation/v1",
        f"id: ENV-2026-{number:04}",
        "date: 2026-11-20",
        "product: nextcloud",
        *([f"staff: {staff}"] if staff else []),
        "reported: 畫面和手冊不同",
        "environment:",
        "  software:",
        *([f"    {facts}"] if facts else []),
        *([f"confirmed:\n  {confirmed}"] if confirmed else []),
        "findings:",
    ]
    return "\n".join(lines) + "\n" + "".join(f"  {finding}" for finding in findings)


def write(repo: Path, number: int = 1, text: str | None = None, **parts: object) -> Path:
    """Write a confirmation into the working tree and return its file."""
    file = repo / "records" / "confirmations" / f"ENV-2026-{number:04}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    made = confirmation(number, **parts) if text is None else text  # type: ignore[arg-type]
    file.write_text(made, encoding="utf-8")
    return file
