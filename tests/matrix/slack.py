"""The families in two Slack workspaces."""

import copy
import itertools
import json
import re
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from adapters.slack.address import address_of, home_of, place_of
from bot.core.library import Library
from bot.core.turn import Chose, Inbound, Person, Picked
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.adapters.slack.test_inbound import with_value
from tests.matrix import Family, Names, Try, paths, swapped
from tests.standin_slack import Shown, StandIn
from tests.workspaces import A, B, Many, Time, many

MONDAY = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
FAMILIES = (
    Family(A.team, "U0ANNA001", "U0ALVA001", "C0ENHET01", "kanariea"),
    Family(A.team, "U0BO00001", "U0BEA0001", "C0ENHET02", "kanarieb"),
    Family(B.team, "U0CAJ0001", "U0CIA0001", "C0CCCC001", "kanariec"),
)
ONE_OF = 4
"""Of their buttons, in each kind of request."""
SECRETS = ("value", "private_metadata")
"""What only a person's own client, or their team's, can have been given."""
ONCE = ("trigger_id", "event_id")
_NAME = re.compile(r"[A-Z][A-Z0-9]{7,}")


class Recorder(StandIn):
    """Keeps every request that a client makes."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.requests: list[tuple[str, dict[str, Any]]] = []

    async def hand(
        self, kind: str, payload: dict[str, Any], retry: int = 0, status: int = 0
    ) -> Any:
        self.requests.append((kind, copy.deepcopy(payload)))
        return await super().hand(kind, payload, retry, status)


@dataclass
class SlackStage:
    slack: Recorder
    landa: Many
    platform: str = "slack"
    families: tuple[Family, ...] = FAMILIES
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _count: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def store(self) -> Store:
        return self.landa.room.store

    @property
    def vault(self) -> Vault:
        return self.landa.room.vault

    async def send(self, body: tuple[str, dict[str, Any]] | Inbound) -> None:
        """An `Inbound` as if the door had let it in."""
        self.landa.time.later(seconds=6)
        if isinstance(body, Inbound):
            await self.landa.room.turns(body)
        else:
            await self.slack.hand(*body)
        await self.landa.settled()

    def seen(self, person: str) -> str:
        """Of channels, they are in their own team's alone."""
        rooms = {family.room for family in self.families if person not in family.people}
        cards = [
            (each.ts, each.text, each.blocks)
            for each in self.slack.seen(person)
            if each.only or each.channel not in rooms
        ]
        views = [each.get(person) for each in (self.slack.windows, self.slack.pages)]
        return repr((cards, views))

    async def press(self, place: StandIn, user: str, label: str, **chosen: str) -> None:
        await self.landa.settled()
        self.landa.time.later(seconds=6)
        assert (await place.press(user, label, chosen=chosen)).status == 200
        await self.landa.settled()

    async def command(self, place: StandIn, user: str, words: str, room: str = "") -> None:
        await self.landa.settled()
        self.landa.time.later(seconds=6)
        await place.command(user, words, room)

    async def settle_in(self, family: Family) -> None:
        """Everything that somebody can have."""
        place, (user, mate), room = self.place(family), family.people, family.room
        self.slack.homes |= dict.fromkeys((user, mate, room), family.workspace)
        self.slack.joined.add(room)
        await self._team(place, family)
        await self.command(place, user, "lapp", room)
        text = f"Vad ger luft {family.canary}?"
        await self.press(place, user, "Visa den för teamet", text=text)
        await self.command(place, user, "landningskollega", room)
        await self.press(place, user, "Ja, fråga mig gärna")
        await place.submit(user, {"name": family.canary})
        await self.command(place, mate, "sällskap", room)
        for label in ("Fråga en kollega", family.canary, "Skicka"):
            await self.press(place, mate, label)
        await self.command(place, user, "påminnelser")
        await self.press(place, user, "Ja, gärna")
        await place.submit(user)
        await self.landa.settled()
        for act in (
            place.say(user, "fotfäste"),
            place.open_home(user),
            place.mention(user, "hjälp", room),
            place.shortcut(user),
        ):
            self.landa.time.later(seconds=6)
            await act
            await self.landa.settled()
        await self.press(place, user, "En kort paus")
        await place.press_home(user, self.slack.pages[user].labels[0])
        note = next(each for each in self.slack.messages if each.author == user)
        await place.message_shortcut(user, note)
        for _ in range(2):  # one that is closed, and one that stays
            if user in self.slack.windows and self.slack.windows[user].open:
                await place.close(user)
            await self.command(place, user, "inställningar")
            await self.landa.settled()

    async def _team(self, place: StandIn, family: Family) -> None:
        await self.command(place, family.owner, "team", family.room)
        await self.press(place, family.owner, "Ställ in")
        await place.submit(family.owner)
        await self.landa.settled()

    def place(self, family: Family) -> StandIn:
        return self.slack if family.workspace == A.team else self.slack.branch(family.workspace)

    def _cards(self, people: tuple[str, ...], rooms: set[str]) -> list[Shown]:
        """rooms: in which they are."""
        return [card for person in people for card in self.slack.seen(person)
                if card.only or card.channel in rooms or card.channel[0] == "D"]  # fmt: skip

    def tokens(self, people: tuple[str, ...], *rooms: str) -> list[str]:
        """Of all buttons and windows that their clients were given."""
        cards = self._cards(people, set(rooms))
        shown = (self.slack.windows, self.slack.pages)
        views = [each[person] for person in people for each in shown if person in each]
        pressed = [e.get("value") for part in (*cards, *views) for e in part.elements]
        metadata = [view.said.get("private_metadata") for view in views]
        return sorted({each for each in (*pressed, *metadata) if each})

    def names(self, family: Family) -> Names:
        """What they are called, and what their clients were given."""
        people, slack = family.people, self.slack
        shown = (slack.windows, slack.pages)
        tokens = self.tokens(people, family.room)[::ONE_OF]
        urls = [path for path, url in slack.urls.items() if url.user in people]
        return {
            "T": [family.workspace],
            "U": list(people),
            "C": [family.room],
            "D": [slack.dm(person) for person in people],
            "V": sorted({each[person].id for each in shown for person in people if person in each}),
            "ts": sorted({card.ts for card in self._cards(people, {family.room})})[:3],
            "trigger_id": [id for id, each in slack.triggers.items() if each.user in people][:2],
            "value": [*tokens, f"{slack.url}{urls[0]}"],
            "private_metadata": tokens,
        }

    def elsewhere(self, ours: Family, other: Family) -> Iterator[Try]:
        """What our client was given, as the same person of another workspace, by every name."""
        for kind, payload in shapes(self.requests):
            if {"actions", "view"} & set(payload):
                said = json.dumps(payload).replace(ours.workspace, other.workspace)
                yield Try(
                    f"elsewhere {kind}", (kind, self.anew(json.loads(said))), None, forged=True
                )

    def forged(self, tokens: Iterable[str]) -> Iterator[Try]:
        """What our client was given, exchanged for each of *tokens*, in every kind of request."""
        for kind, payload in shapes(self.requests):
            for path in paths(payload):
                if _is_read(payload, path):
                    for token in tokens:
                        changed = self.anew(with_value(payload, path, token))
                        yield Try(f"{path} {token!r}", (kind, changed), None, forged=True)

    def tries(self, ours: Family, others: tuple[Family, ...]) -> Iterator[Try]:
        """Each kind of request of ours, with each name in it exchanged for each of others'."""
        for kind, payload in shapes(self.requests):
            for family in others:
                for what, path, other in swapped(payload, self.names(family), _kind):
                    changed = self.anew(with_value(payload, path, other), what)
                    secret = _is_read(payload, path)
                    pressed = bool({"actions", "view"} & set(payload)) and what in ("U", "T")
                    mixed = len(said := _people(changed)) > 1
                    yield Try(
                        f"{payload.get('type', 'command')} {'.'.join(map(str, path))} {other[:40]}",
                        (kind, changed),
                        next((f for f in FAMILIES if said & set(f.people)), None)
                        if not mixed and _team(changed) == ours.workspace
                        else None,
                        forged=secret or (pressed and _acts(path)),
                        among=family if what == "C" else None,
                        astray=what == "D",
                    )

    def within(self, ours: Family, tokens: Iterable[str]) -> Iterator[Try]:
        """What *tokens* stand for, as if we had been given them: behind the door, too, it must be
        nobody's but its owner's."""
        me = Person("slack", ours.workspace, ours.owner)
        places = place_of(ours.room, address_of(ours.room, me)), home_of(me)
        for token, place in itertools.product(tokens, places):
            said = token.rpartition("~")[0]
            made, _, choice = said.partition("~")
            flow, _, topic = choice.partition("/")
            turn = Picked(flow, topic) if made[:1] == "s" else Chose(choice, int(made or "0", 16))
            now, id = self.landa.time.now(), f"once-{next(self._count)}"
            yield Try(
                f"within {token}",
                Inbound(id, me, place, turn, now, home_of(me)),
                ours,
                forged=False,
            )

    def anew(self, payload: dict[str, Any], changed: str = "") -> dict[str, Any]:
        """As something that was done once more."""
        fresh = {
            key: f"once-{next(self._count)}" for key in ONCE if key in payload and key != changed
        }
        return {**payload, **fresh}


