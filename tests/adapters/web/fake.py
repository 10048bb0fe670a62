"""A clock, a handle and a server to try the preview against."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.web.app import Preview, PreviewConfig
from bot.core.message import Breath, Card, Choice, Field, Form, Link, Message, Option, Phase
from bot.core.port import Answer, Outgoing, Taken
from bot.core.turn import Commanded, Inbound, Pressed, Said
from bot.core.words import Words

START = datetime(2025, 11, 24, 9, 14, tzinfo=ZoneInfo("Europe/Stockholm"))

BREATHING = Message(
    "Sitt som du sitter.\n\nIn 1 sekund, ut 1 sekund. Två gånger.",
    (Choice("t-after", "Sluta"), Choice("t-land", "Något annat", quiet=True)),
    title="Lugn andning",
    note="Känns det obehagligt, sluta.",
    picture=Breath((Phase("in", 0.5), Phase("top", 0.5), Phase("out", 1)), 2, "In, lite till, ut."),
)
STILL = Message("Så här.", picture=Breath((Phase("in", 4), Phase("out", 6)), 6, "In, ut.", False))
LAND = Message(
    "Du är här nu. *Ingen bråttom.*",
    (Choice("t-breathe", "Lugna kroppen"), Choice("t-support", "Stöd", quiet=True)),
)
AFTER = Message("Vad behöver du nu?", (Choice("t-done", "Klar för nu"),))
SUPPORT = Message(
    "Vid fara för liv: ring 112.",
    (Choice("t-done", "Stäng"),),
    links=(Link("Ring 112", "tel:112"),),
)
MANY = tuple(Option(f"z{number}", f"Zon {number}") for number in range(9))


def settings(error: str = "") -> Form:
    language = (Option("sv", "Svenska"), Option("en", "English"))
    return Form(
        "Inställningar",
        "Så vill du ha Landa.",
        (
            Field("language", "Språk", language, "" if error else "sv", error),
            Field("zone", "Tidszon", MANY, "z1"),
            Field("days", "Dagar", MANY[:3], "z0 z2", kind="many"),
            Field("time", "Tid", value="08:30", kind="time"),
            Field("until", "Till", value="2026-12-24", kind="date", hint="Sedan börjar det igen."),
            Field("word", "Ord", value="lugnt", kind="text", longest=40),
            Field("lines", "Lapp", kind="lines", optional=True),
        ),
        (Choice("t-save", "Spara"), Choice("t-done", "Inte nu")),
    )


ANSWERS: dict[str, Card] = {
    "": LAND,
    "andas": BREATHING,
    "stilla": STILL,
    "inställningar": settings(),
    "t-breathe": BREATHING,
    "t-after": AFTER,
    "t-land": LAND,
    "t-support": SUPPORT,
    "t-save": settings("Välj ett av svaren."),
}


JSON = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
"""What the page's own requests carry."""


def words(language: str) -> Words:
    """Every key as its last part, in words that tell the languages apart."""
    named = {"preview.moved": "Klockan är nu {time}.", "preview.language": f"i {language}"}

    def translate(key: str) -> str:
        return named.get(key, f"{key.removeprefix('preview.').replace('_', ' ')} {language}")

    return Words(language, translate, lambda one, _, __: one)


class FakeClock:
    def __init__(self) -> None:
        self.time = START
        self.forwarded: list[int] = []

    def now(self) -> datetime:
        return self.time

    async def forward(self, seconds: int) -> None:
        self.forwarded.append(seconds)
        self.time += timedelta(seconds=seconds)


class FakeLanda:
    """Keeps what came in, and answers as a small Landa would."""

    def __init__(self) -> None:
        config = PreviewConfig({"sv": words("sv"), "en": words("en")}, "sv")
        self.preview, self.clock = Preview(config), FakeClock()
        self.inbounds: list[Inbound] = []
        self.seen: set[str] = set()
        self.taken: Taken = "new"
        self.sent = 0

    async def __call__(
        self, inbound: Inbound, *, ride: bool = False, patient: bool = False
    ) -> Answer:
        self.inbounds.append(inbound)
        if inbound.id in self.seen or self.taken != "new":
            return Answer("seen" if inbound.id in self.seen else self.taken)
        self.seen.add(inbound.id)
        match inbound.turn:
            case Commanded(asked) | Said(asked) | Pressed(asked):
                card = ANSWERS.get(asked, Message("Då är vi klara för nu."))
            case _:
                raise AssertionError(inbound.turn)
        await self.say(card, inbound.place.address)
        return Answer("new")

    async def say(self, card: Card, address: dict | None = None, *, replace: bool = True) -> None:
        self.sent += 1
        where = address or {"person": "anna", "room": "chat"}
        since = datetime.now(UTC)
        await self.preview.deliver(Outgoing(f"out-{self.sent}", where, replace, card, "sv", since))

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[TestServer]:
        app = web.Application()
        self.preview.mount(app, self, self.clock)
        async with TestServer(app, host="127.0.0.1") as server:
            yield server


def act(number: int = 1, **body: object) -> dict:
    return {"id": f"act-0000-{number}", "person": "anna", "room": "chat", **body}
