"""All that is held about somebody, told on cards: where there is no page to show it on."""

from collections.abc import Iterator, Sequence

from bot.runtime.held import Piece
from bot.runtime.telling import Line, Teller

LONGEST = 1_100
"""Characters of what one card tells: it is to be read on a telephone."""


def in_cards(teller: Teller, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The same as texts, each for one card; at least one."""
    cards: list[str] = []
    for part in _parts(teller, pieces):
        if cards and len(cards[-1]) + len(part) < LONGEST:
            cards[-1] += f"\n\n{part}"
        else:
            cards.append(part)
    return tuple(cards)


def _parts(teller: Teller, pieces: Sequence[Piece]) -> Iterator[str]:
    """Pieces that are not parted, each well under LONGEST."""
    words, told = teller.words, teller(pieces)
    for each in told:
        if not each.rows:
            continue
        yield f"*{each.title}*\n{each.about}\n{words('sheet.kept', how='; '.join(each.kept))}"
        for opened, beside in each.rows:
            lines = [f"• {_plain(line)}" for line in opened]
            lines.append("; ".join(map(_plain, beside)))
            while lines:
                part, lines = _fitting(lines)
                yield part
    if none := [each.title for each in told if not each.rows]:
        yield f"{words('sheet.none')}: {', '.join(none)}"


def _fitting(lines: list[str]) -> tuple[str, list[str]]:
    """As many of *lines* as one part holds, and the rest."""
    part, *rest = lines
    while rest and len(part) + len(rest[0]) < LONGEST // 2:
        part, *rest = f"{part}\n{rest[0]}", *rest[1:]
    return part[:LONGEST], rest


def _plain(line: Line) -> str:
    if isinstance(line.value, tuple):
        return f"{line.label}: {'; '.join(map(_plain, line.value))}"
    return f"{line.label}: {' '.join(line.value.replace('*', ' ').split())}"
