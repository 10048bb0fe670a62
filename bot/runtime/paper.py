"""The box on paper: slips as A4 in PDF, six a page, with lines to cut along.

The same slips make the same bytes. Its font, Bitstream Vera, comes with reportlab, may be copied
freely, and is embedded. It knows the letters of Western Europe; `unprintable` names any others.
"""

import io
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from bot.core.card import length
from bot.core.errors import LandaError
from bot.core.exercise import KINDS, BreatheStep, ChooseStep, Exercise, Step
from bot.core.library import Library
from bot.flows.guided import in_words
from bot.runtime.content.pack import PRACTICE

ACROSS, DOWN = 2, 3
WIDE, HIGH = A4[0] / ACROSS, A4[1] / DOWN
EDGE = 9 * mm
LARGEST, SMALLEST = 13.0, 7.5
"""Points. Words are set as large as their slip allows; below that, they are not read at a table."""
SMALL_PRINT = 0.62
_COUNTED = re.compile(r"(?<=\d) |(?<=·) (?=\d)")
INK, QUIET, CUT = HexColor(0x1F2A2E), HexColor(0x50585C), HexColor(0x9AA3A7)
COLOURS = {
    "green": HexColor(0x4E8F6D),
    "blue": HexColor(0x3F7CAC),
    "red-green": HexColor(0xB4654A),
}
"""A bar at the top: pleasant to sort by, and nothing that is not also in words."""


class PaperError(LandaError):
    """What cannot be printed, and why."""


def chosen(
    library: Library, language: str, kinds: Collection[str], packs: Collection[str]
) -> list[Exercise]:
    """Slips to print, by kind and title. No *kinds*: all; no *packs*: all, and the stock.

    raises  PaperError when there are none, or no such language.
    """
    if language not in library.languages:
        raise PaperError(f"Landa speaks {', '.join(library.languages)}, not {language!r}.")
    if unknown := set(kinds) - set(KINDS):
        raise PaperError(f"{min(unknown)!r} is no kind of slip: {', '.join(KINDS)}.")
    slips = [
        slip
        for slip in library.exercises[language].values()
        if (not kinds or slip.kind in kinds) and (not packs or slip.id.partition(".")[0] in packs)
    ]
    if not slips:
        raise PaperError("There are no such slips in the box.")
    return sorted(slips, key=lambda slip: (KINDS.index(slip.kind), slip.title))


