"""A transcript as people in a Slack workspace live through it."""

import re
import shlex
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.core.library import Library
from bot.runtime.vault import Vault
from tests.adapters.slack.whole import Landa, landa
from tests.chat import _LINE, _PRESS, _UNITS, CHANNEL, DOOR, STOCK, boxed, header, sites_of
from tests.standin_slack import Shown, StandIn
from tests.standin_slack.payloads import FORGED
from tests.standin_slack.views import View

SAID = re.compile(r"^<[~#]?(?P<channel>\w*) ?(?P<card>.*)$")
IDS = ("U0", "C0")
LOCALES = {"en": "en-GB", "sv": "sv-SE"}
BUTTON = re.compile(r"\[([^\]]+)\]")


def can_play(text: str) -> bool:
    """Where nobody can be reached alone, and where cards stay in sight, is not Slack; a file of who
    helps names other channels than Slack's; what is forged has its own tests."""
    lines = text.splitlines()
    settings = header(lines)
    forged = any(re.match(r"(\S+ > )?\* ", line) for line in lines)
    elsewhere = settings.get("site") == "unsaid"
    return not (forged or elsewhere or {"reach", "cards"} & settings.keys())


Blocks = list[dict[str, Any]]


@dataclass(frozen=True)
class SamePeople(Vault):
    """Whose hashes are those of the transcripts' own people: chance then offers them the same."""

    def hash(self, *parts: str) -> bytes:
        named = {"slack": "test", "T0LANDA01": "T1"}
        return super().hash(*(named.get(p, p[2:].lower() if p[:2] in IDS else p) for p in parts))


