"""The parts put together: keys that several processes share, time, and drains."""

import asyncio
import random
import socket
import sqlite3
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.core.library import Library
from bot.core.turn import Commanded
from bot.runtime.settings import Settings
from bot.runtime.store.postgres import PostgresStore
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.vault import Vault
from bot.wiring import plan_of, room
from tests.runtime.operator import KEY, Running
from tests.runtime.parts import Small


def settings(folder: Path) -> Settings:
    return Settings.model_construct(landa_secret_keys=_Secret(KEY), landa_var=folder)


class _Secret:
    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        return self._value


async def test_processes_that_start_at_once_share_their_keys(
    postgres_url: str, library: Library, tmp_path: Path
) -> None:
    """Of several processes on one new database, all know a person by the same hash."""
    wished = settings(tmp_path)
    plan = plan_of(wished, library)
    async with AsyncExitStack() as stack:
        rooms = await asyncio.gather(
            *(
                stack.enter_async_context(room(wished, plan, PostgresStore(postgres_url), {}))
                for _ in range(6)
            )
        )
        vaults = [each.turns._vault for each in rooms]
        sealed = vaults[0].seal(b"words", b"row")
        assert {vault.hash("anna") for vault in vaults} == {vaults[0].hash("anna")}
        assert [vault.open(sealed, b"row") for vault in vaults] == [b"words"] * 6


async def test_everything_repeated_and_shuffled_is_done_once(
    library: Library, sqlite_path: Path, vault: Vault
) -> None:
    """Of 300 people's deliveries, each sent four times in any order, each has one effect."""
    store = SqliteStore(sqlite_path)
    await store.open()
    small = Small(library, store, vault)
    acts = [small.inbound(Commanded(""), who=f"p{n}") for n in range(300)] * 4
    random.Random(1).shuffle(acts)
    answers = await asyncio.gather(*(small.turns(act) for act in acts))
    await small.turns.drained()
    await small.outbox.settled()
    assert len(small.sent) == 300
    assert {str(one.address["who"]) for one in small.sent} == {f"p{n}" for n in range(300)}
    assert sum(answer.taken == "seen" for answer in answers) <= 900
    await store.close()


async def test_a_locked_database_is_answered_in_time(
    library: Library, sqlite_path: Path, vault: Vault
) -> None:
    """While something else holds the file for seconds, every platform has its answer within half a
    second, and everybody their card afterwards."""
    store = SqliteStore(sqlite_path)
    await store.open()
    small = Small(library, store, vault)
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    slowest = 0.0

    async def ask(who: str) -> str:
        nonlocal slowest
        began = time.perf_counter()
        answer = await small.turns(small.inbound(Commanded(""), who=who), ride=True)
        slowest = max(slowest, time.perf_counter() - began)
        return answer.taken

    taken = await asyncio.gather(*(ask(f"p{n}") for n in range(30)))
    assert set(taken) == {"late"}
    assert slowest < 0.55
    await asyncio.sleep(1)
    other.execute("ROLLBACK")
    other.close()
    await small.turns.drained()
    await small.outbox.settled()
    assert len(small.sent) == 30
    await store.close()


async def test_nothing_goes_anywhere_else(
    library: Library, sqlite_path: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A conversation opens no connection of its own: only the platform's adapter goes out."""
    went: list[object] = []

    def connect(_: socket.socket, address: object) -> None:
        went.append(address)
        raise OSError("no")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: went.append("name"))
    store = SqliteStore(sqlite_path)
    await store.open()
    small = Small(library, store, vault)
    for words in ("", "andas", "hjälp", "färg", "integritet"):
        await small.command(words)
        await small.press()
        await small.tick(600)
    await store.close()
    assert went == []
    assert len(small.sent) >= 10


def test_a_preview_grows_into_real_use(tmp_path: Path) -> None:
    """After a try without any setting, Landa starts on the same files with the operator's keys,
    and then needs those alone."""
    with Running(tmp_path) as running:
        running.ready()
        running.stop()
    with Running(tmp_path, LANDA_SECRET_KEYS=KEY) as running:
        running.ready()
        assert running.stop()[0] == 0
    (tmp_path / "var" / "secret.key").unlink()
    with Running(tmp_path, LANDA_SECRET_KEYS=KEY) as running:
        running.ready()
        assert running.stop()[0] == 0
