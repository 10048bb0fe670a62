"""What every database must keep of what Landa says by itself, on SQLite and PostgreSQL alike."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import StorageError
from bot.runtime.store import NEVER_MS, Moved, Nudged, NudgeRow, Store, Tried
from bot.runtime.store.nudges import clearing, reminding, setting
from bot.runtime.store.people import forgetting
from bot.runtime.store.postgres import PostgresStore
from bot.runtime.store.sqlite import SqliteStore
from tests.runtime.parts import HOUR, LEASE, T, card, commit, key, put

DAY = 24 * HOUR


def slot(
    name: str = "pause", owner: str = "anna", *, at: int = T, days: int = 31, **more: Any
) -> NudgeRow:
    number = int.from_bytes(key(f"{owner} {name}")[:7])
    row = NudgeRow(
        number, key(owner), name, key("T1"), "test", 540, days, "Europe/Stockholm",
        at, at, 0, 0, 0, b"sealed",
    )  # fmt: skip
    return row._replace(**more)


async def ask(store: Store, *rows: NudgeRow, owner: str = "anna", nudges: bytes = b"n1") -> None:
    await store.ask(*setting(key(owner), key("T1"), nudges, rows))


def take(row: NudgeRow) -> Moved:
    """Claimed for a minute; the next time is tomorrow."""
    return Moved(row.at_ms + DAY, T + LEASE, row.at_ms, T + HOUR, row.tries + 1)


async def claim(store: Store, now: int = T, limit: int = 100) -> Sequence[NudgeRow]:
    return [row for row, _ in await store.nudges.claim(now, limit, take)]


def nudged(row: NudgeRow, *names: str, known: bytes = b"n1", **more: Any) -> Nudged:
    cards = tuple(card(name, person="anna", once=True, expires_ms=T + HOUR) for name in names)
    return Nudged(row.owner, row.slot, row.at_ms, known, **{"nudges": b"n2", **more}, outbox=cards)


async def loaded_nudges(store: Store, owner: str = "anna") -> bytes | None:
    return (await store.load(key(owner), b"x")).nudges


async def test_what_is_due_is_claimed_once(store: Store) -> None:
    """What is due is claimed, oldest first, and nobody else's until the claim ends."""
    await ask(store, slot("b", at=T), slot("a", at=T - 5), slot("c", at=T + 1))
    assert [row.slot for row in await claim(store)] == ["a", "b"]
    assert await claim(store) == []
    assert [row.slot for row in await claim(store, T + 1)] == ["c"]
    again = await claim(store, T + LEASE)
    assert {(row.slot, row.pending_ms, row.tries) for row in again} == {
        ("a", T - 5, 1),
        ("b", T, 1),
        ("c", T + 1, 1),
    }


async def test_what_was_taken_waits_for_its_next_time(store: Store) -> None:
    """Settled, a slot waits for its next time; a reminder is gone."""
    await ask(store, slot())
    await store.ask(*reminding(slot("after", days=0)))
    rows = await claim(store)
    await store.nudges.settle([(row.id, T) for row in rows])
    assert await claim(store, T + DAY - 1) == []
    (row,) = await claim(store, T + DAY)
    assert (row.slot, row.at_ms, row.pending_ms, row.tries) == ("pause", T + DAY, 0, 0)


async def test_settling_what_has_changed_changes_nothing(store: Store) -> None:
    """A claim that was answered late does not disturb what is planned by then."""
    await ask(store, slot())
    (row,) = await claim(store)
    await store.nudges.settle([(row.id, T - 1), (12345, T)])
    (again,) = await claim(store, T + LEASE)
    assert again.pending_ms == T
    await ask(store, slot(at=T + 2 * DAY))
    await store.nudges.settle([(row.id, T)])
    (moved,) = await claim(store, T + 2 * DAY)
    assert moved.at_ms == T + 2 * DAY


async def test_a_move_may_take_a_row_away(store: Store) -> None:
    """What is too late for good goes."""
    await store.ask(*reminding(slot("after", days=0)))
    ((row, to),) = await store.nudges.claim(T, 10, lambda _: None)
    assert (row.slot, to) == ("after", None)
    assert (await store.backlog(T)).nudges == 0


async def test_a_claim_that_fails_claims_nothing(store: Store) -> None:
    """A fault in the middle of a claim leaves all of it to the next."""
    await ask(store, *(slot(f"s{n}") for n in range(5)))

    def fail(row: NudgeRow) -> Moved:
        if row.slot == "s3":
            raise RuntimeError
        return take(row)

    with pytest.raises((RuntimeError, StorageError)):
        await store.nudges.claim(T, 10, fail)
    assert len(await claim(store)) == 5


async def test_a_nudge_is_written_with_what_it_changes(store: Store) -> None:
    """Its card, that it has spoken, and that it was taken: one transaction, and only once."""
    await ask(store, slot())
    (row,) = await claim(store)
    assert await store.nudges.commit(nudged(row, "c")) == "done"
    assert await loaded_nudges(store) == b"n2"
    assert [each.id for each in await store.claim_outbox(T, T + LEASE, 10)] == [key("c")]
    assert await store.nudges.commit(nudged(row, "d", known=b"n2")) == "seen"
    assert await store.claim_outbox(T, T + LEASE, 10) == []
    assert await claim(store, T + DAY - 1) == []
    assert len(await claim(store, T + DAY)) == 1