def shapes(requests: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """The newest request of each kind."""
    found: dict[Any, tuple[str, dict[str, Any]]] = {}
    for kind, payload in requests:
        event, view = payload.get("event", {}), payload.get("view") or {}
        container = payload.get("container", {})
        where = bool(payload.get("message")), container.get("type"), container.get("is_ephemeral")
        named = payload.get("type"), event.get("type"), view.get("type")
        found[(kind, named, where, str(payload.get("channel_id", ""))[:1])] = kind, payload
    return list(found.values())


def _kind(path: tuple[Any, ...], value: str) -> str:
    last = str(path[-1])
    if path[:3] == ("actions", 0, "value") or path == ("view", "private_metadata"):
        return last
    if last == "trigger_id":
        return last
    if last in SECRETS:
        return ""  # what a client repeats of what it shows
    if last in ("ts", "message_ts", "thread_ts"):
        return "ts"
    return value[0] if _NAME.fullmatch(value) else ""


def _is_read(payload: dict[str, Any], path: tuple[Any, ...]) -> bool:
    """Whether Landa takes what was pressed from there."""
    window = str(payload.get("type")).startswith("view_")
    return path == (("view", "private_metadata") if window else ("actions", 0, "value"))


def _acts(path: tuple[Any, ...]) -> bool:
    """Whether Landa takes who acts from there."""
    return path in (("user", "id"), ("team", "id"))


def _team(payload: dict[str, Any]) -> str:
    team = payload.get("team")
    return payload.get("team_id") or (team or {}).get("id", "")


def _people(payload: dict[str, Any]) -> set[str]:
    """Who acts."""
    user = payload.get("user", payload.get("event", {}).get("user"))
    return {payload.get("user_id") or (user["id"] if isinstance(user, dict) else user or "")}


@asynccontextmanager
async def stage(library: Library, store: Store, secret: str = "") -> AsyncGenerator[SlackStage]:
    """store: closed, with its tables. secret: as LANDA_SECRET_KEYS; new ones without it."""
    async with Recorder() as slack, AsyncExitStack() as stack:
        slack.ack_s = 15
        time = Time(MONDAY - datetime.now(UTC))
        with patch("bot.wiring.paces_of", return_value={}):  # nobody waits for Slack's pace
            landa = await stack.enter_async_context(many(slack, library, store, time, secret))
        for site in (A, B):
            await landa.install(site)
        made = SlackStage(slack, landa)
        for family in FAMILIES[::-1]:
            slack.requests.clear()
            await made.settle_in(family)
        made.requests = list(slack.requests)
        yield made
