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
    * joined                        the person takes Landa in; * left: away again
    * land/                         a standing card's button that begins a flow, and its topic
    < text (note) {picture} [A]     Landa says; <~ a card is rewritten; < (tyst) nothing is said

Every delivery is sent twice, and every turn starts from what the database holds.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.context import Site
from bot.core.exercise import AskStep, BreatheStep, ChooseStep, Exercise, SayStep, Step
from bot.core.library import Library
from bot.core.message import Card, Form, Message
from bot.core.port import Outgoing
from bot.core.turn import (
    Commanded,
    Inbound,
    Joined,
    Left,
    Person,
    Picked,
    Place,
    Pressed,
    Said,
)
from bot.flows import FLOWS
from bot.runtime.clock import Clock
from bot.runtime.handle import Turns
from bot.runtime.outbox import Outbox
from bot.runtime.reading import Plan
from bot.runtime.store import Store
from bot.runtime.vault import Vault

TRANSCRIPTS = Path(__file__).parent / "transcripts"
SLIPS = TRANSCRIPTS / "slips"
SILENCE = "< (tyst)"
STOCK = (
    "box double-sigh slow-rhythm three-long-exhales slow-rhythm-long feet-on-floor chair-carries "
    "listen-outwards tense-and-release soft-jaw slow-shoulders a-turn-outside lunch-walk window "
    "far-away at-the-door which-pause one-thing anchor you-are-here what-now three-kind-lines "
    "good-enough first-sign letting-go not-alone three-lines close-up something-ahead "
    "proud-of more-air walk-together short-breaks"
)
"""What conversations are written with, so that a new slip in the box changes none of them."""
OPENS = {
    "breathing": "andas",
    "grounding": "fotfäste",
    "body": "kropp",
    "pause": "paus",
    "before": "inför",
    "after": "efter",
    "kindness": "snällhet",
    "question": "fråga",
    "pride": "stolt",
    "work": "arbetssätt",
    "company": "gemenskap",
    "home": "hem",
    "knowledge": "minutkunskap",
}
"""The word that offers the slips of each kind."""
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SITE = Site("Hälsan", "0911-123 45", "https://example.org/tillbud", "Kim Ek")
_LINE = re.compile(r"^(?:@(?P<who>\w+) )?(?P<mark>[>+!*])\s?(?P<what>.*)$")
_PRESS = re.compile(r"^\[(?P<label>[^\]]+)\]\s*(?P<values>.*)$")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def show(card: Card) -> str:
    """One card on one line."""
    parts = [f"*{card.title}*"] if card.title else []
    parts.append(card.text.replace("\n\n", " // ").replace("\n", " / "))
    if isinstance(card, Form):
        for each in card.fields:
            options = " | ".join(
                f"{option.label}{'*' * (option.id == each.value)}" for option in each.options
            )
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
            case "*":
                await self._twice(match["who"] or "anna", f"* {what}")
            case _:
                await self._twice(match["who"] or "anna", what)
        await self._settled()
        return [f"<{'~' * one.replace} {show(one.card)}" for one in self._heard] or [SILENCE]

    async def _settled(self) -> None:
        """On a slow machine a turn may be late: its cards then follow by themselves."""
        await self.turns.drained()
        await asyncio.sleep(0)
        await self.outbox.settled()

    async def _twice(self, who: str, what: str) -> None:
        self._count += 1
        inbound = self.inbound(who, what, f"delivery-{self._count}")
        await self.turns(inbound)
        await self._settled()
        heard = list(self._heard)
        again = await self.turns(inbound)
        await self._settled()
        assert self._heard == heard, "a repeated delivery had an effect"
        assert again.taken in {"seen", "new", "late"}
        assert again.riding is None

    def inbound(self, who: str, what: str, id: str) -> Inbound:
        person = Person("test", "T1", who)
        address: dict[str, str | int | bool] = {"who": who}
        if press := _PRESS.match(what):
            address["card"] = True
            values = dict(pair.split("=") for pair in press["values"].split())
            token = self._token(who, press["label"])
            turn = Pressed(token, values if press["values"] else None)
        elif what.startswith("* "):
            turn = _news(what.removeprefix("* "))
        elif what.startswith("/landa"):
            turn = Commanded(what.removeprefix("/landa").strip())
        else:
            turn = Said(what)
        home = Place("private", {"who": who})
        return Inbound(id, person, Place("private", address), turn, self.now, home)

    def _token(self, who: str, label: str) -> str:
        for outgoing in reversed(self.said.get(who, [])):
            for choice in outgoing.card.choices:
                if choice.label == label:
                    return choice.id
        raise AssertionError(f"no card for {who} has a button [{label}]")


def _news(what: str) -> Joined | Left | Picked:
    match what.partition("/"):
        case ("joined", "", ""):
            return Joined()
        case ("left", "", ""):
            return Left()
        case (flow, _, topic):
            return Picked(flow, topic)


def header(lines: list[str]) -> Mapping[str, str]:
    """The settings that stand before the first turn."""
    pairs = (re.match(r"^(\w+): (.+)$", line) for line in lines)
    return {pair[1]: pair[2] for pair in pairs if pair}


def boxed(library: Library, slips: str) -> Library:
    """*library* with no other slips than those named."""
    named = slips.split()
    exercises = {
        language: {id: found[id] for id in named} for language, found in library.exercises.items()
    }
    return replace(library, exercises=exercises)


def draft(slip: Exercise) -> str:
    """A Swedish transcript of one slip, still without Landa's lines: once through for each
    answer it offers, to the end."""
    answers = max((len(s.answers) for s in slip.steps if isinstance(s, ChooseStep)), default=1)
    lines = [f"# {slip.title}: hela vägen", f"slips: {slip.id}"]
    for answer in range(answers):
        lines += [f"> /landa {OPENS[slip.kind]}", f"> [{slip.title}]"]
        by_itself = False
        for number, step in enumerate(slip.steps, 1):
            acts = _acts(step, answer, by_itself=by_itself, last=number == len(slip.steps))
            by_itself = acts[-1] == "!"
            lines += acts
        lines += [] if slip.kind == "home" else ["> [Klar för nu]"]
    return "\n".join(lines) + "\n"


def _acts(step: Step, answer: int, *, by_itself: bool, last: bool) -> list[str]:
    """What takes a person past one step: waiting where it ends by itself, else a press."""
    if isinstance(step, ChooseStep):
        return [f"> [{step.answers[answer % len(step.answers)].label}]", "> [Nästa]"]
    ends = isinstance(step, BreatheStep) or (last and isinstance(step, SayStep))
    if isinstance(step, AskStep) or not ends or by_itself:
        return ["> [Nästa]"]
    return [f"+ {step.seconds}s", "!"]


def acts(text: str) -> str:
    """The transcript *text* without Landa's lines."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("<"))


async def replay(text: str, chat: Chat) -> str:
    """The transcript *text* with Landa's lines as they are now."""
    lines: list[str] = []
    for line in acts(text).splitlines():
        lines.append(line)
        if _LINE.match(line):
            lines += await chat.play(line)
    return "\n".join(lines) + "\n"


def messages(chat: Chat) -> list[Outgoing]:
    return [outgoing for said in chat.said.values() for outgoing in said]


__all__ = ["Chat", "Message", "header", "messages", "replay", "show"]
