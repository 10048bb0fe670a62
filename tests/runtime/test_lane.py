"""Workspaces go their own ways: none waits for another, and none is sent more than it takes."""

import asyncio
import gc
from collections import Counter
from datetime import UTC, datetime

import pytest

from bot.core.errors import DeliveryError
from bot.core.library import Library
from bot.core.port import Outgoing, Pace, Rate
from bot.runtime import lane as lane_of
from bot.runtime.codec import ms
from bot.runtime.lane import Lanes
from bot.runtime.outbox import LEASE_S, Item
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.runtime.parts import Faulty, Small, T, key, outgoing, put, sealed

MANY = 3_000
FAST = Pace(Rate(5, 0.001), Rate(20, 0.005))


@pytest.fixture
def small(library: Library, store: Store, vault: Vault) -> Small:
    return Small(library, Faulty(store), vault)


async def wait_for(small: Small, count: int) -> None:
    async with asyncio.timeout(30):
        while len(small.sent) < count:
            await asyncio.sleep(0.005)


def crowd(small: Small, count: int, workspace: str = "T1") -> list[object]:
    return [
        sealed(f"{workspace} {n}", small.vault, person=f"{workspace} p{n}", workspace=workspace)
        for n in range(count)
    ]


@pytest.mark.parametrize("pace", [None, FAST])
async def test_thousands_of_one_workspace_hold_up_no_other(small: Small, pace: Pace | None) -> None:
    """While 3,000 cards of one workspace wait, another one's card goes at the next tick."""
    small.pace = pace
    small.begin()
    gate = asyncio.Event()

    async def hang(one: Outgoing) -> None:
        if one.card.text.startswith("T1"):
            await gate.wait()

    small.answers = hang
    await put(small.store, *crowd(small, MANY))
    await put(small.store, sealed("T2", small.vault, person="bo", workspace="T2", at=T + 1, due=T))
    await small.clock.tick()
    await wait_for(small, 1)
    assert small.texts == ["T2"]
    gate.set()


async def test_a_workspace_is_sent_what_it_takes(small: Small) -> None:
    """Three hundred cards of one workspace go out at its pace, each once, as steadily as it takes
    them; and 200 other workspaces are not slower for it."""
    small.pace = FAST
    began = datetime.now(UTC)
    small.now = began
    small.begin()
    at: list[float] = []
    loop = asyncio.get_running_loop()
    start = loop.time()
    small.answers = lambda _: at.append(loop.time() - start)
    now = ms(began)
    rows = [sealed(f"c{n}", small.vault, person=f"p{n}", at=now + n, due=now) for n in range(300)]
    await put(small.store, *rows)
    async with asyncio.timeout(60):
        while len(at) < 300:
            small.now = datetime.now(UTC)
            await small.clock.tick()
            await asyncio.sleep(0.05)
    assert Counter(small.texts) == {f"c{n}": 1 for n in range(300)}
    assert (await small.store.backlog(T)).given_up == {}
    for number, moment in enumerate(at):
        soonest = (number - FAST.workspace.burst) * FAST.workspace.each_s
        assert moment >= soonest - 0.01, f"card {number} after {moment:.3f} s"
    spread = 300 * FAST.workspace.each_s * 1.25
    assert at[-1] < spread + lane_of.SOON_S + 4


async def test_who_waits_for_an_answer_goes_first(small: Small) -> None:
    """A person's answer is not behind the cards that nobody waits for."""
    small.pace = Pace(Rate(5, 1), Rate(4, 0.2))
    small.begin()
    await put(small.store, *crowd(small, 100))
    await small.clock.tick()
    await wait_for(small, 4)
    for n in range(3):
        row = sealed(f"answer {n}", small.vault, person=f"a{n}", due=T + LEASE_S * 1000)
        small.outbox.take(Item(row, outgoing(f"answer {n}"), hurry=True))
    async with asyncio.timeout(2):
        while sum(text.startswith("answer") for text in small.texts) < 3:
            await asyncio.sleep(0.005)
    assert len(small.sent) < 20


async def test_one_person_is_sent_what_they_can_read(small: Small) -> None:
    """After a few cards at once, one person's come one by one; others need not wait for that."""
    small.pace = Pace(Rate(3, 0.2), Rate(100, 0.001))
    small.begin()
    loop = asyncio.get_running_loop()
    at: dict[str, float] = {}
    small.answers = lambda one: at.update({one.card.text: loop.time()})
    rows = [sealed(f"c{n}", small.vault, at=T + n) for n in range(6)]
    await put(small.store, *rows, sealed("bo", small.vault, person="bo", at=T + 9))
    await small.tick()
    times = [at[f"c{n}"] for n in range(6)]
    assert times == sorted(times)
    assert times[2] - times[0] < 0.15
    assert times[5] - times[2] >= 0.5
    assert at["bo"] <= times[3]


async def test_a_workspace_that_hangs_holds_up_no_other(small: Small) -> None:
    """However many cards of one workspace hang, another one's go out as if it were alone."""
    gate = asyncio.Event()

    async def hang(one: Outgoing) -> None:
        if one.card.text.startswith("T1"):
            await gate.wait()

    small.answers = hang
    await put(small.store, *crowd(small, 100), *crowd(small, 100, "T2"))
    await small.clock.tick()
    await wait_for(small, 100)
    assert all(text.startswith("T2") for text in small.texts)
    gate.set()
    await small.outbox.settled()
    assert len(small.sent) == 200


async def test_a_closed_workspace_is_not_looked_at_again_and_again(small: Small) -> None:
    """Cards of a workspace that asks us to wait are put off until then, however many they are, and
    come back one after the other when it opens."""
    small.pace = Pace(Rate(5, 0.001), Rate(50, 0.001))
    small.begin()

    def busy(_: Outgoing) -> None:
        raise DeliveryError("ratelimited", retry_after_s=600)

    small.answers = busy
    await put(small.store, *crowd(small, MANY))
    await small.tick()
    small.answers = None
    # Those that had been put off before it was known come once more.
    assert await small.tick(10) is None
    for _ in range(5):
        small.later(100)
        assert await small.outbox.claim() == 0
    assert small.store.calls["postpone"] < 200
    for _ in range(200):
        await small.tick(1)
    assert len(small.sent) == MANY
    assert len(set(small.texts)) == MANY


async def test_idle_lanes_are_forgotten() -> None:
    """Of workspaces and people that nothing goes to, nothing stays in memory."""
    lanes = Lanes(lambda _: FAST)
    for number in range(1_000):
        one = lanes.of(key(f"T{number}"), "test")
        assert await one.turn(one.people[key(f"p{number}")], hurry=True)
    closed = lanes.of(key("closed"), "test")
    closed.close(T + 3_600_000)
    minute = round(lane_of.IDLE_S * 1000)
    for step in range(1, 4):
        lanes.tidy(T + step * minute)
    gc.collect()
    assert list(lanes._lanes) == [closed]
    assert lanes.of(key("closed"), "test") is closed
    lanes.tidy(T + 3_600_000 + minute)
    lanes.tidy(T + 3_600_000 + 2 * minute)
    lanes.tidy(T + 3_600_000 + 3 * minute)
    assert list(lanes._lanes) == []
