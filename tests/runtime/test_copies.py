"""Copies of the database: made while it is used, sound, and put back where there is none."""

import asyncio
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine

from bot.core.errors import CopyError
from bot.core.library import Library
from bot.core.turn import Pressed
from bot.runtime import copies, schema
from bot.runtime.copies import postgres
from bot.runtime.settings import Settings
from bot.runtime.store import Store
from bot.runtime.vault import Vault, new_key, parse_keys, unlock
from bot.wiring import store_of
from tests.postgres import Server
from tests.runtime.operator import KEY, Running, landa
from tests.runtime.parts import Small, card, commit
from tests.runtime.test_schema import to
from tests.workspaces import rows

Fresh = Callable[[], Settings]


def settings(url: str, folder: Path, keys: str = KEY) -> Settings:
    secret = SecretStr(keys)
    return Settings(_env_file=None, database_url=url, landa_secret_keys=secret, landa_var=folder)  # type: ignore[call-arg]


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Fresh]:
    """Each call: the settings of one more place for a database, with none in it."""
    count = iter(range(9))
    with ExitStack() as stack:

        def sqlite() -> Settings:
            folder = tmp_path / f"place{next(count)}"
            return settings(f"sqlite:///{folder}/landa.db", folder)

        def server() -> Settings:
            folder = tmp_path / f"place{next(count)}"
            running: Server = request.getfixturevalue("postgres_server")
            monkeypatch.setenv("PATH", str(running.programs), prepend=os.pathsep)
            return settings(stack.enter_context(running.database()), folder)

        yield sqlite if request.param == "sqlite" else server


async def made(there: Settings) -> Settings:
    """The same, with an empty database in it."""
    if there.sqlite_path:
        schema.prepare_sqlite(there.sqlite_path)
    else:
        await asyncio.to_thread(schema.migrate, there.database_url)
    return there


async def opened(there: Settings) -> tuple[Store, Vault]:
    store = store_of(there)
    await store.open()
    keys = parse_keys(there.landa_secret_keys.get_secret_value())
    before = await store.keyring()
    wrapping = unlock(keys, before)
    if wrapping.changed:
        await store.set_keyring(wrapping.wrapped, before)
    return store, wrapping.vault


async def test_what_was_kept_comes_back(fresh: Fresh, tmp_path: Path, library: Library) -> None:
    """A copy made while people talk with Landa has each turn whole or not at all; put back in an
    empty place, they go on where they were."""
    here, out = await made(fresh()), tmp_path / "a.backup"
    store, vault = await opened(here)
    small = Small(library, store, vault)
    await small.command("inställningar")
    values = {"language": "en", "motion": "still"}
    await small.take(Pressed(small.sent[-1].card.choices[0].id, values))
    await small.command("hjälp")
    talking = True

    async def talk() -> int:
        count = 0
        while talking:
            name = f"d{count}"
            await store.commit(commit(name, person=name, outbox=(card(name, person=name),)))
            count += 1
        return count

    beside = asyncio.create_task(talk())
    await asyncio.sleep(0)
    copied = await asyncio.to_thread(copies.backup, here, out)
    talking = False
    assert await beside > 1
    await store.close()
    assert copied == copies.Copied(out, schema.newest(), out.stat().st_size)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.glob("a.*")] == ["a.backup"]

    there = fresh()
    await asyncio.to_thread(copies.restore, there, out)
    again, same = await opened(there)
    cards = {row["id"] for row in await rows(again, "outbox") if row["payload"] == b"sealed"}
    assert {row["id"] for row in await rows(again, "seen")} >= cards
    assert len(await rows(again, "conversation")) == len(cards) + 1
    after = Small(library, again, same, small.now)
    await after.command("hjälp", id="another day")
    assert after.texts == small.texts[-1:]
    assert small.sent[-1].language == "en"
    await again.close()


async def test_nothing_is_overwritten(fresh: Fresh, tmp_path: Path) -> None:
    """A file that is there stays as it is, and so does a database; the operator reads which."""
    here, out = await made(fresh()), tmp_path / "a.backup"
    out.write_text("minnen")
    with pytest.raises(CopyError, match=r"a\.backup: is there already"):
        copies.backup(here, out)
    assert out.read_text() == "minnen"
    out.unlink()
    copies.backup(here, out)
    store, _ = await opened(here)
    keyring = await store.keyring()
    await store.close()
    with pytest.raises(CopyError, match="there already, and nothing is overwritten"):
        await asyncio.to_thread(copies.restore, here, out)
    store, _ = await opened(here)
    assert await store.keyring() == keyring != {}
    await store.close()


