"""What every database must keep, on SQLite and on PostgreSQL alike."""

import asyncio
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.core.errors import StorageError
from bot.runtime import schema
from bot.runtime.store import Later, Store, statements
from bot.runtime.store import sqlite as sqlite_store
from bot.runtime.store.postgres import PostgresStore
from bot.runtime.store.sqlite import SqliteStore
from tests.postgres import Server
from tests.runtime.parts import HOUR, LEASE, T, card, commit, key, pause, put


async def counts(store: Store) -> dict[str, int]:
    """How many rows each table has, asked on a connection of one's own."""
    names = ("conversation", "person", "outbox", "due", "seen")
    if isinstance(store, SqliteStore):
        connection = sqlite3.connect(store._path)
        found = {n: connection.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in names}
        connection.close()
        return found
    assert isinstance(store, PostgresStore)
    asked = await asyncpg.connect(store._url)
    found = {n: await asked.fetchval(f"SELECT count(*) FROM {n}") for n in names}
    await asked.close()
    return found


async def test_nothing_is_known_of_a_stranger(store: Store) -> None:
    """Of somebody who never wrote, nothing is stored."""
    loaded = await store.load(key("anna"), key("d1"))
    assert (loaded.seen, loaded.serial, loaded.state, loaded.profile) == (False, None, None, None)


async def test_what_is_committed_is_loaded(store: Store) -> None:
    """A turn's conversation, profile and delivery are all there after it."""
    assert await store.commit(commit("d1", state=b"one", profile=b"wish")) == "done"
    loaded = await store.load(key("anna"), key("d1"))
    assert (loaded.seen, loaded.serial, loaded.state, loaded.profile) == (True, 1, b"one", b"wish")
    assert not (await store.load(key("anna"), key("d2"))).seen


async def test_a_second_turn_moves_the_conversation(store: Store) -> None:
    """The next turn replaces the state, and leaves a profile that it does not name."""
    await store.commit(commit("d1", profile=b"wish"))
    assert await store.commit(commit("d2", expected=1, state=None)) == "done"
    loaded = await store.load(key("anna"), key("d3"))
    assert (loaded.serial, loaded.state, loaded.profile) == (2, None, b"wish")
    await store.commit(commit("d3", expected=2, profile=b"another"))
    assert (await store.load(key("anna"), key("d4"))).profile == b"another"


async def test_a_delivery_counts_once(store: Store) -> None:
    """The same delivery committed again writes nothing."""
    await store.commit(commit("d1"))
    again = commit("d1", expected=1, state=b"two", outbox=(card("c"),), due=pause(serial=2))
    assert await store.commit(again) == "seen"
    assert (await store.load(key("anna"), key("x"))).serial == 1
    assert await counts(store) == {"conversation": 1, "person": 0, "outbox": 0, "due": 0, "seen": 1}


async def test_a_conversation_that_moved_is_a_conflict(store: Store) -> None:
    """A turn that was thought out on an older serial writes nothing, not even its delivery."""
    await store.commit(commit("d1"))
    await store.commit(commit("d2", expected=1))
    late = commit("d3", expected=1, profile=b"w", outbox=(card("c"),), due=pause(serial=2))
    assert await store.commit(late) == "conflict"
    assert await counts(store) == {"conversation": 1, "person": 0, "outbox": 0, "due": 0, "seen": 2}
    assert not (await store.load(key("anna"), key("d3"))).seen


async def test_the_first_turn_is_taken_once(store: Store) -> None:
    """Of many first turns of one person at the same instant, one is done and the rest conflict."""
    works = [store.commit(commit(f"d{n}", outbox=(card(f"c{n}"),))) for n in range(20)]
    assert Counter(await asyncio.gather(*works)) == {"done": 1, "conflict": 19}
    found = await counts(store)
    assert (found["conversation"], found["outbox"], found["seen"]) == (1, 1, 1)


async def test_a_repeated_first_turn_is_taken_once(store: Store) -> None:
    """Of one delivery that arrives many times at the same instant, one is done."""
    results = Counter(await asyncio.gather(*(store.commit(commit("d1")) for _ in range(20))))
    assert results["done"] == 1
    assert results["seen"] + results["conflict"] == 19
    assert (await counts(store))["seen"] == 1


