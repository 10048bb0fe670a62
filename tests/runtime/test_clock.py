"""The clock: wakes what is due, and goes on whatever happens."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from structlog.testing import capture_logs

from bot.core.library import Library
from bot.core.port import Answer
from bot.core.turn import Commanded, Inbound, PauseOver
from bot.runtime import metrics
from bot.runtime.bell import LEASE_S, Bell
from bot.runtime.clock import PRUNE_EVERY_S, Clock
from bot.runtime.codec import seal_waiting
from bot.runtime.store import DueRow, Store
from bot.runtime.vault import Vault
from tests.runtime.parts import START, Faulty, Small, T, key, put, sealed


@pytest.fixture
def small(library: Library, store: Store, vault: Vault) -> Small:
    return Small(library, Faulty(store), vault)


def due(small: Small, who: str, *, vault: Vault | None = None, at: int = T) -> DueRow:
    person, workspace = key(who), key("T1")
    inbound = small.inbound(Commanded(""), who=who)
    payload = seal_waiting(inbound, vault or small.vault, workspace + person)
    return DueRow(person, workspace, "test", 7, at, payload)


class Door:
    """Stands in for `Turns`: who came in, and what happened to them."""

    def __init__(self, *bad: str) -> None:
        self.came: list[Inbound] = []
        self.bad = bad

    async def __call__(
        self, inbound: Inbound, *, ride: bool = False, patient: bool = False
    ) -> Answer:
        self.came.append(inbound)
        if inbound.person.id in self.bad:
            raise RuntimeError("kanariefågel")
        return Answer("new")


def clock(small: Small, door: Door) -> Clock:
    bell = Bell(small.store, small.vault, door, lambda: small.now)
    return Clock(small.store, bell, small.outbox, lambda: small.now)


async def test_what_is_due_comes_in_by_the_same_door(small: Small) -> None:
    """A pause that ends is a turn of its person, in their place, at their time."""
    door = Door()
    await put(small.store, due=due(small, "anna"))
    await put(small.store, due=due(small, "bo", at=T + 1))
    await clock(small, door).tick()
    (inbound,) = door.came
    assert inbound.turn == PauseOver(7)
    assert inbound.person.id == "anna"
    assert inbound.place.address == {"who": "anna"}
    assert inbound.at == START


async def test_a_pause_is_one_delivery_however_often_it_is_woken(small: Small) -> None:
    """Waking the same pause twice is the same delivery."""
    door = Door()
    await put(small.store, due=due(small, "anna"))
    await clock(small, door).tick()
    small.later(LEASE_S)
    await clock(small, door).tick()
    assert len(door.came) == 2
    assert door.came[0].id == door.came[1].id


async def test_a_poisoned_pause_stops_no_other(small: Small) -> None:
    """Pauses after one that cannot be woken are woken in the same round."""
    door = Door("p1")
    for n in range(4):
        await put(small.store, due=due(small, f"p{n}", at=T - 10 + n))
    with capture_logs() as logs:
        await clock(small, door).tick()
    assert [one.person.id for one in door.came] == ["p0", "p1", "p2", "p3"]
    assert "kanariefågel" not in str(logs)


async def test_an_unreadable_pause_is_set_aside(small: Small) -> None:
    """A pause that our keys do not open is tried five times, and then waits for the operator."""
    door = Door()
    await put(small.store, due=due(small, "anna", vault=Vault(b"p" * 32, AESGCM(b"x" * 32))))
    await put(small.store, due=due(small, "bo"))
    with capture_logs() as logs:
        for _ in range(8):
            await clock(small, door).tick()
            small.later(LEASE_S)
    assert {one.person.id for one in door.came} == {"bo"}
    unreadable = [line["tries"] for line in logs if line["event"] == "due.unreadable"]
    assert unreadable == [1, 2, 3, 4, 5]
    assert (await small.store.backlog(T)).set_aside >= 1


@pytest.mark.parametrize("method", ["claim_due", "claim_outbox", "prune"])
async def test_the_clock_outlives_the_database(small: Small, method: str) -> None:
    """A round of the clock in which the database fails raises nothing; the next one works."""
    await put(small.store, sealed("c", small.vault))
    small.store.fails[method] = 1
    with capture_logs() as logs:
        await small.tick()
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["tick.failed"]
    await small.tick(1)
    assert small.texts == ["c"]


async def test_one_part_that_fails_stops_no_other(small: Small) -> None:
    """When pauses cannot be looked up, cards are still delivered."""
    await put(small.store, sealed("c", small.vault))
    small.store.fails["claim_due"] = 1
    await small.tick()
    assert small.texts == ["c"]


async def test_no_fault_at_all_ends_the_clock(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even a fault that nobody thought of ends the clock."""

    async def fail(*_: object) -> None:
        raise RuntimeError("kanariefågel")

    monkeypatch.setattr(small.outbox, "claim", fail)
    with capture_logs() as logs:
        await small.clock.tick()
    assert logs[0]["fault"] == "RuntimeError"
    assert "kanariefågel" not in str(logs)


async def test_old_rows_are_taken_away_now_and_then(small: Small) -> None:
    """Old rows are looked for at the start and then every ten minutes, also after a failure."""
    for _ in range(5):
        await small.tick(1)
    assert small.store.calls["prune"] == 1
    await small.tick(PRUNE_EVERY_S)
    assert small.store.calls["prune"] == 2
    small.store.fails["prune"] = 1
    await small.tick(PRUNE_EVERY_S)
    await small.tick(1)
    assert small.store.calls["prune"] == 4


async def test_lateness_is_measured(small: Small) -> None:
    """How late the oldest pause was is a number for the operator."""
    await put(small.store, due=due(small, "anna", at=T - 5000))
    await small.clock.tick()
    assert metrics.LATE_SECONDS._value.get() == 5
