"""A whole Landa on Teams and a strict stand-in: what somebody in a tenant lives through."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.teams import wire
from bot.core.library import Library
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.standin_teams import StandIn
from tests.standin_teams.payloads import message
from tests.standin_teams.world import ROOM
from tests.teams_whole import Whole, best_of, whole

PEOPLE = 50
HERE = "Du är här nu"


@pytest.fixture(params=["botbuilder", "agents"])
async def landa(
    request: pytest.FixtureRequest, store: Store, library: Library, vault: Vault
) -> AsyncIterator[Whole]:
    """Both kits, on both databases."""
    async with StandIn() as teams, whole(teams, store, library, vault, kit=request.param) as made:
        yield made
        assert not teams.complaints


async def test_a_landing(landa: Whole) -> None:
    """A word, a press, an exercise that ends by itself, an end: one card, rewritten in place."""
    teams = landa.teams
    await teams.say("anna", "landa")
    await landa.settled()
    assert HERE in teams.last("anna").words
    ack = await teams.press("anna", "Lugna kroppen")
    await landa.settled()
    assert ack.card == teams.last("anna").card  # what is shown at once is what stays
    await landa.later(3600)
    assert "Klar för nu" in teams.last("anna").labels
    ack = await teams.press("anna", "Klar för nu")
    await landa.settled()
    assert ack.card == teams.last("anna").card
    assert "Klar för nu" not in teams.last("anna").labels
    assert len(teams.seen("anna")) == 1


async def test_two_presses(landa: Whole) -> None:
    """The second finger on the same button changes nothing, and is answered with a word."""
    teams = landa.teams
    await teams.say("anna", "landa")
    await landa.settled()
    card = teams.last("anna")
    button, first = card.labels[0], card.card
    assert (await teams.press("anna", button)).card
    card.card = first  # their client has not shown the new one yet
    again = await teams.press("anna", button, card)
    assert again.said == "Klart."
    await landa.settled()


async def test_a_card_of_somebody_else(landa: Whole) -> None:
    """Whoever gets hold of another's card can press it, and nothing comes of it."""
    teams = landa.teams
    await teams.say("anna", "landa")
    await landa.settled()
    teams.added.add("bo")
    ack = await teams.press("bo", "Lugna kroppen", teams.last("anna"))
    await landa.settled()
    assert not ack.card
    assert teams.seen("bo") == []
    assert HERE in teams.last("anna").words


async def test_welcome_once(landa: Whole) -> None:
    """Whoever adds Landa is welcomed once; whoever removes it is forgotten, and may come back."""
    teams = landa.teams
    await teams.install("anna")
    await landa.settled()
    assert len(teams.seen("anna")) == 1
    await teams.remove("anna")
    await landa.later(60)
    assert len(teams.seen("anna")) == 1
    await teams.install("anna")
    await landa.settled()
    assert len(teams.seen("anna")) == 2


async def test_removal_forgets(landa: Whole, vault: Vault) -> None:
    """After a removal nothing of the person is left in the database."""
    teams = landa.teams
    await teams.install("anna")
    await teams.say("anna", "inställningar")
    await landa.settled()
    await teams.press("anna", "Spara", chosen={"language": "en"})
    await landa.settled()
    await teams.remove("anna")
    await landa.settled()
    loaded = await landa.store.load(landa.person(vault, "anna"), b"never")
    assert (loaded.serial, loaded.state, loaded.profile, loaded.home) == (None, None, None, None)


@pytest.mark.parametrize("text", ["Hi", "hello", "HELP", "hjälp", "xyzzy", "👋", "<b>", "/landa"])
async def test_always_an_answer(landa: Whole, text: str) -> None:
    """Whatever is written to Landa alone is answered."""
    await landa.teams.say("anna", text)
    await landa.settled()
    (shown,) = landa.teams.seen("anna")
    assert shown.words


async def test_the_same_delivered_four_times(landa: Whole) -> None:
    """Teams' repetitions, also at the same moment, are one act."""
    teams = landa.teams
    teams.added.add("anna")
    body = message(teams, "anna", "landa", teams.service_url)
    acks = await asyncio.gather(*(teams.post(body) for _ in range(4)))
    await landa.settled()
    assert {ack.status for ack in acks} == {200}
    assert len(teams.seen("anna")) == 1


async def test_asked_in_a_channel(landa: Whole) -> None:
    """Three people ask in a channel: one has Landa, one is in the team, one has neither."""
    teams = landa.teams
    teams.added.add("anna")
    teams.reachable.add("bo")
    for user in ("anna", "bo", "cilla"):
        await teams.mention(user, "")
    await landa.settled()
    assert HERE in teams.last("anna").words
    assert HERE in teams.last("bo").words
    assert teams.seen("cilla") == []
    (shown,) = teams.seen(room=ROOM)
    assert "Lägg till Landa" in shown.text