async def test_a_pause_is_set_replaced_and_cleared(store: Store) -> None:
    """There is at most one pause for each person, and any turn without one takes it away."""
    await store.commit(commit("d1", due=pause(serial=1, due=T)))
    await store.commit(commit("d2", expected=1, due=pause(serial=2, due=T + 5)))
    assert (await counts(store))["due"] == 1
    assert await store.claim_due(T, T + LEASE, 10) == []
    (row,) = await store.claim_due(T + 5, T + 5 + LEASE, 10)
    assert (row.serial, row.due_ms, row.tries, row.payload) == (2, T + 5, 1, b"sealed")
    await store.commit(commit("d3", expected=2))
    assert (await counts(store))["due"] == 0


async def test_a_newer_pause_outlives_an_older_clearing(store: Store) -> None:
    """Clearing the pause of an older turn leaves a newer one."""
    await store.commit(commit("d1", serial=5, due=pause(serial=5)))
    await store.clear_due(key("anna"), 4)
    assert (await counts(store))["due"] == 1
    await store.clear_due(key("anna"), 5)
    assert (await counts(store))["due"] == 0


async def test_a_pause_is_leased_and_set_aside(store: Store) -> None:
    """A claimed pause is nobody else's until its lease ends, and is left alone after five tries."""
    await put(store, due=pause())
    for tries in range(1, 6):
        at = T + tries * LEASE
        assert [row.tries for row in await store.claim_due(at, at + LEASE, 10)] == [tries]
        assert await store.claim_due(at + LEASE - 1, at + 2 * LEASE, 10) == []
    assert await store.claim_due(T + 9 * LEASE, T + 10 * LEASE, 10) == []
    backlog = await store.backlog(T)
    assert (backlog.due, backlog.set_aside, backlog.oldest_due_ms) == (1, 1, None)


async def test_a_new_pause_begins_with_no_tries(store: Store) -> None:
    """A pause set in the place of one that failed is woken at its time."""
    await store.commit(commit("d1", due=pause(serial=1)))
    await store.claim_due(T, T + LEASE, 10)
    await store.commit(commit("d2", expected=1, due=pause(serial=2)))
    (row,) = await store.claim_due(T, T + LEASE, 10)
    assert (row.serial, row.tries) == (2, 1)


async def test_cards_are_claimed_in_order_and_leased(store: Store) -> None:
    """Cards are claimed when their time has come, oldest first, and held until the lease ends."""
    await put(store, card("b", at=T + 1), card("a"), card("later", due=T + 1))
    rows = await store.claim_outbox(T, T + LEASE, 10)
    assert [row.id for row in rows] == [key("a"), key("b")]
    assert rows[0].payload == b"sealed"
    assert [row.due_ms for row in rows] == [T + LEASE] * 2
    assert await store.claim_outbox(T, T + LEASE, 10) == []
    assert len(await store.claim_outbox(T + LEASE, T + 2 * LEASE, 10)) == 3


async def test_a_claim_takes_no_more_than_asked(store: Store) -> None:
    """A claim is a batch: what it leaves is there for the next."""
    await put(store, *(card(f"c{n}", at=T + n, due=T + n) for n in range(7)))
    taken = [len(await store.claim_outbox(T + 9, T + LEASE, 3)) for _ in range(4)]
    assert taken == [3, 3, 1, 0]


async def test_a_card_is_postponed(store: Store) -> None:
    """A postponed card is tried at its new time, and remembers how often it was tried."""
    await put(store, card("a"), card("b"), card("c"))
    await store.claim_outbox(T, T + LEASE, 10)
    later = [Later(key("b"), T + 6, 3, 1), Later(key("a"), T + 5, 2, 0), Later(key("x"), T, 0, 0)]
    await store.postpone(later)
    assert await store.claim_outbox(T + 4, T + LEASE, 10) == []
    (row,) = await store.claim_outbox(T + 5, T + LEASE, 10)
    assert (row.id, row.tries) == (key("a"), 2)
    (row,) = await store.claim_outbox(T + 6, T + LEASE, 10)
    assert (row.id, row.tries) == (key("b"), 3)


