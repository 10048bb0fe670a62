"""Draws the app's icons from their SVG: `python -m tests.adapters.teams.icons`."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.adapters.teams.screen import CHROMIUM, QUIET

FOLDER = Path(__file__).parents[3] / "adapters" / "teams" / "icons"
SIDES = {"color": 192, "outline": 32}


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for name, side in SIDES.items():
            page = browser.new_page(viewport={"width": side, "height": side})
            svg = (FOLDER / f"{name}.svg").read_text()
            page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{svg}")
            shot = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
            if name == "outline":
                # Teams wants nothing but white: what is half covered is white, half transparent.
                white = Image.new("RGBA", shot.size, (255, 255, 255, 0))
                white.putalpha(shot.getchannel("A"))
                shot = white
            else:
                shot = shot.convert("RGB")
            shot.save(FOLDER / f"{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
