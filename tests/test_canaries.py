"""What can be typed, and what comes from a platform, is nowhere but in the chat: in no log, no
metric, no exception, nothing that the doctor tells, and no byte of a database in the clear."""

import itertools
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.library import Library
from bot.doctor import examine
from bot.runtime import metrics
from bot.runtime.store import Store
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.tables import METADATA
from bot.runtime.vault import Vault, new_key
from tests.adapters.slack.test_inbound import with_value
from tests.matrix import at, paths
from tests.matrix import slack as on_slack
from tests.matrix import teams as on_teams
from tests.matrix import web as on_web
from tests.runtime.test_privacy import Heard, heard, spelled
from tests.workspaces import rows, settings_of

CANARY = "kanariefagel"
FAULTS = ("error", "reset_after", "html", "status")
__all__ = ["heard"]


def planted(body: Any) -> Iterator[Any]:
    """The request with a canary in each text of it, one at a time: at its end, and in its place."""
    for path in paths(body):
        yield with_value(body, path, f"{at(body, path)} {CANARY}")
        yield with_value(body, path, CANARY)


async def at_rest(store: Store) -> bytes:
    """All the bytes of a file and of what lies beside it; of a server, all rows."""
    if isinstance(store, SqliteStore):
        return b"".join(each.read_bytes() for each in store._path.parent.glob("landa.db*"))
    found = [repr(row) for name in METADATA.tables for row in await rows(store, name)]
    return "\n".join(found).encode()


def nowhere(words: Iterable[str], heard: Heard, kept: bytes, *told: str) -> None:
    """heard: also what went wrong, with its tracebacks."""
    texts = (heard.text, metrics.text().decode(), *told)
    for word in words:
        assert [text for text in texts if word in text] == [], word
        assert [each for each in spelled(word) if each in kept or each in kept.lower()] == [], word


@pytest.fixture(autouse=True)
def quiet(heard: Heard) -> None:
    """Landa keeps these two quiet in every setting: they print what people write."""
    for name in ("slack_sdk", "slack_bolt"):
        for each in [name, *logging.Logger.manager.loggerDict]:
            if each.startswith(name):
                logging.getLogger(each).setLevel(logging.WARNING)


async def test_in_slack(library: Library, sqlite_path: Path, heard: Heard) -> None:
    """A canary in every text of every kind of request, while Slack fails now and then: it is in no
    log, no metric, nothing the doctor tells, and not in the file."""
    keys, store = new_key(), SqliteStore(sqlite_path)
    async with on_slack.stage(library, store, keys) as stage:
        sent = 0
        for kind, payload in on_slack.shapes(stage.requests):
            for changed in planted(payload):
                sent += 1
                if sent % 7 == 0:
                    stage.slack.fail("chat.postMessage", FAULTS[sent % len(FAULTS)])
                await stage.send((kind, stage.anew(changed)))
        assert sent > 300
        told: list[str] = []
        settings = settings_of(stage.slack, stage.landa.url, keys)
        here = {"database_url": f"sqlite:///{sqlite_path}"}
        await examine(settings.model_copy(update=here), told.append)
        assert len(told) > 5
        words = [CANARY, *(family.canary for family in stage.families)]
        nowhere(words, heard, await at_rest(store), *told)
    assert "press.forged" in heard.stream.getvalue(), "something was heard"


async def test_in_teams(library: Library, store: Store, vault: Vault, heard: Heard) -> None:
    """The same for every kind of activity, on both databases."""
    async with on_teams.stage(library, store, vault) as stage:
        stage.requests += [on_teams.submitted(each) for each in stage.requests]
        sent = 0
        for body in on_teams.shapes(stage.requests):
            for changed in planted(body):
                sent += 1
                if sent % 7 == 0:
                    stage.teams.fail(("status", "html", "reset")[sent % 3])
                await stage.send(changed if CANARY in str(changed["id"]) else stage.anew(changed))
        assert sent > 200
        words = [CANARY, *(family.canary for family in stage.families)]
        nowhere(words, heard, await at_rest(store))


async def test_on_the_page(
    library: Library, sqlite_store: Store, vault: Vault, heard: Heard
) -> None:
    """The same for what the preview's page sends."""
    async with on_web.stage(library, sqlite_store, vault) as stage:
        texts = [{**stage.requests[0], "text": "jag"}]
        texts[0].pop("token")
        for body in itertools.chain.from_iterable(map(planted, [*texts, *stage.requests])):
            await stage.send(stage.anew(body))
        nowhere([CANARY], heard, await at_rest(sqlite_store))


def test_a_canary_in_the_open_is_found(heard: Heard) -> None:
    """Each place is looked at: a canary that lies there is found."""
    nowhere([CANARY], heard, b"nothing")
    with pytest.raises(AssertionError):
        nowhere([CANARY], heard, f"row {CANARY}".encode())
    with pytest.raises(AssertionError):
        nowhere([CANARY], heard, CANARY.encode("utf-16-le"))
    with pytest.raises(AssertionError):
        nowhere([CANARY], heard, b"", f"  x  Database: {CANARY}")
    logging.getLogger("landa.slack").warning("about %s", CANARY)
    with pytest.raises(AssertionError):
        nowhere([CANARY], heard, b"")