async def test_whoever_holds_a_card_may_have_delivered_it(store: Store) -> None:
    """Each holder counts as a doubt, until it says that it surely did not deliver the card."""
    await put(store, card("a"))
    doubts = [(await store.claim_outbox(T + n * LEASE, T + (n + 1) * LEASE, 1))[0].doubts
              for n in range(3)]  # fmt: skip
    assert doubts == [2, 3, 4]
    await store.postpone([Later(key("a"), T, 1, 0)])
    assert (await store.claim_outbox(T, T + LEASE, 1))[0].doubts == 1


async def test_a_delivered_card_is_gone(store: Store) -> None:
    """Delivered cards leave no row."""
    await put(store, card("a"), card("b"), card("c"))
    await store.delivered([key("a"), key("c")])
    assert [row.id for row in await store.claim_outbox(T, T, 10)] == [key("b")]


async def test_a_card_given_up_tells_only_why(store: Store) -> None:
    """Of a card that was given up, its words and its person are gone; the operator sees why."""
    await put(store, card("a"))
    await store.give_up(key("a"), "account_inactive")
    assert await store.claim_outbox(T + HOUR, T + HOUR, 10) == []
    backlog = await store.backlog(T)
    assert (backlog.waiting, dict(backlog.given_up)) == (0, {"account_inactive": 1})
    question = "SELECT payload, person FROM outbox"
    if isinstance(store, SqliteStore):
        row = sqlite3.connect(store._path).execute(question).fetchone()
    else:
        row = await store._pool.fetchrow(question)
    assert tuple(row) == (None, b"")


async def test_a_card_that_is_too_old_is_not_claimed(store: Store) -> None:
    """A card older than 24 hours is not delivered any more, even before it is taken away."""
    await put(store, card("old", at=T - 24 * HOUR - 1), card("young", at=T - 24 * HOUR))
    assert [row.id for row in await store.claim_outbox(T, T, 10)] == [key("young")]


async def test_what_is_old_is_taken_away(store: Store) -> None:
    """Each kind of row is kept for its time and then gone; of a card that could not be delivered
    within its time, the operator sees that there was one."""
    await put(store, card("old", at=T - 24 * HOUR - 1), card("young", at=T - 24 * HOUR))
    await put(store, card("given up", at=T - 7 * 24 * HOUR), card("gone", at=T - 7 * 24 * HOUR - 1))
    await store.give_up(key("given up"), "why")
    await store.give_up(key("gone"), "why")
    assert await store.prune(T) == 2
    assert (await counts(store))["outbox"] == 3
    assert dict((await store.backlog(T)).given_up) == {"why": 1, "too_old": 1}
    await store.commit(commit("old", person="old", at_ms=T - 26 * HOUR - 1))
    await store.commit(commit("young", person="young", at_ms=T - 26 * HOUR))
    await store.commit(
        commit("waits", person="waits", at_ms=T - 26 * HOUR - 1, due=pause("waits", due=T))
    )
    before = await counts(store)
    assert await store.prune(T) == 3
    after = await counts(store)
    assert before["conversation"] - after["conversation"] == 1
    assert before["seen"] - after["seen"] == 2
    assert (await store.load(key("waits"), key("x"))).serial == 1
    await store.commit(commit("d", person="due", due=pause("due", due=T - 26 * HOUR - 1)))
    assert await store.prune(T) == 1


async def test_a_profile_stays(store: Store) -> None:
    """How a person wants Landa to be is kept when everything else about them has gone."""
    await store.commit(commit("d1", profile=b"wish"))
    await store.prune(T + 400 * 24 * HOUR)
    loaded = await store.load(key("anna"), key("d1"))
    assert (loaded.seen, loaded.serial, loaded.profile) == (False, None, b"wish")


async def test_the_backlog_counts(store: Store) -> None:
    """The operator sees how much waits, and nothing about anybody."""
    await put(store, card("a"), card("b"), due=pause(due=T - 5))
    backlog = await store.backlog(T)
    assert (backlog.waiting, backlog.due, backlog.set_aside) == (2, 1, 0)
    assert backlog.oldest_due_ms == T - 5