async def test_a_nudge_leaves_the_conversation(store: Store) -> None:
    """Nothing of where the person is, nor of their timer, is touched."""
    await store.commit(commit("d1", state=b"here"))
    before = await store.load(key("anna"), b"x")
    await ask(store, slot())
    (row,) = await claim(store)
    await store.nudges.commit(nudged(row, "c"))
    after = await store.load(key("anna"), b"x")
    assert (after.serial, after.state, after.updated_ms) == (
        before.serial,
        before.state,
        before.updated_ms,
    )


@pytest.mark.parametrize("change", ["nothing", "set", "clear", "forget", "uninstall"])
async def test_no_claim_no_nudge(store: Store, change: str) -> None:
    """What was changed, cleared or forgotten while it was claimed is not said."""
    await ask(store, slot())
    (row,) = await claim(store)
    match change:
        case "set":
            await ask(store, slot(at=T + DAY), nudges=b"n1")
        case "clear":
            await store.ask(*clearing(key("anna")))
        case "forget":
            await store.ask(*forgetting(key("anna"), key("lead")))
        case "uninstall":
            await store.ask(("drop_nudges", {"where": key("T1")}))
        case _:
            assert await store.nudges.commit(nudged(row, "c")) == "done"
            return
    assert await store.nudges.commit(nudged(row, "c")) == "seen"
    assert (await store.backlog(T)).waiting == 0


async def test_two_slots_of_one_person_know_of_each_other(store: Store) -> None:
    """Of two nudges that were thought out on the same knowledge, only the first is written."""
    await ask(store, slot("a"), slot("b"))
    rows = await claim(store)
    results = await asyncio.gather(
        *(store.nudges.commit(nudged(row, f"c {row.slot}")) for row in rows)
    )
    assert Counter(results) == {"done": 1, "conflict": 1}
    assert (await store.backlog(T)).waiting == 1
    left = rows[results.index("conflict")]
    assert await store.nudges.commit(nudged(left, "again", known=b"n2", nudges=b"n3")) == "done"


async def test_a_reminder_needs_no_knowledge(store: Store) -> None:
    """A reminder is written whatever its person wants of nudges, and is then gone."""
    await store.ask(*reminding(slot("after", days=0)))
    (row,) = await claim(store)
    assert await store.nudges.commit(nudged(row, "c", nudges=None)) == "done"
    assert (await store.backlog(T)).nudges == 0
    assert await loaded_nudges(store) is None


async def test_what_is_wanted_replaces_what_was(store: Store) -> None:
    """New slots stand in the place of all old ones; reminders stay; unsent nudges go."""
    await ask(store, slot("a"), slot("b"))
    await store.ask(*reminding(slot("after", days=0)))
    await put(
        store,
        card("nudge", once=True, expires_ms=T + HOUR),
        card("reminder", expires_ms=T + HOUR),
        card("answer"),
        card("of bo", person="bo", once=True, expires_ms=T + HOUR),
    )
    await ask(store, slot("b", at=T + 5), slot("c"), nudges=b"n2")
    assert await loaded_nudges(store) == b"n2"
    assert {row.slot for row in await claim(store, T + 5)} == {"b", "c", "after"}
    left = {row.id for row in await store.claim_outbox(T, T + LEASE, 10)}
    assert left == {key("reminder"), key("answer"), key("of bo")}


async def test_nothing_is_left_of_what_is_not_wanted(store: Store) -> None:
    """Cleared, no slot, no reminder and no unsent card of either is left; answers still come."""
    await ask(store, slot())
    await store.ask(*reminding(slot("after", days=0)))
    await put(
        store,
        card("nudge", once=True, expires_ms=T + HOUR),
        card("reminder", expires_ms=T + HOUR),
        card("answer"),
    )
    await store.ask(*clearing(key("anna")))
    assert await loaded_nudges(store) is None
    assert (await store.backlog(T)).nudges == 0
    assert [row.id for row in await store.claim_outbox(T, T + LEASE, 10)] == [key("answer")]


async def test_a_profile_outlives_its_nudges(store: Store) -> None:
    """Who clears their nudges keeps how they want Landa to be; a stranger leaves no row."""
    await store.commit(commit("d1", profile=b"wish"))
    await ask(store, slot())
    await store.ask(*clearing(key("anna")))
    loaded = await store.load(key("anna"), b"x")
    assert (loaded.profile, loaded.nudges) == (b"wish", None)
    await ask(store, slot(owner="bo"), owner="bo")
    await store.ask(*clearing(key("bo")))
    (gone,) = await store.ask(("forget_person", {"who": key("bo")}))
    assert gone == []


