"""All that is held about somebody, in words: by kind, each column under a name that can be read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table

from bot.core.colleague import Colleague
from bot.core.context import Profile
from bot.core.conversation import Conversation
from bot.core.deck import Pile
from bot.core.library import Library
from bot.core.mine import Mine
from bot.core.nudge import Hours, Nudges, Slot
from bot.core.turn import Hints, Person, Place
from bot.core.words import Words
from bot.runtime.act import Known
from bot.runtime.codec import Waiting, from_ms
from bot.runtime.datamap import theirs
from bot.runtime.entry import Entrance
from bot.runtime.held import Cell, Piece
from bot.runtime.retention import NAMES
from bot.runtime.slots import weekdays
from bot.runtime.store import NEVER_MS

SHAPES = (Profile, Place, Nudges, Slot, Hours, Mine, Pile, Conversation, Waiting, Person, Hints,
          Colleague, Known, Entrance)  # fmt: skip
"""What is sealed is of these shapes: each of their fields has a name that can be read."""
OURS = ("part", "answered", "name", "text", "title", "seconds", "approved")
"""Names that `held` gives to what it opens."""
INSIDE = ("address", "room", "card", "data", "spoken", "piles")
"""What is only for machines, or named by the person's own things: shown as it is."""
SLIPS = ("saved", "finished")
ELSEWHERE = {"kind": ("wanted", "kind"), "flow": ("menu",)}
"""Values that are called something elsewhere too -> how the keys begin."""
FIRST = ("person", "nudge", "conversation", "colleague", "lead", "slip")
"""What somebody looks for first. The others come after them, by name."""


@dataclass(frozen=True, slots=True)
class Line:
    """value: words, or lines of their own."""

    label: str
    value: "str | tuple[Line, ...]"


@dataclass(frozen=True, slots=True)
class Told:
    """One kind of what is held. rows: each what was sealed and opened, and what lies beside it."""

    table: str
    title: str
    about: str
    kept: tuple[str, ...]
    rows: tuple[tuple[tuple[Line, ...], tuple[Line, ...]], ...]


def names() -> Iterator[str]:
    """Everything that is asked for as "held.<name>" by a name that stands in no code."""
    for table in theirs():
        yield from (f"of_{table.name}", f"why_{table.name}", *table.columns.keys())
    for shape in SHAPES:
        yield from (field.name for field in fields(shape))
    yield from OURS


