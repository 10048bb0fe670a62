"""A crowd that has asked to hear from Landa: rows as they are stored, put there in bulk."""

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.nudge import Nudges, Slot, zone_named
from bot.core.turn import Hints, Person, Place
from bot.runtime import codec, schema
from bot.runtime.slots import Owner, slot_rows
from bot.runtime.store import NudgeRow, Store
from bot.runtime.store.postgres import PostgresStore
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.vault import Vault

VAULT = Vault(b"p" * 32, AESGCM(b"r" * 32))
DUE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
"""A Tuesday; everybody's time lies within the ten minutes before."""
WINDOW_MIN = 10
ZONES = (
    *("Europe/Stockholm", "Europe/Helsinki", "Europe/London", "Europe/Lisbon", "Europe/Athens"),
    *("Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Europe/Warsaw"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    *("America/St_Johns", "America/Halifax", "America/Sao_Paulo", "America/Bogota"),
    *("America/Mexico_City", "America/Anchorage", "Africa/Casablanca", "Africa/Cairo"),
    *("Africa/Lagos", "Africa/Nairobi", "Africa/Johannesburg", "Asia/Kathmandu", "Asia/Kolkata"),
    *("Asia/Dubai", "Asia/Karachi", "Asia/Dhaka", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo"),
    *("Asia/Jerusalem", "Australia/Sydney", "Australia/Adelaide", "Australia/Lord_Howe"),
    *("Pacific/Auckland", "Pacific/Chatham", "Pacific/Honolulu"),
)
EVERY_DAY = frozenset(range(1, 8))


def crowd(count: int, workspaces: int = 50) -> Iterator[NudgeRow]:
    """One slot for each of *count* people, in an order that has nothing to do with their times."""
    rng = random.Random(count)
    workspace = [key(f"workspace {n}") for n in range(workspaces)]
    before = DUE - timedelta(hours=1)
    for number in range(count):
        zone = ZONES[number % len(ZONES)]
        due = DUE - timedelta(minutes=rng.randrange(WINDOW_MIN))
        at = due.astimezone(zone_named(zone))
        nudges = Nudges(zone, (Slot("pause", "pause", time(at.hour, at.minute), EVERY_DAY),))
        where = workspace[number % workspaces]
        owner = Owner(key(f"person {number}"), where, "none")
        person = Person("none", f"T{number % workspaces}", f"U{number}")
        place = Place("private", {"team": person.workspace, "user": person.id, "dm": True})
        waiting = codec.Waiting(person, place, codec.ms(before), Hints("sv", zone))
        payload = codec.seal_call(waiting, VAULT, where + owner.hash)
        yield from slot_rows(owner, nudges, payload, before, frozenset[date]())


def key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


async def fill(database: str, count: int) -> Store:
    """An open store with *count* people in it."""
    if database.startswith("sqlite"):
        path = Path(database.removeprefix("sqlite:///"))
        schema.prepare_sqlite(path)
        store = SqliteStore(path)
        await store.open()
        marks = ", ".join("?" * len(NudgeRow._fields))
        rows = crowd(count)
        while part := list(islice(rows, 10_000)):
            await store._write(
                lambda on, part=part: on.executemany(f"INSERT INTO nudge VALUES ({marks})", part)
            )
        return store
    opened = await asyncpg.connect(database)
    await opened.copy_records_to_table(
        "nudge", records=crowd(count), columns=list(NudgeRow._fields)
    )
    await opened.execute("VACUUM ANALYZE nudge")
    await opened.close()
    store = PostgresStore(database)
    await store.open()
    return store
