"""The families in two tenants of Teams."""

import copy
import itertools
import json
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from bot.core.library import Library
from bot.core.port import Pace, Rate
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.adapters.slack.test_inbound import with_value
from tests.matrix import Family, Names, Try, swapped
from tests.matrix.slack import MONDAY
from tests.standin_teams import TENANT, StandIn
from tests.standin_teams.world import Ack, Shown
from tests.teams_whole import Whole, whole

OTHER = "7e4a0000-1111-4222-8333-00000000beef"
_ROOM = "19:{}@thread.tacv2;messageid=1700000000001"
FAMILIES = (
    Family(TENANT, "anna", "alva", _ROOM.format("aaaa"), "kanariea"),
    Family(TENANT, "bo", "bea", _ROOM.format("bbbb"), "kanarieb"),
    Family(OTHER, "caj", "cia", _ROOM.format("cccc"), "kanariec"),
)
UNHURRIED = Pace(Rate(1000, 0.001), Rate(1000, 0.001))


class Recorder(StandIn):
    """Keeps every activity that comes of what people do."""

    requests: list[dict[str, Any]]

    async def post(self, body: Any, token: str | None = None) -> Ack:
        self.requests.append(copy.deepcopy(body))
        return await super().post(body, token)


@dataclass
class TeamsStage:
    teams: Recorder
    landa: Whole
    vault: Vault
    platform: str = "teams"
    requests: list[dict[str, Any]] = field(default_factory=list)
    _count: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def store(self) -> Store:
        return self.landa.store

    @property
    def families(self) -> tuple[Family, ...]:
        """By Teams' own ids."""
        return tuple(map(self._named, FAMILIES))

    def _named(self, family: Family) -> Family:
        owner, mate = (self.teams.id_of(each) for each in family.people)
        return replace(family, owner=owner, mate=mate, room=family.room.partition(";")[0])

    async def send(self, body: dict[str, Any]) -> None:
        self.landa.time.ahead += SIX
        await self.teams.post(body)
        await self.landa.settled()

    def seen(self, person: str) -> str:
        """In their own chat, and in their team's channel."""
        user = person.removeprefix(self.teams.id_of(""))
        family = next(each for each in FAMILIES if user in each.people)
        return repr([(each.id, each.card, each.text) for each in self._cards(family, (user,))])

    def _cards(self, family: Family, people: Iterable[str], *, rooms: bool = True) -> list[Shown]:
        channel = family.room.partition(";")[0]
        room = self.teams.seen(room=channel) if rooms else []
        return [*room, *(card for user in people for card in self.teams.seen(user))]

    def place(self, family: Family) -> Recorder:
        """The same Teams, in that tenant."""
        other = copy.copy(self.teams)
        other.tenant = family.workspace
        return other

    async def settle_in(self, family: Family) -> None:
        place, (user, mate) = self.place(family), family.people
        for person in (user, mate):
            await place.install(person)
        await self._ask(place, user, "team", family)
        await self._press(place, user, "Ställ in", "Spara")
        await self._ask(place, user, "lapp", family)
        await self._press(place, user, "Visa den för teamet", text=f"Vad ger luft {family.canary}?")
        await self._ask(place, user, "landningskollega", family)
        await self._press(place, user, "Ja, fråga mig gärna")
        await self._press(place, user, "Spara", name=family.canary)
        await self._ask(place, mate, "sällskap", family)
        await self._press(place, mate, "Fråga en kollega", family.canary, "Skicka")
        for words, buttons in (
            ("påminnelser", ("Ja, gärna", "Spara")),
            ("landa", ("Hitta fotfästet",)),
            ("inställningar", ("Spara",)),
            ("landa", ()),
            ("inställningar", ()),
        ):
            await place.say(user, words)
            await self._press(place, user, *buttons)
        await self._ask(place, user, "hjälp", family)

    async def _ask(self, place: Recorder, user: str, words: str, family: Family) -> None:
        self.landa.time.ahead += SIX
        await place.mention(user, words, family.room)
        await self.landa.settled()

    async def _press(self, place: Recorder, user: str, *labels: str, **chosen: str) -> None:
        await self.landa.settled()
        for label in labels:
            self.landa.time.ahead += SIX
            assert (await place.press(user, label, chosen=chosen)).status == 200
            await self.landa.settled()

    def tokens(self, family: Family, people: Iterable[str], *, rooms: bool = True) -> list[str]:
        cards = self._cards(family, people, rooms=rooms)
        return sorted({each["data"]["token"] for card in cards for each in card.buttons})

    def names(self, family: Family) -> Names:
        people, teams = family.people, self.teams
        tokens = self.tokens(family, people)
        return {
            "tenant": [family.workspace],
            "person": [teams.id_of(each) for each in people],
            "talk": [teams.talk(each) for each in people],
            "room": [family.room],
            "card": sorted({card.id for card in self._cards(family, people)})[:3],
            "token": [*tokens, teams.talk(family.owner)],
        }

    def tries(self, others: Iterable[Family]) -> Iterator[Try]:
        """Each kind of activity of ours, with each name in it exchanged for each of others'."""
        ours = self.families[0]
        for body in shapes(self.requests):
            for family in others:
                for kind, path, other in swapped(body, self.names(family), _kind):
                    changed = self.anew(with_value(body, path, other))
                    named = {kind} & {"person", "tenant"} and path[0] in ("from", "channelData")
                    yield Try(
                        f"{body['type']} {'.'.join(map(str, path))} {other[:40]}",
                        changed,
                        self._by(changed, ours),
                        forged=kind == "token" or (body["type"] == "invoke" and bool(named)),
                        among=self._named(family) if kind == "room" else None,
                        astray=kind in ("talk", "person"),
                    )

    def elsewhere(self) -> Iterator[Try]:
        """What our client was given, as the same person of another tenant, by every name."""
        for body in shapes(self.requests):
            if body["type"] == "invoke":
                said = json.dumps(body).replace(TENANT, OTHER)
                yield Try("elsewhere", self.anew(json.loads(said)), None, forged=True)

    def _by(self, body: dict[str, Any], ours: Family) -> Family | None:
        who = body["from"]["id"]
        return next((each for each in self.families if who in each.people), ours)

    def forged(self, tokens: Iterable[str]) -> Iterator[Try]:
        """What our client was given, exchanged for each of *tokens*, in every kind of press; also
        as clients send it that know no Action.Execute."""
        for body in shapes(self.requests):
            if body["type"] != "invoke":
                continue
            older = submitted(body)
            for token in tokens:
                for each, path in (
                    (body, ("value", "action", "data", "token")),
                    (older, ("value", "token")),
                ):
                    changed = self.anew(with_value(each, path, token))
                    yield Try(f"{each['type']} {token!r}", changed, None, forged=True)

    def anew(self, body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "id": f"once-{next(self._count)}"}