FAULTS: list[dict[str, Any]] = [
    {"kind": "status", "status": 429, "retry_after": "1"},
    {"kind": "status", "status": 429},
    {"kind": "status", "status": 412},
    {"kind": "status", "status": 502},
    {"kind": "status", "status": 504},
    {"kind": "html", "status": 503},
    {"kind": "reset"},
    {"kind": "hang", "seconds": 3},
    {"kind": "lost"},
    {"kind": "status", "status": 403, "code": "MessageWritesBlocked"},
]


@pytest.fixture
async def calm(sqlite_store: Store, library: Library, vault: Vault) -> AsyncIterator[Whole]:
    async with StandIn() as teams, whole(teams, sqlite_store, library, vault) as made:
        teams.paced = False
        yield made


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: "-".join(map(str, one.values())))
async def test_fifty_faults(
    calm: Whole, vault: Vault, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any]
) -> None:
    """Fifty people's cards meet the same fault at once: none is lost. None comes twice, but where
    the answer was lost on the way; then once more. Whoever has shut Landa out gets none.
    """
    monkeypatch.setattr(wire, "TIMEOUT", wire.aiohttp.ClientTimeout(total=0.5))
    teams = calm.teams
    teams.fail(times=PEOPLE, **fault)
    people = [f"p{number}" for number in range(PEOPLE)]
    acks = await asyncio.gather(*(teams.say(user, "landa") for user in people))
    assert {ack[-1].status for ack in acks} == {200}
    await calm.until_empty()
    assert not teams.faults
    copies = Counter(len(teams.seen(user)) for user in people)
    shut = fault.get("status") == 403
    expected = {0} if shut else {2} if fault["kind"] == "lost" else {1}
    assert set(copies) == expected, copies
    backlog = await calm.store.backlog(0)
    assert backlog.given_up == ({"shut out": PEOPLE} if shut else {})
    homes = [(await calm.store.load(calm.person(vault, user), b"x")).home for user in people]
    assert not (shut and any(homes))


async def test_fifty_rewrites_with_a_lost_answer(calm: Whole) -> None:
    """A card that was rewritten, while the answer was lost, is rewritten again: it is one card."""
    teams = calm.teams
    people = [f"p{number}" for number in range(PEOPLE)]
    await asyncio.gather(*(teams.say(user, "landa") for user in people))
    await calm.until_empty()
    teams.fail("lost", times=PEOPLE)
    await asyncio.gather(*(teams.press(user, "Lugna kroppen") for user in people))
    await calm.until_empty()
    assert {len(teams.seen(user)) for user in people} == {1}


class Lag:
    """How long the event loop did not come round, at the longest."""

    async def __aenter__(self) -> "Lag":
        self.longest_s = 0.0
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _watch(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.002)
            self.longest_s = max(self.longest_s, time.perf_counter() - began - 0.002)


async def test_a_slow_connector(sqlite_store: Store, library: Library, vault: Vault) -> None:
    """With a connector that takes a second for each card and a login that takes half a second, a
    hundred people at once are answered within a second over HTTP, nothing stands still for a
    tenth of a second, and every card is there within ten.
    """
    turn = 0

    async def once() -> None:
        nonlocal turn
        turn += 1
        people = [f"t{turn}p{number}" for number in range(100)]
        async with StandIn() as teams, whole(teams, sqlite_store, library, vault) as landa:
            await teams.say(f"first{turn}", "landa")
            await landa.settled()
            teams.connector_s, teams.login_s = 1.0, 0.5
            given = teams.login.given
            landa.forget_token()
            began = time.perf_counter()
            async with Lag() as lag:
                acks = await asyncio.gather(*(teams.say(user, "landa") for user in people))
                while not all(teams.seen(user) for user in people):
                    assert time.perf_counter() - began < 10
                    await asyncio.sleep(0.5)
                    await landa.clock.tick()
        slowest = max(ack.seconds for each in acks for ack in each)
        statuses = {ack.status for each in acks for ack in each}
        took = time.perf_counter() - began
        print(f"\nslowest answer {slowest:.2f} s, loop {lag.longest_s * 1000:.0f} ms, {took:.1f} s")
        assert statuses == {200}
        assert slowest < 1
        assert lag.longest_s < 0.1
        assert {len(teams.seen(user)) for user in people} == {1}
        assert teams.login.given == given + 1
        assert not teams.complaints

    await best_of(3, once)