async def test_the_first_keyring_stands(store: Store) -> None:
    """Of two processes that make keys at once, the first one's stand; a known one is replaced."""
    await store.set_keyring({"people": b"first", "rows": b"first"}, {})
    await store.set_keyring({"people": b"second", "rows": b"second"}, {})
    assert dict(await store.keyring()) == {"people": b"first", "rows": b"first"}
    await store.set_keyring({"people": b"new"}, {"people": b"first"})
    await store.set_keyring({"rows": b"new"}, {"rows": b"stale"})
    assert dict(await store.keyring()) == {"people": b"new", "rows": b"first"}


async def test_it_knows_its_schema(store: Store) -> None:
    """A database tells which schema it has."""
    assert await store.revision() == schema.newest()
    await schema.check(store)


async def test_a_commit_that_fails_writes_nothing(store: Store) -> None:
    """When one row of a turn cannot be written, none of it is."""
    await put(store, card("same"))
    before = await counts(store)
    with pytest.raises(StorageError):
        await store.commit(commit("d1", profile=b"w", outbox=(card("new"), card("same"))))
    assert await counts(store) == before
    assert await store.commit(commit("d1", outbox=(card("new"),))) == "done"


async def test_a_poisoned_turn_spoils_no_other(store: Store) -> None:
    """Among many turns written together, those that cannot be written fail alone."""
    await put(store, card("same"))
    good = [
        store.commit(commit(f"g{n}", person=f"p{n}", outbox=(card(f"g{n}"),))) for n in range(30)
    ]
    bad = [
        store.commit(commit("b1", person="b1", outbox=(card("same"),))),
        store.commit(commit("b2", person="b2", serial=2**70)),
        store.commit(commit("b3", person="b3", state="text")),
    ]
    results = await asyncio.gather(*good, *bad, return_exceptions=True)
    assert results[:30] == ["done"] * 30
    assert isinstance(results[30], StorageError)
    assert isinstance(results[31], StorageError)
    assert await store.commit(commit("after", person="after")) == "done"


async def test_four_workers_share_the_work(closed_store: Store) -> None:
    """Of 2,000 cards and 500 pauses that are due at once, four workers take each once."""

    def another() -> Store:
        if isinstance(closed_store, SqliteStore):
            return closed_store
        assert isinstance(closed_store, PostgresStore)
        return PostgresStore(closed_store._url)

    await closed_store.open()
    cards = [card(f"c{n}", at=T + n, due=T + n) for n in range(2000)]
    for start in range(0, 2000, 100):
        batch = tuple(cards[start : start + 100])
        await closed_store.commit(commit(f"d{start}", person=f"p{start}", outbox=batch))
    await asyncio.gather(
        *(
            closed_store.commit(commit(f"w{n}", person=f"w{n}", due=pause(f"w{n}")))
            for n in range(500)
        )
    )
    workers = [another() for _ in range(4)]
    opened = [worker for worker in workers if worker is not closed_store]
    await asyncio.gather(*(worker.open() for worker in opened))
    claimed: Counter[bytes] = Counter()

    async def work(store: Store) -> None:
        while rows := await store.claim_outbox(T + HOUR, T + 2 * HOUR, 50):
            claimed.update(row.id for row in rows)
            await asyncio.sleep(0)
        while due := await store.claim_due(T + HOUR, T + 2 * HOUR, 50):
            claimed.update(row.person for row in due)

    await asyncio.gather(*(work(worker) for worker in workers))
    await asyncio.gather(*(worker.close() for worker in {*opened, closed_store}))
    assert len(claimed) == 2500
    assert set(claimed.values()) == {1}


async def test_a_full_disk_is_told_and_passes(sqlite_path: Path) -> None:
    """When the disk is full, nothing is half-written, and it goes on when there is room."""
    store = SqliteStore(sqlite_path)
    await store.open()
    await store.commit(commit("d0"))
    connection: Any = store._writer._connection  # type: ignore[union-attr]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    big = tuple(card(f"c{n}", due=T + n) for n in range(400))
    with pytest.raises(StorageError):
        await store.commit(commit("d1", expected=1, outbox=big))
    assert await counts(store) == {"conversation": 1, "person": 0, "outbox": 0, "due": 0, "seen": 1}
    assert (await store.load(key("anna"), key("d1"))).serial == 1
    connection.execute("PRAGMA max_page_count = 1000000")
    assert await store.commit(commit("d1", expected=1, outbox=big)) == "done"
    await store.close()
    check = sqlite3.connect(sqlite_path)
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


