"""The bell: many at once, by several clocks, at the pace that each workspace takes."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.library import Library
from bot.core.nudge import Nudges, Slot
from bot.core.port import Pace, Rate
from bot.core.turn import Hints, Person, Place
from bot.runtime import codec
from bot.runtime.codec import ms
from bot.runtime.slots import Owner, slot_rows
from bot.runtime.store import Store
from bot.runtime.store.nudges import setting
from bot.runtime.store.postgres import PostgresStore
from bot.runtime.store.question import Ask
from bot.runtime.vault import Vault
from tests.runtime.asked import BY_ITSELF
from tests.runtime.parts import Faulty, Small

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SAID = "pause pause"


def asks(vault: Vault, who: str, workspace: str = "T1") -> tuple[Ask, ...]:
    """*who* wants to hear from Landa at nine."""
    place = vault.hash("workspace", "test", workspace)
    owner = Owner(vault.hash("person", "test", workspace, who), place, "test")
    nudges = Nudges("UTC", (Slot("pause", "pause", NINE.time(), frozenset({1})),))
    person, home = Person("test", workspace, who), Place("private", {"who": who})
    waiting = codec.Waiting(person, home, 0, Hints("sv"))
    payload = codec.seal_call(waiting, vault, place + owner.hash)
    rows = slot_rows(owner, nudges, payload, NINE - timedelta(hours=1), ())
    sealed = codec.seal_nudges(nudges, vault, place + owner.hash)
    return setting(owner.hash, place, sealed, rows)


async def fill(store: Store, vault: Vault, count: int, workspace: str = "T1") -> None:
    for start in range(0, count, 100):
        some = range(start, min(start + 100, count))
        await store.ask(*(ask for n in some for ask in asks(vault, f"{workspace}-{n}", workspace)))


@pytest.fixture
def small(library: Library, store: Store, vault: Vault) -> Small:
    return Small(library, Faulty(store), vault, now=NINE, flows=BY_ITSELF)


async def test_four_clocks(library: Library, closed_store: Store, vault: Vault) -> None:
    """Of 2,000 people who are due in the same second, four clocks tell each once."""
    await closed_store.open()
    await fill(closed_store, vault, 2_000)
    stores = [closed_store]
    if isinstance(closed_store, PostgresStore):
        stores += [PostgresStore(closed_store._url) for _ in range(3)]
        await asyncio.gather(*(store.open() for store in stores[1:]))
    clocks = [
        Small(library, stores[n % len(stores)], vault, now=NINE, flows=BY_ITSELF) for n in range(4)
    ]

    async def run(one: Small) -> None:
        for _ in range(400):
            await one.tick()
            if sum(len(each.sent) for each in clocks) >= 2_000:
                break
            await asyncio.sleep(0.01)

    await asyncio.gather(*map(run, clocks))
    for one in clocks:
        await one.tick(3600)
    told = Counter(str(sent.address["who"]) for one in clocks for sent in one.sent)
    assert len(told) == 2_000
    assert set(told.values()) == {1}
    await asyncio.gather(*(store.close() for store in stores))


async def test_a_crowd_is_told_one_by_one(small: Small) -> None:
    """A workspace that takes ten messages a second gets ten a second; nobody waits for it."""
    small.pace = Pace(Rate(5, 0.01), Rate(1, 0.1))
    small.begin()
    await fill(small.store, small.vault, 30)
    await fill(small.store, small.vault, 1, "T2")
    told: dict[str, float] = {}
    loop = asyncio.get_running_loop()
    began = loop.time()
    small.answers = lambda one: told.update({str(one.address["who"]): loop.time() - began})
    async with asyncio.timeout(20):
        while len(told) < 31:
            small.now = NINE + timedelta(seconds=loop.time() - began)
            await small.clock.tick()
            await asyncio.sleep(0.1)
    assert told.pop("T2-0") < 1
    times = sorted(told.values())
    assert times[-1] - times[0] >= 29 * 0.1 - 0.05
    for number, moment in enumerate(times):
        assert moment >= number * 0.1 - 0.05, "earlier than the workspace takes it"


async def test_a_slow_workspace_delays_nobody(small: Small) -> None:
    """While one workspace's platform hangs, a hundred people of others are told at once."""
    gate = asyncio.Event()

    async def hang(one: object) -> None:
        if str(getattr(one, "address", {})["who"]).startswith("T1-"):
            await gate.wait()

    small.answers = hang
    await fill(small.store, small.vault, 200)
    for n in range(2, 12):
        await fill(small.store, small.vault, 10, f"T{n}")
    await small.clock.tick()
    async with asyncio.timeout(5):
        while len(small.sent) < 100:
            await asyncio.sleep(0.01)
    gate.set()
    await small.outbox.settled()
    assert len(small.sent) == 300


async def test_a_round_that_is_under_way_is_finished(small: Small) -> None:
    """Asked to stop, the clock finishes its round: nothing stays claimed."""
    await fill(small.store, small.vault, 50)
    small.store.slow["load"] = 0.05
    round = asyncio.create_task(small.clock.tick())
    await asyncio.sleep(0.02)
    assert not round.done()
    await small.clock.finished()
    assert round.done()
    await small.outbox.settled()
    assert len(small.sent) == 50
    small.begin()
    await small.tick(3600)
    assert len(small.sent) == 50


async def test_an_idle_look_writes_nothing(small: Small) -> None:
    """When nothing is due, the clock only looks."""
    await fill(small.store, small.vault, 20)
    small.now = NINE - timedelta(minutes=1)
    assert await small.store.nudges.claim(ms(small.now), 10, lambda _: None) == []
    assert (await small.store.backlog(0)).nudges == 20


async def test_one_batch_after_another(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than one batch is taken in a round, and a round has an end."""
    monkeypatch.setattr("bot.runtime.bell.BATCH", 7)
    await fill(small.store, small.vault, 40)
    await small.tick()
    assert len(small.sent) == 40
    monkeypatch.setattr("bot.runtime.bell.ROUND_S", 0)
    small.sent.clear()
    await fill(small.store, small.vault, 40, "T2")
    await small.tick()
    assert len(small.sent) == 7
