"""Conversations as text: reads a transcript, plays it on the real runtime, writes what was said.

    # what this conversation shows
    language: en                    the site's language; sv when left out
    slips: box double-sigh          the only slips in the box; STOCK when left out
    > /landa andas                  a command
    > hej                           words written to Landa
    > [Lugna kroppen]               a press on the newest card that has this button
    > [Spara] language=en           a form is sent, with these answers
    @bo > /landa                    another person
    + 60s                           time passes (s, m, h, d)
    !                               the clock looks at what is due
    < text (note) {picture} [A]     Landa says; <~ a card is rewritten; < (tyst) nothing is said

Every delivery is sent twice, and every turn starts from what the database holds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.context import Site
from bot.core.library import Library
from bot.core.message import Card, Form, Message
from bot.core.port import Outgoing
from bot.core.turn import Commanded, Inbound, Person, Place, Pressed, Said
from bot.flows import FLOWS
from bot.runtime.clock import Clock
from bot.runtime.handle import Plan, Turns
from bot.runtime.outbox import Outbox
from bot.runtime.store import Store
from bot.runtime.vault import Vault

TRANSCRIPTS = Path(__file__).parent / "transcripts"
SILENCE = "< (tyst)"
STOCK = (
    "box double-sigh slow-rhythm three-long-exhales slow-rhythm-long feet-on-floor chair-carries "
    "listen-outwards tense-and-release soft-jaw slow-shoulders a-turn-outside lunch-walk window "
    "far-away at-the-door which-pause one-thing anchor you-are-here what-now three-kind-lines "
    "good-enough first-sign more-air not-alone three-lines close-up something-ahead"
)
"""What conversations are written with, so that a new slip in the box changes none of them."""
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SITE = Site("Hälsan", "0911-123 45", "https://example.org/tillbud", "Kim Ek")
_LINE = re.compile(r"^(?:@(?P<who>\w+) )?(?P<mark>[>+!])\s?(?P<what>.*)$")
_PRESS = re.compile(r"^\[(?P<label>[^\]]+)\]\s*(?P<values>.*)$")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def show(card: Card) -> str:
    """One card on one line."""
    parts = [f"*{card.title}*"] if card.title else []
    parts.append(card.text.replace("\n\n", " // ").replace("\n", " / "))
    if isinstance(card, Form):
        for each in card.fields:
            options = " | ".join(f"{option.label}{'*' * (option.id == each.value)}"
                                 for option in each.options)
            parts.append(f"<{each.label}: {options}{' ! ' + each.error if each.error else ''}>")
    else:
        parts += [f"({card.note})"] if card.note else []
        if card.picture:
            parts.append(f"{{{card.picture.name}{'' if card.picture.moving else ' stilla'}}}")
        parts += [f"<{link.label}>" for link in card.links]
    buttons = " ".join(f"[{choice.label}]" for choice in card.choices)
    return " ".join(parts) + (f"  {buttons}" if buttons else "")


@dataclass
class Chat:
    """A small Landa with one store, a clock that is moved by hand, and people who write to it."""

    library: Library
    store: Store
    vault: Vault
    language: str = "sv"
    now: datetime = START
    said: dict[str, list[Outgoing]] = field(default_factory=dict)
    _heard: list[Outgoing] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.store, self.vault, lambda: self.now, {"test": self._deliver})
        plan = Plan(self.library, FLOWS, SITE, self.language)
        self.turns = Turns(plan, self.store, self.vault, self.outbox, lambda: self.now)
        self.clock = Clock(self.store, self.vault, self.turns, self.outbox, lambda: self.now)

    async def _deliver(self, outgoing: Outgoing) -> None:
        self._heard.append(outgoing)
        self.said.setdefault(str(outgoing.address["who"]), []).append(outgoing)

    async def play(self, line: str) -> list[str]:
        """Do what one line of a transcript says; what Landa answers, as lines."""
        match = _LINE.match(line)
        assert match, f"not a line of a transcript: {line!r}"
        self._heard.clear()
        what = match["what"].strip()
        match match["mark"]:
            case "+":
                self.now += timedelta(seconds=int(what[:-1]) * _UNITS[what[-1]])
                return []
            case "!":
                await self.clock.tick()
            case _:
                await self._twice(match["who"] or "anna", what)
        await self.outbox.settled()
        return [f"<{'~' * one.replace} {show(one.card)}" for one in self._heard] or [SILENCE]

    async def _twice(self, who: str, what: str) -> None:
        self._count += 1
        inbound = self.inbound(who, what, f"delivery-{self._count}")
        await self.turns(inbound)
        await self.outbox.settled()
        heard = list(self._heard)
        again = await self.turns(inbound)
        await self.outbox.settled()
        assert self._heard == heard, "a repeated delivery had an effect"
        assert again.taken in {"seen", "new"} and again.riding is None

    def inbound(self, who: str, what: str, id: str) -> Inbound:
        person = Person("test", "T1", who)
        address: dict[str, str | int | bool] = {"who": who}
        if press := _PRESS.match(what):
            address["card"] = True
            values = dict(pair.split("=") for pair in press["values"].split())
            token = self._token(who, press["label"])
            turn = Pressed(token, values if press["values"] else None)
        elif what.startswith("/landa"):
            turn = Commanded(what.removeprefix("/landa").strip())
        else:
            turn = Said(what)
        return Inbound(id, person, Place("private", address), turn, self.now)

    def _token(self, who: str, label: str) -> str:
        for outgoing in reversed(self.said.get(who, [])):
            for choice in outgoing.card.choices:
                if choice.label == label:
                    return choice.id
        raise AssertionError(f"no card for {who} has a button [{label}]")


def header(lines: list[str]) -> Mapping[str, str]:
    """The settings that stand before the first turn."""
    pairs = (re.match(r"^(\w+): (.+)$", line) for line in lines)
    return {pair[1]: pair[2] for pair in pairs if pair}


def boxed(library: Library, slips: str) -> Library:
    """*library* with no other slips than those named."""
    named = slips.split()
    exercises = {language: {id: found[id] for id in named}
                 for language, found in library.exercises.items()}
    return replace(library, exercises=exercises)


async def replay(text: str, chat: Chat) -> str:
    """The transcript *text* with Landa's lines as they are now."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("<"):
            continue
        lines.append(line)
        if _LINE.match(line):
            lines += await chat.play(line)
    return "\n".join(lines) + "\n"


def messages(chat: Chat) -> list[Outgoing]:
    return [outgoing for said in chat.said.values() for outgoing in said]


__all__ = ["Chat", "Message", "header", "messages", "replay", "show"]
