"""Conversations as text: reads a transcript, plays it on the real runtime, writes what was said.

    # what this conversation shows
    language: en                    the site's language; sv when left out
    slips: box double-sigh          the only slips in the box; STOCK when left out
    reach: nowhere                  asked in a channel, and nobody can be reached alone
    cards: lasting                  they stay in sight, as in Teams
    door: none                      Landa has no address of its own
    site: teams                     who helps, by sites/teams.toml beside the transcripts
    > /landa andas                  a command
    #bo > /landa team               a command that bo types in the team's channel
    #cia > [#Starta]                a press on the newest card that all in the channel see
    #bo@quiet > /landa team         in another channel
    > hej                           words written to Landa
    > [Lugna kroppen]               a press on the newest card that has this button
    > [Spara] language=en           a form is sent, with these answers; days="1 2" or days=1+2
    @bo > /landa                    another person
    + 60s                           time passes (s, m, h, d)
    !                               the clock looks at what is due
    * joined                        the person takes Landa in; * left: away again
    * land/                         a standing card's button that begins a flow, and its topic
    < text (note) {picture} [A]     Landa says; <~ a card is rewritten; < (tyst) nothing is said
    <# text [A]                     Landa says it to all in the channel; <#quiet in that channel

Every delivery is sent twice, and every turn starts from what the database holds.
"""

import asyncio
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.exercise import AskStep, BreatheStep, ChooseStep, Exercise, SayStep, Step
from bot.core.library import Library
from bot.core.message import Card, Field, Form, Message
from bot.core.port import Outgoing
from bot.core.site import Site
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
from bot.runtime.bell import Bell
from bot.runtime.clock import Clock
from bot.runtime.handle import Turns
from bot.runtime.line import Line
from bot.runtime.outbox import Outbox
from bot.runtime.reading import Plan
from bot.runtime.redday import RedDays
from bot.runtime.site import Sites, read
from bot.runtime.store import Store
from bot.runtime.vault import Vault

TRANSCRIPTS = Path(__file__).parent / "transcripts"
SLIPS = TRANSCRIPTS / "slips"
SITE_FILES = TRANSCRIPTS / "sites"
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
SITE = Site(
    "Hälsan",
    "0911-123 45",
    "https://example.org/tillbud",
    "Kim Ek",
    none=frozenset({"on_call"}),
)
SITES = Sites(SITE)
OFF = RedDays("SE")
FEW = 10
"""Of a longer list of options, only the chosen one is shown."""
CHANNEL = "team"
DOOR = "https://landa.example.se/mine/"
_LINE = re.compile(
    r"^(?:@(?P<who>\w+) |#(?P<among>\w+)(?:@(?P<channel>\w+))? )?(?P<mark>[>+!*])\s?(?P<what>.*)$"
)
_PRESS = re.compile(r"^\[(?P<label>[^\]]+)\]\s*(?P<values>.*)$")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def show(card: Card) -> str:
    """One card on one line."""
    parts = [f"*{card.title}*"] if card.title else []
    parts.append(card.text.replace("\n\n", " // ").replace("\n", " / "))
    if isinstance(card, Form):
        for each in card.fields:
            error = f" ! {each.error}" if each.error else ""
            parts.append(f"<{each.label}: {_answers(each)}{error}>")
    else:
        parts += [f"({card.signed.words} {card.signed.name})"] if card.signed else []
        parts += [f"({card.note})"] if card.note else []
        if card.picture:
            parts.append(f"{{{card.picture.name}{'' if card.picture.moving else ' stilla'}}}")
        parts += [f"<{link.label}>" for link in card.links]
    buttons = " ".join(f"[{choice.label}]" for choice in card.choices)
    return " ".join(parts) + (f"  {buttons}" if buttons else "")


def _answers(field: Field) -> str:
    """What can be chosen, with a star where it is; or what stands in the field."""
    if field.kind not in {"choice", "many"}:
        return field.value
    chosen = field.value.split() if field.kind == "many" else [field.value]
    if len(field.options) > FEW and field.kind == "choice":
        return next((f"{each.label}*" for each in field.options if each.id in chosen), "")
    return " | ".join(f"{each.label}{'*' * (each.id in chosen)}" for each in field.options)