@dataclass
class Play:
    """seen: what was shown after each act. wrong: where it is not what the transcript says."""

    slack: StandIn
    landa: Landa
    locale: str
    seen: list[list[Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _said: list[tuple[Shown, Blocks]] = field(default_factory=list)

    async def act(self, line: str, said: list[str]) -> None:
        """said: the transcript's lines of what Landa answers."""
        match = _LINE.match(line)
        assert match, line
        what, before, windows = match["what"].strip(), self._count(), self._windows()
        who = f"U0{(match['among'] or match['who'] or 'anna').upper()}"
        press = _PRESS.match(what)
        window = self._window(who, press["label"]) if press else None
        self.slack.people.setdefault(who, {"locale": self.locale})
        channel = f"C0{(match['channel'] or CHANNEL).upper()}" if match["among"] else ""
        match match["mark"]:
            case "+":
                self.landa.time.now += timedelta(seconds=int(what[:-1]) * _UNITS[what[-1]])
                return
            case "!":
                await self.landa.clock.tick()
            case _:
                await self._do(who, what, channel)
        await self.landa.settled()
        new = self._since(before) + self._drawn(windows)
        self.seen.append(new)
        labels = sorted([label for card in new for label in card[-1]])
        told = [each for each in said if each != "< (tyst)"]
        if not new and window and not window.open:
            return  # that a window closes says that it is kept, or that nothing is
        meant = sorted(label for each in told for label in BUTTON.findall(_buttons(each)))
        if len(new) != len(told) or labels != meant:
            self.wrong.append(f"{line}: {len(new)} cards {labels}, meant {len(told)} {meant}")

    async def _do(self, who: str, what: str, channel: str) -> None:
        self.slack.joined.add(channel)
        press = _PRESS.match(what)
        if press and self._window(who, press["label"]):
            await self._send(who, press["label"], shlex.split(press["values"]))
        elif press:
            label = press["label"].removeprefix("#")
            card, blocks = self._card(who, label, channel, posted=label != press["label"])
            chosen = _chosen(blocks, shlex.split(press["values"]))
            await self.slack.press(who, label, card, chosen, blocks)
        elif what.startswith("/landa"):
            await self.slack.command(who, what.removeprefix("/landa").strip(), channel)
        elif channel:
            await self.slack.mention(who, what, channel)
        else:
            await self.slack.say(who, what)

    def _window(self, who: str, label: str) -> View | None:
        """The person's open window, if it has a button of that name."""
        shown = self.slack.windows.get(who)
        return shown if shown and shown.open and label in _ends(shown) else None

    async def _send(self, who: str, label: str, values: list[str]) -> None:
        shown = self.slack.windows[who]
        if label == _ends(shown)[1]:
            await self.slack.close(who)
        else:
            await self.slack.submit(who, _chosen(shown.blocks, values))

    def _card(self, who: str, label: str, channel: str, *, posted: bool) -> tuple[Shown, Blocks]:
        """The newest that has the button, and what it looked like: it may be another one now."""
        seen = self.slack.seen(who)
        for card, blocks in reversed(self._said):
            room = card.channel == channel and not card.only
            if card in seen and room == posted and label in _labelled(blocks):
                return card, blocks
        raise AssertionError(f"no card for {who} has a button [{label}]")

    def _count(self) -> dict[int, int]:
        return {id(one): len(one.versions) for one in self.slack.messages}

    def _windows(self) -> dict[str, tuple[int, dict[str, str]]]:
        return {one.id: (len(one.before), one.errors) for one in self.slack.windows.values()}

    def _drawn(self, before: dict[str, tuple[int, dict[str, str]]]) -> list[Any]:
        """Windows that are new, that were drawn anew, or in which something was wrong."""
        now = self._windows()
        return [
            (one.user, _neutral(one.errors), one.words, _neutral(one.blocks), _ends(one))
            for one in self.slack.windows.values()
            if one.open and (one.errors or now[one.id] != before.get(one.id))
        ]

    def _since(self, before: dict[int, int]) -> list[Any]:
        new: list[Any] = []
        for one in self.slack.messages:
            if one.author != "landa":
                continue
            shown = [*one.versions, (one.text, one.blocks)]
            first = before.get(id(one), -1) + 1
            for text, blocks in shown[first:]:
                self._said.append((one, blocks))
                new.append(
                    (one.channel, one.only, _neutral(text), _neutral(blocks), _labelled(blocks))
                )
        return new


def _buttons(said: str) -> str:
    """The part of a transcript's line that holds the buttons."""
    return said.rsplit("  [", 1)[1].join(("[", "")) if "  [" in said else ""


def _ends(shown: View) -> list[str]:
    """The buttons of a window: what sends it, and what closes it."""
    return [shown.said[each]["text"] for each in ("submit", "close")]


def _chosen(blocks: Blocks, values: list[str]) -> dict[str, str]:
    """values: `name=value`, as in a transcript."""
    pairs = (pair.split("=", 1) for pair in values)
    return {name: _labels(blocks, name, value.replace("+", " ")) for name, value in pairs}


def _labelled(blocks: Blocks) -> list[str]:
    """Buttons that Landa hears of: those with an address open it."""
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row if "value" in each]


def _labels(blocks: Blocks, name: str, value: str) -> str:
    """What somebody picks or writes, who answers with *value*: option ids become labels."""
    element = next(b["element"] for b in blocks if b.get("block_id") == name)
    if element["type"] == "users_select" and value.isalpha():
        return IDS[0] + value.upper()
    options = {o["value"]: o["text"]["text"] for o in element.get("options", ())}
    if not options:
        return value
    many = "initial_options" in element or element["type"] in ("checkboxes", "multi_static_select")
    picked = value.split() if many else [value]
    return "|".join(options.get(each, FORGED + each) for each in picked)


def _neutral(part: object) -> str:
    """Tokens and the ids of rows are new each time."""
    named = re.sub(r"'block_id': 'card-[0-9a-f]+'", "'block_id': 'card'", repr(part))
    named = re.sub(rf"{DOOR}[0-9a-f]+", DOOR, named)
    return re.sub(r"'(value|action_id)': '[^']*'", r"'\1': ''", named)


async def play(text: str, path: Path, vault: Vault, library: Library, *, by_socket: bool) -> Play:
    """path: a prepared, empty database."""
    lines = text.splitlines()
    settings = header(lines)
    box = boxed(library, settings.get("slips", STOCK))
    patient = StandIn()
    patient.ack_s = 15
    async with patient as slack:
        slack.by_socket = by_socket
        language = settings.get("language", "sv")
        people = SamePeople(vault._people, vault._rows)
        door = "" if settings.get("door") else DOOR
        sites = sites_of(lines)
        async with landa(slack, path, box, people, language, door=door, sites=sites) as running:
            played = Play(slack, running, LOCALES[language])
            for number, line in enumerate(lines):
                if _LINE.match(line) and not line.startswith("# "):
                    answers = lines[number + 1 :]
                    said: list[str] = []
                    for each in answers:
                        if not each.startswith("<"):
                            break
                        said.append(each)
                    await played.act(line, said)
        assert slack.complaints == []
    return played
