"""The guide shows what there is."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"


def test_the_guide_has_its_pictures() -> None:
    """Every picture that the guide shows is there, with words for those who do not see it."""
    named = re.findall(r"!\[([^\]]*)\]\((pictures/[a-z-]+\.png)\)", (DOCS / "teams.md").read_text())
    made = {
        f"pictures/{path.name}"
        for kind in ("playground", "teams")
        for path in (DOCS / "pictures").glob(f"{kind}-*.png")
    }
    assert made == {path for _, path in named}
    for words, path in named:
        assert len(words) > 20
        assert (DOCS / path).stat().st_size < 250_000