@dataclass
class Chat:
    """A small Landa with one store, a clock that is moved by hand, and people who write to it."""

    library: Library
    store: Store
    vault: Vault
    language: str = "sv"
    reach: str = ""
    lasting: bool = False
    door: str = DOOR
    sites: Sites = SITES
    now: datetime = START
    workspace: str = "T1"
    said: dict[str, list[Outgoing]] = field(default_factory=dict)
    _heard: list[Outgoing] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.store, self.vault, lambda: self.now, {"test": self._deliver})
        self.plan = Plan(self.library, FLOWS, self.sites, self.language, off=OFF, door=self.door)
        self.turns = Turns(self.plan, self.store, self.vault, self.outbox, lambda: self.now)
        bell = Bell(self.store, self.vault, self.turns, lambda: self.now, Line(OFF))
        self.clock = Clock(self.store, bell, self.outbox, lambda: self.now)

    async def _deliver(self, outgoing: Outgoing) -> None:
        self._heard.append(outgoing)
        where = outgoing.address
        self.said.setdefault(str(where.get("who", where.get("channel"))), []).append(outgoing)

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
                await self._twice(match, f"* {what}")
            case _:
                await self._twice(match, what)
        await self._settled()
        return [f"{_mark(one)} {show(one.card)}" for one in self._heard] or [SILENCE]

    async def _settled(self) -> None:
        """On a slow machine a turn may be late: its cards then follow by themselves."""
        await self.turns.drained()
        await asyncio.sleep(0)
        await self.outbox.settled()

    async def _twice(self, match: re.Match[str], what: str) -> None:
        self._count += 1
        channel = (match["channel"] or CHANNEL) if match["among"] else ""
        who = match["among"] or match["who"] or "anna"
        inbound = self.inbound(who, what, f"delivery-{self._count}", channel)
        await self.turns(inbound)
        await self._settled()
        heard = list(self._heard)
        again = await self.turns(inbound)
        await self._settled()
        assert self._heard == heard, "a repeated delivery had an effect"
        assert again.taken in {"seen", "new", "late"}
        assert again.riding is None

    def inbound(self, who: str, what: str, id: str, channel: str = "") -> Inbound:
        """channel: where it is done; "" in a talk with Landa alone."""
        person = Person("test", self.workspace, who)
        address: dict[str, str | int | bool] = {"who": who}
        if press := _PRESS.match(what):
            pairs = (pair.split("=", 1) for pair in shlex.split(press["values"]))
            values = {field: value.replace("+", " ") for field, value in pairs}
            label = press["label"].removeprefix("#")
            posted = label != press["label"]
            token, card = self.found(channel if posted else who, label)
            if not posted:  # a card for all is never named: it stays as it is
                address["card"] = card
                address["lasting"] = self.lasting
            turn = Pressed(token, values if press["values"] else None)
        elif what.startswith("* "):
            turn = _news(what.removeprefix("* "))
        elif what.startswith("/landa"):
            turn = Commanded(what.removeprefix("/landa").strip())
        else:
            turn = Said(what)
        if self.reach:
            return Inbound(id, person, Place("channel", address), turn, self.now)
        home = Place("private", {"who": who})
        if channel:
            place = Place("channel", address, channel, {"channel": channel})
        else:
            place = Place("private", address)
        return Inbound(id, person, place, turn, self.now, home)

    def found(self, seen: str, label: str) -> tuple[str, str]:
        """The token of a button, and its card: the newest that somebody, or a channel, sees."""
        for outgoing in reversed(self.said.get(seen, [])):
            for choice in outgoing.card.choices:
                if choice.label == label:
                    rewritten = str(outgoing.address.get("card", ""))
                    return choice.id, rewritten if outgoing.replace else outgoing.id
        raise AssertionError(f"no card for {seen} has a button [{label}]")


def _mark(outgoing: Outgoing) -> str:
    channel = str(outgoing.address.get("channel", ""))
    if channel:
        return f"<#{'' if channel == CHANNEL else channel}"
    return f"<{'~' * outgoing.replace}"


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


def sites_of(lines: list[str]) -> Sites:
    """Who helps, as the transcript's header says."""
    name = header(lines).get("site")
    return read(SITE_FILES / f"{name}.toml") if name else SITES


def boxed(library: Library, slips: str) -> Library:
    """*library* with no other slips than those named, in the languages that have all of them:
    a new language changes no transcript. `tests/test_languages.py` talks in every language."""
    named = slips.split()
    whole = [language for language in library.languages if library.lexicons[language].complete]
    return replace(
        library,
        exercises={each: {id: library.exercises[each][id] for id in named} for each in whole},
        words={each: library.words[each] for each in whole},
        lexicons={each: library.lexicons[each] for each in whole},
        support={each: library.support[each] for each in whole},
    )


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