async def test_a_locked_file_is_waited_for(sqlite_path: Path) -> None:
    """While another process holds the file, turns wait and reading goes on; then they are done."""
    store = SqliteStore(sqlite_path)
    await store.open()
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    works = [asyncio.create_task(store.commit(commit(f"d{n}", person=f"p{n}"))) for n in range(9)]
    await asyncio.sleep(2)
    assert not any(work.done() for work in works)
    assert (await store.load(key("anna"), key("x"))).serial is None
    other.execute("ROLLBACK")
    async with asyncio.timeout(1):
        assert await asyncio.gather(*works) == ["done"] * 9
    other.close()
    await store.close()


async def test_a_file_locked_for_long_fails_together(
    sqlite_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for a locked file fails after one wait, not after one wait for each."""
    monkeypatch.setattr("bot.runtime.store.writer.BUSY_S", 0.3)
    store = SqliteStore(sqlite_path)
    await store.open()
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    works = [store.commit(commit(f"d{n}", person=f"p{n}")) for n in range(20)]
    async with asyncio.timeout(2):
        results = await asyncio.gather(*works, return_exceptions=True)
    assert all(isinstance(result, StorageError) for result in results)
    other.close()
    assert await store.commit(commit("after")) == "done"
    await store.close()


async def test_a_turn_that_nobody_waits_for_stops_no_other(store: Store) -> None:
    """When somebody who waits for a write goes away, the writes of others go on."""
    works = [asyncio.create_task(store.commit(commit(f"d{n}", person=f"p{n}"))) for n in range(9)]
    await asyncio.sleep(0)
    works[3].cancel()
    results = await asyncio.gather(*works, return_exceptions=True)
    assert [r for r in results if not isinstance(r, BaseException)] == ["done"] * 8
    assert await store.commit(commit("after")) == "done"


async def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    """A path where no file can be is a sentence for the operator."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError):
        await SqliteStore(tmp_path / "file" / "landa.db").open()


def test_a_crashed_server_is_outlived() -> None:
    """When PostgreSQL crashes and comes back, Landa goes on without a restart."""
    with Server(fast=False) as server, server.database() as url:
        schema.migrate(url)
        asyncio.run(_outlive(server, url))


async def _outlive(server: Server, url: str) -> None:
    store = PostgresStore(url)
    await store.open()
    assert await store.commit(commit("d1")) == "done"
    server.stop("immediate")
    for _ in range(3):
        with pytest.raises(StorageError):
            await store.commit(commit("d2", expected=1))
    with pytest.raises(StorageError):
        await store.load(key("anna"), key("d2"))
    server.start()
    assert await store.commit(commit("d2", expected=1)) == "done"
    assert (await store.load(key("anna"), key("d2"))).serial == 2
    await store.close()


async def test_a_dropped_connection_is_mended(postgres_url: str) -> None:
    """A connection that is cut from the other side costs at most the turn it carried."""
    store = PostgresStore(postgres_url)
    await store.open()
    await store.commit(commit("d1"))
    killer = await asyncpg.connect(postgres_url)
    await killer.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'landa'"
    )
    await killer.close()
    await asyncio.sleep(0.1)
    assert await store.commit(commit("d2", expected=1)) == "done"
    await store.close()


def test_no_server_is_a_sentence() -> None:
    """Where no PostgreSQL answers, the operator reads which setting to look at."""
    for url in ("postgresql://landa@127.0.0.1:1/x", "postgresql://h:port/x"):
        with pytest.raises(StorageError, match=r"^DATABASE_URL: [^\n]+\.$"):
            asyncio.run(PostgresStore(url).open())


def test_retentions_are_as_declared() -> None:
    """The times in the statements are those that the columns declare."""
    assert statements.SEEN_KEPT_MS == statements.CONVERSATION_KEPT_MS == 26 * HOUR
    assert statements.OUTBOX_KEPT_MS == 24 * HOUR
    assert statements.GIVEN_UP_KEPT_MS == 7 * 24 * HOUR
    assert sqlite_store.READ_BUSY_S <= 0.2
