"""Print HTML as PDF with a browser of the machine, which embeds the system's fonts."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from manualsmith.errors import UserError
from manualsmith.paper.searchable_text import make_searchable
from manualsmith.text import t

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "chrome",
    "msedge",
)
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_SECONDS = 120


def write_pdf(html: str, file: Path) -> None:
    """Write a page as PDF. Raises UserError where no browser is there, or it fails."""
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="manualsmith-") as folder:
        page, made = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(html, encoding="utf-8")
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--disable-extensions",
            "--no-first-run",
            f"--user-data-dir={Path(folder, 'profile')}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={made}",
            page.as_uri(),
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # a browser refuses to start as root with one
        try:
            done = subprocess.run(
                command, capture_output=True, check=False, timeout=_SECONDS, encoding="utf-8"
            )
        except subprocess.TimeoutExpired as error:
            raise UserError(t("the browser did not finish: {name}", name=browser)) from error
        if not made.is_file():
            last = (done.stderr.strip().splitlines() or [""])[-1]
            raise UserError(t("the browser made no PDF: {reason}", reason=last))
        make_searchable(made, file)


def find_browser() -> str:
    """Return the browser that prints: as ``CHROMIUM`` names it, or one that is known.

    Raises UserError where there is none.
    """
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, (shutil.which(name) for name in (named or "", *_NAMES))), None)
    found = found or next((place for place in _PLACES if Path(place).is_file()), None)
    if found is None:
        raise UserError(
            t("a PDF needs Chrome, Edge or Chromium"),
            hint=t("install one, name it in CHROMIUM, or print the HTML from another browser"),
        )
    return found