def pdf(library: Library, language: str, slips: Sequence[Exercise]) -> bytes:
    """*slips* in their order, as A4 with a text that can be marked and copied.

    language  theirs; one of the library's.
    raises    PaperError for a slip that would have to be set smaller than can be read, or that
              has a letter which the font lacks.
    """
    for slip in slips:
        if lacking := unprintable(text for _, text in slip.texts()):
            raise PaperError(f"{slip.id}: the font has no {min(lacking)!r}.")
    out = io.BytesIO()
    title = library.words[language]("paper.title")
    page = Canvas(
        out,
        A4,
        invariant=1,
        pageCompression=1,
        lang=language,
        initialFontName="Landa",  # pyright: ignore[reportArgumentType]  its stubs are mistaken
    )
    page.setTitle(title)
    page.setAuthor("Landa")
    page.setSubject(title)
    for number, slip in enumerate(slips):
        place = number % (ACROSS * DOWN)
        if place == 0:
            if number:
                page.showPage()
            _cuts(page)
        left = (place % ACROSS) * WIDE
        top = A4[1] - (place // ACROSS) * HIGH
        _slip(page, library, language, slip, (left, top))
    page.save()
    return out.getvalue()


def unprintable(texts: Iterator[str]) -> set[str]:
    """The letters that the font does not have."""
    known = _fonts()
    return {letter for text in texts for letter in text if letter != "\n"} - known


@cache
def _fonts() -> frozenset[str]:
    """Makes them known once; the letters that both have."""
    known: list[set[str]] = []
    for name, file in (("Landa", "Vera.ttf"), ("Landa-Bold", "VeraBd.ttf")):
        with as_file(files("reportlab") / "fonts" / file) as path:
            font = TTFont(name, str(path))
        pdfmetrics.registerFont(font)  # pyright: ignore[reportUnknownMemberType]
        known.append(set(map(chr, font.face.charToGlyph)))
    return frozenset(known[0] & known[1])


def _cuts(page: Canvas) -> None:
    page.setStrokeColor(CUT)
    page.setLineWidth(0.5)
    page.setDash(4, 4)
    for number in range(1, ACROSS):
        page.line(number * WIDE, 0, number * WIDE, A4[1])
    for number in range(1, DOWN):
        page.line(0, number * HIGH, A4[0], number * HIGH)
    page.setDash()


def _slip(
    page: Canvas, library: Library, language: str, slip: Exercise, corner: tuple[float, float]
) -> None:
    """*corner* is the upper left, in points from the lower left of the page."""
    left, top = corner[0] + EDGE, corner[1] - EDGE
    said, small = _fitting(slip, list(_said(library, language, slip)), _source(library, slip))
    page.setFillColor(COLOURS[slip.circle])
    page.roundRect(left, top + 1.5 * mm, WIDE - 2 * EDGE, 1.6 * mm, 0.8 * mm, stroke=0, fill=1)
    y = top - 2 * mm
    for piece in said:
        y -= piece.height + piece.style.spaceBefore
        piece.drawOn(page, left, y)
    y = corner[1] - HIGH + EDGE
    for piece in reversed(small):
        piece.drawOn(page, left, y)
        y += piece.height


def _said(library: Library, language: str, slip: Exercise) -> Iterator[tuple[str, bool]]:
    """(text, whether in bold), from above."""
    words = library.words[language]
    yield words("guided.title", title=slip.title, length=length(words, slip)), True
    for step in slip.steps:
        yield from ((text, False) for text in _step(library, language, step))
    if any(isinstance(step, BreatheStep) for step in slip.steps):
        yield words("guided.careful"), False


def _step(library: Library, language: str, step: Step) -> Iterator[str]:
    yield step.text
    match step:
        case BreatheStep(_, phases, times):
            yield in_words(library.words[language], phases, times)
        case ChooseStep(_, _, answers):
            for answer in answers:
                yield f"{answer.label}: {answer.reply}"
        case _:
            pass


def _source(library: Library, slip: Exercise) -> list[str]:
    named = [
        library.sources[key].text
        for key in slip.sources
        if key in library.sources and key != PRACTICE
    ]
    return [slip.why, *named]


def _fitting(
    slip: Exercise, said: list[tuple[str, bool]], small: list[str]
) -> tuple[list[Paragraph], list[Paragraph]]:
    """Both as large as they go on one piece of paper, measured."""
    room = HIGH - 2 * EDGE - 5 * mm
    size = LARGEST
    while size >= SMALLEST:
        above = [_set(text, size, INK, bold=bold) for text, bold in said]
        below = [_set(text, max(5.5, size * SMALL_PRINT), QUIET) for text in small]
        if sum(piece.height + piece.style.spaceBefore for piece in (*above, *below)) <= room:
            return above, below
        size -= 0.5
    raise PaperError(f"{slip.id}: too long for a piece of paper.")


def _set(text: str, size: float, ink: Color, *, bold: bool = False) -> Paragraph:
    style = ParagraphStyle(
        "slip",
        fontName="Landa-Bold" if bold else "Landa",
        fontSize=size,
        leading=size * 1.35,
        textColor=ink,
        spaceBefore=0 if ink is QUIET else size * 0.55,
    )
    # A number stays with what it counts.
    piece = Paragraph(escape(_COUNTED.sub("\u00a0", text)), style)
    piece.wrap(WIDE - 2 * EDGE, HIGH)
    return piece
