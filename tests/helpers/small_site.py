"""A small site as a maintainer would lay it out, real builds of it, and a reader of its HTML."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from html.parser import HTMLParser
from inspect import cleandoc
from pathlib import Path

import forking

SETTINGS = Path(__file__).parents[2] / "mkdocs.yml"

PAGES = {
    "docs/index.md": """---
        title: 首頁
        ---
        # 雲端產品手冊

        第一次使用請看 [網頁登入](../manuals/operation/web-sign-in.md#用網頁登入)，
        出問題時看 [登入的問題](../manuals/troubleshooting/sign-in.md)。

        ![標誌](images/logo.svg)
        """,
    "docs/staff.md": """---
        title: 服務人員
        order: 1
        ---
        # 服務人員怎麼做

        先確認 [用網頁登入](../manuals/operation/web-sign-in.md#用網頁登入)。
        """,
    "docs/images/logo.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\n',
    "manuals/operation/index.md": """---
        title: 操作手冊
        ---
        # 操作手冊

        從 [首頁](../../docs/index.md) 也能找到各頁。
        """,
    "manuals/operation/web-sign-in.md": """---
        title: 網頁登入
        order: 1
        product: nextcloud
        environment:
          software:
            server.version: 3.10
            browser.name: "Firefox & Safari"
          roles:
            operator.role: 一般使用者
        ---
        # 網頁登入

        ## 用網頁登入

        1. 開啟瀏覽器，輸入帳號與密碼。

            ![登入畫面](images/sign-in.svg)

        2. 按「登入」。連不上時請參考 [服務人員的說明](../../docs/staff.md)，
           或看 [登入後又回到登入畫面](../troubleshooting/sign-in.md#登入後又回到登入畫面)。

        ## 登出

        點選右上角的頭像。
        """,
    "manuals/operation/images/sign-in.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\n'
    ),
    "manuals/operation/webdav.md": """---
        title: 用 WebDAV 連線
        order: 10
        ---
        # 用 WebDAV 連線

        先連上公司的 VPN，再用檔案總管連到 WebDAV 位址。
        """,
    "manuals/operation/files/index.md": "---\ntitle: 檔案\norder: 2\n---\n# 檔案\n",
    "manuals/operation/files/trash.md": "---\ntitle: 資源回收筒\n---\n# 資源回收筒\n\n還原檔案。\n",
    "manuals/operation/about.md": "# 關於本手冊\n\n沒有排序的頁面放在最後。\n",
    "manuals/troubleshooting/sign-in.md": """---
        title: 登入的問題
        order: 1
        ---
        # 登入的問題

        ## 登入後又回到登入畫面

        **原因**：瀏覽器擋下了 Cookie。

        ## 無法登入

        重新啟動雲端伺服器並重設密碼。（VPN）
        """,
    "records/confirmations/ENV-2026-0001.yaml": "id: ENV-2026-0001\nreported: 內部才看得到\n",
    "suggestions/operation/ENV-2026-0001-1.yaml": "id: ENV-2026-0001-1\n",
}

CONFIRMATION = """\
schema: manualsmith/confirmation/v1
id: ENV-2026-0007
date: 2026-11-20
product: nextcloud
staff: S-0412
reported: 畫面和手冊不同
environment:
  software:
    - {fact: server.version, documented: "3.10", observed: "3.11"}
findings:
  - id: 1
    summary: 按鈕改名了
    manual: operation
    page: web-sign-in.md
    reason: 畫面不同
    edit: {action: replace-text, section: [用網頁登入], quote: 按「登入」, text: 按「下一步」}
  - id: 2
    summary: 登出換了位置
    manual: operation
    page: web-sign-in.md
    reason: 畫面不同
    edit: {action: replace-text, section: [登出], quote: 右上角, text: 左上角}
"""


@dataclass(frozen=True)
class Site:
    """A repository with ``mkdocs.yml``, and the folder its site is built into."""

    root: Path
    out: Path

    def build(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run ``mkdocs build --strict`` as a maintainer does, in *cwd* or the repository."""
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(self.out)]
        return run([*command, *arguments], cwd or self.root)

    def html(self, address: str) -> str:
        """Return the page at *address*, which ends in a slash or is empty."""
        return (self.out / address / "index.html").read_text("utf-8")

    def index(self) -> dict[str, dict[str, str]]:
        """Return the search index: each section's fields by its location."""
        text = (self.out / "search" / "search_index.json").read_text("utf-8")
        return {entry["location"]: entry for entry in json.loads(text)["docs"]}


def run(command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run *command* with no setting that would quiet it."""
    env = {name: value for name, value in os.environ.items() if "MKDOCS" not in name}
    return forking.run(command, cwd=cwd, env=env, text=True, capture_output=True)


def write_site(root: Path, pages: dict[str, str] = PAGES, settings: str = "") -> Site:
    """Write *pages* and this project's ``mkdocs.yml`` but for what is its own, with ``docs``."""
    for path, text in pages.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{cleandoc(text)}\n", "utf-8")
    own = re.sub(r"\n      facts:.*\n(?: {8}.*\n)*", "\n", SETTINGS.read_text("utf-8"))
    own = re.sub(r"      (?:report|contact):.*\n", "", own)
    shown = own.replace("  - manualsmith:\n", "  - manualsmith:\n      docs: true\n")
    (root / "mkdocs.yml").write_text(shown + settings, "utf-8")
    return Site(root, root.parent / f"{root.name}-site")


class Tags(HTMLParser):
    """Every tag of an HTML text with its attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def values(self, attribute: str, *tags: str) -> list[str]:
        """Return the values of *attribute* on *tags* (any tag if none), in order."""
        return [
            attributes[attribute]
            for tag, attributes in self.found
            if attribute in attributes and (not tags or tag in tags)
        ]


def files(folder: Path) -> dict[str, bytes]:
    """Return the site's pages, scripts and index by path, without the times that it was built."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {
        name: path.read_bytes()
        for name, path in found.items()
        if path.is_file() and not name.startswith("sitemap")
    }
