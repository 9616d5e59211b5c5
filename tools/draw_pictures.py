"""Photograph the sketches in ``tools/pictures/`` for the manuals, light and dark.

``.venv/bin/python tools/draw_pictures.py``: each ``NAME.html`` says in ``<meta name="picture">``
where its picture goes; the dark one gets ``-dark`` before its end. It needs Chromium.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
SKETCHES = ROOT / "tools/pictures"
sys.path.append(str(ROOT / "tests/helpers"))
# as sharp as a phone shows it, in as few colours as shapes and words need
SCALE, COLOURS = 2, 48


def main() -> None:
    """Draw each sketch twice."""
    from browsers import chromium

    with chromium() as browser:
        for sketch in sorted(SKETCHES.glob("*.html")):
            for scheme in ("light", "dark"):
                draw(browser, sketch, scheme)


def draw(browser: Browser, sketch: Path, scheme: str) -> None:
    """Write the picture of one sketch in one colour scheme."""
    page = browser.new_page(color_scheme=scheme, device_scale_factor=SCALE)  # type: ignore[arg-type]
    page.goto(sketch.as_uri())
    to = ROOT / str(page.locator("meta[name=picture]").get_attribute("content"))
    if scheme == "dark":
        to = to.with_stem(f"{to.stem}-dark")
    shot = page.locator("main").screenshot(omit_background=True)
    page.close()
    to.parent.mkdir(exist_ok=True)
    image = Image.open(io.BytesIO(shot)).quantize(COLOURS, Image.Quantize.FASTOCTREE)
    image.save(to, optimize=True)
    print(f"{to.relative_to(ROOT)}  {to.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
