"""What Landa keeps is of no use without its keys, in whatever copy; and its keys can be changed."""

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.errors import SettingsError, StateError
from bot.core.library import Library
from bot.platforms import album_of
from bot.runtime import codec
from bot.runtime.picture import Pictures
from bot.runtime.store import Store
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.tables import METADATA
from bot.runtime.vault import Vault, new_key
from tests.runtime.parts import key, sealed
from tests.standin_slack import StandIn
from tests.workspaces import REGION, A, B, Many, Time, many, rows

ANNA, BODIL, CECIL = "U0ANNA001", "U0BODIL01", "U0CECIL01"
ROOM = "C0ENHET01"
FILLED = {
    *("conversation", "person", "outbox", "nudge", "team", "lead", "upload"),
    *("served", "installation", "keyring", "seen"),
}
"""What `live` leaves something in."""


@pytest.fixture
async def slack() -> AsyncIterator[StandIn]:
    async with StandIn() as standin:
        standin.retry_waits_s = (0.1, 0.5, 1.0)
        standin.lives_s = 43_200
        standin.homes |= {ANNA: A.team, BODIL: B.team}
        yield standin


async def live(slack: StandIn, landa: Many, library: Library, folder: Path) -> None:
    """Something of everything that Landa keeps."""
    for site in (A, B, REGION):
        await landa.install(site)
    landa.time.later(hours=13)
    album = album_of(landa.room.store, landa.room.vault, Pictures(folder / "pictures", library))
    slack.joined.update((ROOM, "C0BBBB001"))
    for user, place in ((ANNA, slack), (BODIL, slack.branch(B.team))):
        await album.keep(place.team, "in4-out6-x5.gif", f"F0KANARIE{place.team}")
        await place.command(user, "inställningar")
        await landa.settled()
        await place.submit(user, {"language": "English"})
        await landa.settled()
        await place.command(user, "reminders")
        await place.press(user, "Yes, please")
        await landa.settled()
        await place.submit(user)
        await landa.settled()
        await place.command(user, "team", ROOM if user == ANNA else "C0BBBB001")
        await place.press(user, "Set it up")
        await landa.settled()
        await place.submit(user)
        await landa.settled()
        await place.command(user)
        await place.press(user, "Find my footing")
        await landa.settled()
        # Two cards that wait: Slack is busy.
        for _ in range(2):
            slack.fail("chat.postMessage", "ratelimited", retry_after="30", team=place.team)
        await place.say(user, "help")
        await place.say(user, "menu")
        await landa.settled()
    await slack.branch("T0CCCC001", REGION.enterprise).command(CECIL)
    await landa.settled()


def secrets(slack: StandIn) -> list[bytes]:
    """Every token there has ever been, and what else would open a door or name somebody."""
    words = [*slack.grants, *slack.refreshes, slack.client_secret, slack.secret, "kanarie"]
    words += ["KANARIE", "xoxb-", "xoxe-", "response_url", "hooks.slack"]
    words += [A.team, B.team, REGION.enterprise, ANNA, BODIL, CECIL, ROOM]
    return [word.encode() for word in words]


def found(data: bytes, words: list[bytes]) -> list[bytes]:
    """In the clear, or as a dump writes bytes."""
    low = data.lower()
    return [word for word in words if word in data or word.hex().encode() in low]


async def at_rest(store: Store) -> bytes:
    """All that a thief of the disk or of a dump would have."""
    if isinstance(store, SqliteStore):
        path: Path = getattr(store, "_path")  # noqa: B009
        return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    found: list[str] = []
    for name in METADATA.tables:
        found += [repr(row) for row in await rows(store, name)]
    return "\n".join(found).encode()


async def test_nothing_at_rest_names_anybody(
    slack: StandIn, library: Library, closed_store: Store, tmp_path: Path
) -> None:
    """No token, id, address or name stands in the database or beside it, in the clear or as hex."""
    async with many(slack, library, closed_store, Time()) as landa:
        await live(slack, landa, library, tmp_path)
        assert {name for name in METADATA.tables if await rows(closed_store, name)} >= FILLED
        words = secrets(slack)
        assert len(words) > 12
        assert found(await at_rest(closed_store), words) == []


async def test_what_lies_open_would_be_found(closed_store: Store) -> None:
    """The search finds a token that lies in a row: it is no decoration."""
    await closed_store.open()
    await closed_store.set_keyring({"people": b"xoxb-open"}, {})
    assert found(await at_rest(closed_store), [b"xoxb-open"]) == [b"xoxb-open"]
    await closed_store.close()


async def test_another_key_opens_nothing(
    slack: StandIn, library: Library, sqlite_path: Path, tmp_path: Path
) -> None:
    """A copy of the file does not start with keys of somebody else's."""
    async with many(slack, library, SqliteStore(sqlite_path), Time()) as landa:
        await live(slack, landa, library, tmp_path)
    with pytest.raises(SettingsError, match="none of the keys opens this database"):
        async with many(slack, library, SqliteStore(sqlite_path), Time(), new_key()):
            pass


async def test_keys_are_changed(
    slack: StandIn, library: Library, sqlite_path: Path, tmp_path: Path
) -> None:
    """With a new key before the old one everything goes on, and then the old one is not needed."""
    old, new, time = new_key(), new_key(), Time()
    async with many(slack, library, SqliteStore(sqlite_path), time, old) as landa:
        await live(slack, landa, library, tmp_path)
        before = {name: await rows(landa.room.store, name) for name in METADATA.tables}
    for keys in (f"{new},{old}", new):
        async with many(slack, library, SqliteStore(sqlite_path), time, keys) as landa:
            assert await landa.registry.find(A.team)
            sealed = await rows(landa.room.store, "person")
            assert sealed == before["person"]
            for row in sealed:
                bound_to = row["workspace"] + row["person"]
                assert row["profile"] is None or codec.open_profile(
                    row["profile"], landa.room.vault, bound_to
                )
    with pytest.raises(SettingsError):
        async with many(slack, library, SqliteStore(sqlite_path), time, old):
            pass


def test_a_card_cannot_change_its_row(vault: Vault) -> None:
    """What was sealed for one row of the outbox opens in no other, not even of the same person."""
    one, other = sealed("ett", vault), sealed("två", vault)
    bound_to = one.workspace + one.person
    assert codec.open_outgoing(one.payload, one.id, vault, bound_to)
    for row, whose in itertools.product((one, other), (bound_to, key("T2") + one.person)):
        if (row, whose) == (one, bound_to):
            continue
        with pytest.raises(StateError):
            codec.open_outgoing(one.payload, row.id, vault, whose)