@dataclass(frozen=True, slots=True)
class Teller:
    """zone: the one that times are told in."""

    library: Library
    language: str
    zone: ZoneInfo

    @property
    def words(self) -> Words:
        return self.library.words[self.language]

    def __call__(self, pieces: Sequence[Piece]) -> tuple[Told, ...]:
        """All kinds there are, also those of which nothing is held."""
        words = self.words
        return tuple(
            Told(
                table.name,
                words(f"held.of_{table.name}"),
                words(f"held.why_{table.name}"),
                tuple(
                    dict.fromkeys(self.kept(column.info["retention"]) for column in table.columns)
                ),
                tuple(self._row(piece.cells) for piece in pieces if piece.table == table.name),
            )
            for table in sorted(theirs(), key=_place)
        )

    def kept(self, retention: str) -> str:
        return self.words(f"held.kept_{NAMES[retention]}")

    def label(self, name: str) -> str:
        """*name* itself where nobody has given it a better one."""
        said = self.words(f"held.{name}")
        return name if said == f"held.{name}" else said

    def _row(self, cells: Sequence[Cell]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        opened = (cell for cell in cells if cell.how in ("opened", "unreadable"))
        beside = (cell for cell in cells if cell.how in ("plain", "code"))
        return self._gathered(map(self._cell, opened)), self._gathered(map(self._cell, beside))

    def _gathered(self, lines: Iterable[Line]) -> tuple[Line, ...]:
        """What says something, and then, on one line each, what does not."""
        bare = {self.words(f"held.{how}"): list[str]() for how in ("nothing", "code")}
        rest: list[Line] = []
        for line in lines:
            names = bare.get(line.value) if isinstance(line.value, str) else None
            rest.append(line) if names is None else names.append(line.label)
        gathered = (Line(how, ", ".join(names)) for how, names in bare.items() if names)
        return *rest, *gathered

    def _cell(self, cell: Cell) -> Line:
        label = self.label(cell.column)
        match cell.how:
            case "code" | "unreadable":
                return Line(label, self.words(f"held.{cell.how}"))
            case _:
                return Line(label, self._said(cell.column, cell.value))

    def _lines(self, value: Mapping[str, Any]) -> tuple[Line, ...]:
        return self._gathered(
            Line(self.label(name), self._said(name, each)) for name, each in value.items()
        )

    def _said(self, name: str, value: Any) -> "str | tuple[Line, ...]":
        words = self.words
        if value is None or value in ("", [], {}):
            return words("held.nothing")
        match value:
            case bool():
                return words("held.yes") if value else words("held.no")
            case int():
                return self._number(name, value)
            case str():
                return self._text(name, value)
            case dict():
                inner = cast("dict[str, Any]", value)
                return self._inside(inner) if name in INSIDE else self._lines(inner)
            case list():
                return self._many(name, cast("list[Any]", value))
            case _:
                return str(value)

    def _inside(self, value: Mapping[str, Any]) -> str:
        parts = (f"{name}: {self._flat(name, each)}" for name, each in value.items() if each)
        return ", ".join(parts) or self.words("held.nothing")

    def _flat(self, name: str, value: Any) -> str:
        if isinstance(value, dict):
            return f"({self._inside(cast('dict[str, Any]', value))})"
        return str(self._said(name, value))

    def _many(self, name: str, values: list[Any]) -> "str | tuple[Line, ...]":
        if name == "days":
            return ", ".join(self.words(f"team.day_{day}") for day in sorted(values))
        if all(isinstance(each, dict) for each in values):
            return tuple(Line(str(n), self._lines(each)) for n, each in enumerate(values, 1))
        return ", ".join(self._flat(name, each) for each in values)

    def _number(self, name: str, value: int) -> str:
        if name.endswith("_ms"):
            return (
                self._moment(from_ms(value)) if 0 < value < NEVER_MS else self.words("held.nothing")
            )
        if name == "minute":
            return f"{time(value // 60, value % 60):%H:%M}"
        if name == "days":
            return str(self._said(name, sorted(weekdays(value))))
        return str(value)

    def _text(self, name: str, value: str) -> str:
        if name in SLIPS:
            slip = self.library.exercises[self.language].get(value)
            return slip.title if slip else value
        if name == "language" and value in self.library.lexicons:
            return self.library.lexicons[value].name
        if name == "text":
            return value
        return self._known(name, value) or self._when(value) or value

    def _known(self, name: str, value: str) -> str:
        """What it is called here or elsewhere; "" where nothing else than *value*."""
        first = value.partition(".")[0] if name == "kind" else value
        said = self.words(f"held.is_{first}")
        if said != f"held.is_{first}":
            return said
        keys = (f"{each}.{value}" for each in ELSEWHERE.get(name, ()))
        return next((said for key in keys if (said := self.words(key)) != key), "")

    def _when(self, value: str) -> str:
        """A moment or a time of day as people write it; "" for what is neither."""
        try:
            if "T" in value:
                return self._moment(datetime.fromisoformat(value))
            if ":" in value:
                return f"{time.fromisoformat(value):%H:%M}"
            return date.fromisoformat(value).isoformat() if "-" in value else ""
        except ValueError:
            return ""

    def _moment(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}" if at.tzinfo else at.isoformat()


def _place(table: Table) -> tuple[int, str]:
    name = table.name
    return FIRST.index(name) if name in FIRST else len(FIRST), name