async def test_a_nudge_departs_once(store: Store) -> None:
    """A nudge's card goes once: not again, not when it is another's, not when it is gone."""
    await put(store, card("c", once=True, expires_ms=T + HOUR, due=T + LEASE))
    assert not await store.depart(key("c"), T)
    assert await store.depart(key("c"), T + LEASE)
    assert not await store.depart(key("c"), T + LEASE)
    assert not await store.depart(key("gone"), T)
    assert await store.claim_outbox(T + DAY, T + DAY, 10) == []
    assert await store.prune(T + HOUR + 1) >= 1
    assert (await store.backlog(T)).waiting == 0


async def test_a_nudge_waits_for_nobody_who_went_on(store: Store) -> None:
    """A nudge's card does not go to somebody who has done something since."""
    await put(store, card("c", once=True, expires_ms=T + HOUR, due=T + LEASE))
    await put(store, card("d", person="bo", once=True, expires_ms=T + HOUR, due=T + LEASE))
    await store.commit(commit("d1", at_ms=T + 1))
    await store.commit(commit("d2", person="bo", at_ms=T))
    assert not await store.depart(key("c"), T + LEASE)
    assert await store.depart(key("d"), T + LEASE)


async def test_an_expired_card_is_not_sent(store: Store) -> None:
    """After its time a nudge's card is taken away, and a reminder's is shown to the operator."""
    await put(
        store,
        card("nudge", once=True, expires_ms=T + 10),
        card("reminder", person="bo", expires_ms=T + 10),
    )
    assert len(await store.claim_outbox(T + 9, T + 9, 10)) == 2
    assert await store.claim_outbox(T + 10, T + LEASE, 10) == []
    await store.prune(T + 11)
    backlog = await store.backlog(T)
    assert (backlog.waiting, dict(backlog.given_up)) == (0, {"too_old": 1})


async def test_the_operator_sees_crowds_and_what_is_set_aside(store: Store) -> None:
    """How many there are, how many are set aside, and the largest crowd of each platform."""
    for n in range(5):
        await ask(store, slot(owner=f"p{n}", at=T + (n > 2)), owner=f"p{n}")
    await ask(store, slot(owner="x", due_ms=NEVER_MS, tries=5), owner="x")
    backlog = await store.backlog(T)
    assert (backlog.nudges, backlog.nudges_set_aside) == (6, 1)
    assert backlog.crowds == {"test": 4}


async def test_a_reminder_that_was_set_aside_is_forgotten(store: Store) -> None:
    """A day after its time, a reminder that never could be read is taken away; a slot is not."""
    await ask(store, slot(due_ms=NEVER_MS))
    await store.ask(*reminding(slot("after", days=0, due_ms=NEVER_MS, until_ms=T)))
    await store.prune(T + 1)
    assert (await store.backlog(T)).nudges == 1


async def test_four_workers_claim_each_once(closed_store: Store) -> None:
    """Of 2,000 slots that are due at once, four workers claim each once."""
    await closed_store.open()
    for start in range(0, 2_000, 50):
        asks = (
            each
            for n in range(start, start + 50)
            for each in setting(key(f"p{n}"), key("T1"), b"n", (slot(owner=f"p{n}"),))
        )
        await closed_store.ask(*asks)
    stores = [closed_store]
    if isinstance(closed_store, PostgresStore):
        stores += [PostgresStore(closed_store._url) for _ in range(3)]
        await asyncio.gather(*(store.open() for store in stores[1:]))
    claimed: Counter[int] = Counter()

    async def work(store: Store) -> None:
        while rows := await claim(store, limit=37):
            claimed.update(row.id for row in rows)
            await asyncio.sleep(0)

    await asyncio.gather(*(work(stores[n % len(stores)]) for n in range(4)))
    await asyncio.gather(*(store.close() for store in stores))
    assert len(claimed) == 2_000
    assert set(claimed.values()) == {1}


async def test_a_try_is_counted_while_it_is_held(store: Store) -> None:
    """A try counts from before it is made, for as long as it takes; not what another holds."""
    await ask(store, slot("a", at=T - 5), slot("b"))
    a, b = await claim(store)
    held = T + LEASE
    tries = [Tried(a.id, held, held + 5, 7), Tried(b.id, held - 1, held + 5, 7)]
    assert await store.nudges.hold(tries) == {a.id}
    assert await store.nudges.hold(tries) == set()
    assert [(row.slot, row.tries) for row in await claim(store, held)] == [("b", 1)]
    assert ("a", 7) in [(row.slot, row.tries) for row in await claim(store, held + 5)]


async def test_only_a_claim_may_be_undone_by_a_power_cut(sqlite_path: Path) -> None:
    """A claim of the clock waits for no disk; whatever comes of it does, and takes it along."""
    store = SqliteStore(sqlite_path)
    await store.open()
    modes: list[int] = []

    def told(sql: str) -> None:
        if sql == "COMMIT":
            modes.append(connection.execute("PRAGMA synchronous").fetchone()[0])

    connection: Any = store._writer._connection  # type: ignore[union-attr]
    connection.set_trace_callback(told)
    await ask(store, slot())
    (row,) = await claim(store)
    await store.nudges.commit(nudged(row, "card"))
    assert modes == [2, 1, 2]
    await store.close()
