"""Make the pictures of the README anew from a demo: `python bench/pictures.py [demo-data]`, into docs/pictures/.

Needs Chromium (apt-get install chromium). A picture that grows beyond 120 kB ends with an error.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

OUT = Path(__file__).parents[1] / "docs/pictures"
HEAVIEST = 120_000
SHOTS = (
    ("mail", "data/digests/2024-W14.html", 400, 960, 2),
    ("page", "data/site/avtaler/sor-varanger_ru-petsjenga.html", 1040, 1180, 1),
    ("map", "data/site/kart.html", 1040, 900, 1),
)
"""Name, page, width and height in CSS pixels, and pixels for each of them."""


def main() -> None:
    """Open each page in Chromium and write what its first screen shows as a PNG of few colours."""
    demo = Path(sys.argv[1] if len(sys.argv) > 1 else "demo-data").absolute()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is missing: apt-get install chromium")
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, page_file, width, height, scale in SHOTS:
            page = browser.new_page(
                viewport={"width": width, "height": height}, device_scale_factor=scale, color_scheme="light"
            )
            page.goto((demo / page_file).as_uri())
            picture = _few_colours(page.screenshot())
            if len(picture) > HEAVIEST:
                sys.exit(f"{name}.png has {len(picture)} bytes, more than {HEAVIEST}")
            (OUT / f"{name}.png").write_bytes(picture)
            print(f"{OUT / name}.png {len(picture) / 1000:.0f} kB")
            page.close()
        browser.close()


def _few_colours(png: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").quantize(48, dither=Image.Dither.NONE).save(out, "png", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