async def test_what_is_no_copy_is_refused(fresh: Fresh, tmp_path: Path) -> None:
    """A copy that was cut, changed or is something else is told, and leaves the place empty."""
    here, out = await made(fresh()), tmp_path / "a.backup"
    store, _ = await opened(here)
    for number in range(300):
        await store.commit(commit(f"d{number}", person=f"d{number}", outbox=(card(f"d{number}"),)))
    await store.close()
    await asyncio.to_thread(copies.backup, here, out)
    whole, there = out.read_bytes(), fresh()
    middle = len(whole) // 2
    for wrong in (b"", b"words", whole[:middle], whole[:middle] + b"\xff" * 999 + whole[middle:]):
        out.write_bytes(wrong)
        with pytest.raises(CopyError):
            await asyncio.to_thread(copies.restore, there, out)
    with pytest.raises(CopyError, match="no such file"):
        copies.restore(there, tmp_path / "none")
    assert not there.sqlite_path or not there.sqlite_path.exists()
    out.write_bytes(whole)
    await asyncio.to_thread(copies.restore, there, out)


async def test_a_copy_of_a_newer_landa_is_refused(fresh: Fresh, tmp_path: Path) -> None:
    """What a newer version made is left to that version."""
    here, out, there = await made(fresh()), tmp_path / "a.backup", fresh()
    newest = schema.newest()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "newest", lambda: "0001")
        await asyncio.to_thread(copies.backup, here, out)
        with pytest.raises(CopyError, match="newer Landa"):
            await asyncio.to_thread(copies.restore, there, out)
    await asyncio.to_thread(copies.restore, there, out)
    store, _ = await opened(there)
    assert await store.revision() == newest
    await store.close()


async def test_a_copy_that_our_keys_do_not_open_is_told(fresh: Fresh, tmp_path: Path) -> None:
    """The operator reads that LANDA_SECRET_KEYS lacks the key the copy was made with."""
    here, out, there = await made(fresh()), tmp_path / "a.backup", fresh()
    store, _ = await opened(here)
    await store.close()
    await asyncio.to_thread(copies.backup, here, out)
    other = there.model_copy(update={"landa_secret_keys": SecretStr(new_key())})
    with pytest.raises(CopyError, match="LANDA_SECRET_KEYS"):
        await asyncio.to_thread(copies.restore, other, out)


def test_an_older_copy_is_brought_up(tmp_path: Path) -> None:
    """A copy that an earlier version made gets this version's tables on its way back."""
    old, out = tmp_path / "old.db", tmp_path / "a.backup"
    with create_engine(f"sqlite:///{old}").begin() as connection:
        to(connection, "0007")
    copies.backup(settings(f"sqlite:///{old}", tmp_path), out)
    there = settings(f"sqlite:///{tmp_path}/new.db", tmp_path)
    assert copies.restore(there, out).schema == schema.newest()
    with closing(sqlite3.connect(tmp_path / "new.db")) as new:
        assert new.execute("SELECT count(*) FROM colleague").fetchone() == (0,)


def test_no_database_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is nothing to copy, or no program to do it, the operator reads what is missing,
    and no file is left."""
    out = tmp_path / "a.backup"
    with pytest.raises(CopyError, match="there is no database yet"):
        copies.backup(settings(f"sqlite:///{tmp_path}/none.db", tmp_path), out)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CopyError, match="pg_dump: is not installed"):
        copies.backup(settings("postgresql://landa@127.0.0.1:1/x", tmp_path), out)
    assert list(tmp_path.glob("a.*")) == []


def test_a_password_is_no_argument() -> None:
    """Nobody else on the machine reads the database's password in a list of what runs."""
    for url, bare, password in (
        (
            "postgresql://a:s%40f@h:5/d?sslmode=require",
            "postgresql://a@h:5/d?sslmode=require",
            "s@f",
        ),
        ("postgresql://a@h/d", "postgresql://a@h/d", None),
        ("postgresql://h/d", "postgresql://h/d", None),
    ):
        args, env = postgres._address(url)
        assert args == (f"--dbname={bare}",)
        assert env.get("PGPASSWORD") == password


def test_an_operator_copies_and_puts_back(tmp_path: Path) -> None:
    """Beside a running Landa a copy is made and none is put back; when it has ended and its file
    is elsewhere, the copy takes its place."""
    with Running(tmp_path) as running:
        running.ready()
        made = landa(tmp_path, "backup", "a.backup")
        assert (made.returncode, "read through and sound" in made.stdout) == (0, True), made.stderr
        refused = landa(tmp_path, "restore", "a.backup")
        assert (refused.returncode, "another Landa" in refused.stderr) == (2, True)
        running.stop()
    (tmp_path / "var" / "landa.db").rename(tmp_path / "old.db")
    back = landa(tmp_path, "restore", "a.backup")
    assert back.returncode == 0, back.stderr
    assert schema._revision(tmp_path / "var" / "landa.db") == schema.newest()
