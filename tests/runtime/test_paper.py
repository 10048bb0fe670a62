"""The box on paper."""

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from bot.core.library import Library
from bot.runtime import paper
from tests.test_packs import PACKS, landa

A4_PT = (595, 842)
PER_PAGE = paper.ACROSS * paper.DOWN


def text_of(raw: bytes) -> str:
    """All that can be marked and copied, on one line."""
    pages = pypdfium2.PdfDocument(io.BytesIO(raw))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def test_whole_box(library: Library) -> None:
    """In every language each slip stands on A4 with all its words and its sources, as text."""
    for language, box in library.exercises.items():
        slips = paper.chosen(library, language, (), ())
        raw = paper.pdf(library, language, slips)
        pages = pypdfium2.PdfDocument(io.BytesIO(raw))
        assert len(pages) == -(-len(box) // PER_PAGE)
        assert {tuple(map(round, page.get_size())) for page in pages} == {A4_PT}
        said = text_of(raw)
        for slip in box.values():
            for key, text in slip.texts():
                assert " ".join(text.split()) in said, (slip.id, key)
            for source in set(slip.sources) - {"practice"}:
                assert library.sources[source].text in said, slip.id


def test_same_bytes(library: Library) -> None:
    """The same slips make the same file, and its fonts are in it."""
    slips = paper.chosen(library, "sv", ("question", "pride"), ())
    raw = paper.pdf(library, "sv", slips)
    assert raw == paper.pdf(library, "sv", slips)
    assert raw.count(b"/BaseFont") == raw.count(b"/FontFile2") == 2


def test_cut_lines(library: Library) -> None:
    """Between the slips run lines to cut along, on every page, and nothing is printed on them."""
    raw = paper.pdf(library, "sv", paper.chosen(library, "sv", (), ()))
    for page in pypdfium2.PdfDocument(io.BytesIO(raw)):
        picture = page.render(scale=1).to_pil().convert("L")
        middle = [picture.getpixel((297, y)) for y in range(picture.height)]
        inked = sum(value < 250 for value in middle)  # type: ignore[operator]
        assert 0.3 < inked / len(middle) < 0.8
        beside = [picture.getpixel((297 + 12, y)) for y in range(picture.height)]
        assert sum(value < 200 for value in beside) == 0  # type: ignore[operator]


def test_what_cannot_be_printed(library: Library) -> None:
    """A slip that is too long to be read, or has letters the font lacks, is named."""
    slip = next(iter(library.exercises["sv"].values()))
    with pytest.raises(paper.PaperError, match=r"the font has no '猫'"):
        paper.pdf(library, "sv", [replace(slip, title="猫")])
    long = replace(slip, steps=slip.steps * 9)
    with pytest.raises(paper.PaperError, match="too long"):
        paper.pdf(library, "sv", [long])


@pytest.mark.parametrize(
    ("language", "kinds", "packs", "why"),
    [
        ("xx", (), (), "Landa speaks sv, "),
        ("sv", ("dance",), (), "'dance' is no kind"),
        ("sv", (), ("theirs",), "no such slips"),
    ],
)
def test_nothing_to_print(
    language: str, kinds: tuple[str, ...], packs: tuple[str, ...], why: str, library: Library
) -> None:
    """What is not in the box is said in a sentence."""
    with pytest.raises(paper.PaperError, match=why):
        paper.chosen(library, language, kinds, packs)


def test_command(tmp_path: Path) -> None:
    """`landa print box` prints a pack, and only it."""
    said = landa(tmp_path, "print box --pack our-box --out b.pdf --language sv", PACKS)
    assert said.returncode == 0, said.stderr
    printed = text_of((tmp_path / "b.pdf").read_bytes())
    assert "Se på björken · 45 sekunder" in printed
    assert "Vår låda, Familjeteamet" in printed
    assert "5 slips" in said.stdout


def test_only_when_asked() -> None:
    """Whatever serves people does not carry what sets type."""
    code = "import sys, bot.wiring, bot.__main__; print('reportlab' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