def submitted(body: dict[str, Any]) -> dict[str, Any]:
    """A press as clients send it that know no Action.Execute."""
    if body["type"] != "invoke":
        return body
    return {**body, "type": "message", "name": None, "value": body["value"]["action"]["data"]}


def shapes(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest of each kind."""
    found: dict[Any, dict[str, Any]] = {}
    for body in requests:
        value = body.get("value", {})
        data = value.get("action", {}).get("data", value)
        among = body["conversation"]["conversationType"]
        if body.get("action") != "remove":
            found[(body["type"], among, "fields" in data, bool(data), body.get("name"))] = body
    return list(found.values())


def _kind(path: tuple[Any, ...], value: str) -> str:
    match path:
        case (*_, "tenantId") | ("channelData", "tenant", "id"):
            return "tenant"
        case ("from", "id"):
            return "person"
        case ("conversation", "id"):
            return "room" if "thread" in value else "talk"
        case (*_, "replyToId"):
            return "card"
        case ("value", "action", "data", "token"):
            return "token"
        case ("channelData", *_) if "thread" in value:
            return "room"
        case _:
            return ""


@asynccontextmanager
async def stage(library: Library, store: Store, vault: Vault) -> AsyncGenerator[TeamsStage]:
    """store: open."""
    teams = Recorder()
    teams.requests, teams.paced = [], False
    served = {"app_type": "MultiTenant", "tenant": ""}
    with patch("tests.teams_whole.PACE", UNHURRIED):
        async with teams, whole(teams, store, library, vault, **served) as landa:
            landa.time.ahead = MONDAY - datetime.now(UTC)
            made = TeamsStage(teams, landa, vault)
            for family in FAMILIES[::-1]:
                teams.requests.clear()
                await made.settle_in(family)
            made.requests = list(teams.requests)
            yield made


SIX = MONDAY.replace(second=6) - MONDAY.replace(second=0)
