"""Nobody's words, names or choices are anywhere but in their own chat."""

import asyncio
import io
import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
import structlog

from bot.core.errors import DeliveryError
from bot.core.library import Library
from bot.core.message import Form
from bot.core.port import Outgoing
from bot.core.turn import Commanded, NudgeDue, Picked, Pressed, Reminded, Said, Submitted
from bot.runtime import log, metrics
from bot.runtime.store import Commit, DueRow, Nudged, NudgeRow, OutboxRow, Store
from bot.runtime.store.postgres import PostgresStore
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.vault import Vault
from tests.runtime.asked import BY_ITSELF
from tests.runtime.parts import Faulty, Small, outgoing, person_key

WORDS = "kanariefagel"
WHO = "U0KANARIE"
WORKSPACE = "T1"
SAID = (
    "{} hej",
    "andas {}",
    "{}",
    "jag orkar inte leva {}",
    "stopp {}",
    "19121212-1212 {}",
    "Lugna",
)


class Heard:
    """Everything that any logger of this process said, at every level."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        if record.exc_info:
            self.lines.append("".join(traceback.format_exception(*record.exc_info)))

    @property
    def text(self) -> str:
        return self.stream.getvalue() + "\n".join(self.lines)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """Landa's own log as it runs, and below it every library at DEBUG."""
    heard = Heard()
    monkeypatch.setattr(sys, "stderr", heard.stream)
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    log.configure("debug")
    handler = logging.Handler(logging.DEBUG)
    handler.emit = heard.emit  # type: ignore[method-assign]
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in list(logging.Logger.manager.loggerDict):
        if not name.startswith(("landa.", "PIL", "faker")):
            logging.getLogger(name).setLevel(logging.DEBUG)
    fresh = structlog.get_logger()
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("bot.") and hasattr(module, "LOG"):
            monkeypatch.setattr(module, "LOG", fresh)
    yield heard
    root.handlers[:] = before
    root.setLevel(logging.WARNING)
    structlog.reset_defaults()


async def talk(small: Small) -> list[Outgoing]:
    """Whole conversations: words typed everywhere, every button of every card pressed."""
    for words in SAID:
        await small.say(words.format(WORDS), who=WHO)
        await small.command(words.format(WORDS), who=WHO)
    pressed: set[str] = set()
    waiting = list(small.sent)
    while waiting:
        card = waiting.pop(0).card
        for choice in card.choices:
            if choice.label in pressed:
                continue
            pressed.add(choice.label)
            values = None
            if isinstance(card, Form):
                values = {field.id: WORDS for field in card.fields}
            count = len(small.sent)
            await small.take(Pressed(choice.id, values), who=WHO)
            small.later(30)
            await small.tick(1)
            waiting += small.sent[count:]
    return small.sent


async def trouble(small: Small) -> None:
    """Everything goes wrong once, with a person's words at hand."""

    def fail(kind: Exception) -> object:
        def raise_it(_: Outgoing) -> None:
            raise kind

        return raise_it

    for fault in (RuntimeError(WORDS), DeliveryError("busy"), TimeoutError(WORDS)):
        small.answers = fail(fault)  # type: ignore[assignment]
        await small.say(WORDS, who=WHO)
    small.answers = None
    small.store.fails["commit"] = 1
    await small.command(WORDS, who=WHO, ride=True)
    await small.take(Pressed(f"{WORDS}~{WORDS}"), who=WHO)
    real = small.turns._respond
    small.turns._respond = lambda *_: (_ for _ in ()).throw(ValueError(WORDS))  # type: ignore
    await small.command(WORDS, who=WHO, ride=True)
    small.turns._respond = real  # type: ignore[method-assign]
    logging.getLogger("some.library").error("about %s", WORDS)
    try:
        int(WORDS)
    except ValueError:
        logging.getLogger("some.library").exception("about %s", WORDS)
    await small.tick(3600)


def secrets(sent: list[Outgoing]) -> set[str]:
    """What must be nowhere: words, ids of people, labels and ids of choices, texts of cards."""
    found = {WORDS, WHO}
    for one in sent:
        found.add(one.card.text[:40])
        for choice in one.card.choices:
            found.add(choice.label)
            found.add(choice.id)
            found.add(f"'{choice.id.split('~')[1]}'")
            found.add(f"={choice.id.split('~')[1]} ")
    return {each for each in found if len(each) > 3}


@pytest.fixture
def small(library: Library, store: Store, vault: Vault) -> Small:
    return Small(library, Faulty(store), vault)


async def test_no_log_tells_anything(small: Small, heard: Heard) -> None:
    """At the level that tells most, with everything going wrong, no log line of Landa's tells what
    somebody wrote, chose or was told, nor who they are."""
    sent = list(await talk(small))
    await trouble(small)
    own = heard.stream.getvalue()
    assert "respond.fault" in own or "turn.fault" in own
    assert "delivery.fault" in own
    assert "event='library'" in own
    for secret in secrets(sent):
        assert secret not in own
    assert person_key(small.vault, WHO).hex() not in own


async def test_no_library_tells_anything(small: Small, heard: Heard) -> None:
    """Not even the libraries, at DEBUG and past our filter, say anything of a conversation."""
    sent = list(await talk(small))
    said = "\n".join(heard.lines)
    for secret in secrets(sent):
        assert secret not in said


async def test_no_number_tells_anything(small: Small) -> None:
    """No metric has a word, a choice or a person in it."""
    sent = list(await talk(small))
    await trouble(small)
    text = metrics.text().decode()
    for secret in secrets(sent):
        assert secret not in text


def test_nothing_prints_what_it_holds(small: Small) -> None:
    """Printing what carries a person's words or ids prints neither."""
    inbound = small.inbound(Said(WORDS), who=WHO)
    row = OutboxRow(b"id", b"p", b"w", "test", WORDS.encode(), 1, 2)
    due = DueRow(b"p", b"w", "test", 1, 2, WORDS.encode())
    held = [
        inbound,
        Commanded(WORDS),
        Pressed(WORDS, {WORDS: WORDS}),
        Submitted(WORDS, {WORDS: WORDS}, 1),
        outgoing(WORDS, WHO),
        row,
        due,
        NudgeRow(1, b"p", "s", b"w", "test", 0, 0, "UTC", 1, 1, 0, 0, 0, WORDS.encode()),
        Nudged(b"p", "s", 1, WORDS.encode(), WORDS.encode(), (row,)),
        NudgeDue("s", small.now, small.now),
        Reminded(WORDS, WORDS, small.now, small.now),
        Commit(b"s", b"p", b"w", 1, 2, 3, WORDS.encode(), WORDS.encode(), (row,), due),
    ]
    for each in held:
        assert WORDS not in repr(each)
        assert WHO not in repr(each)


def raw(store: Store) -> bytes:
    """Every byte of the database."""
    if isinstance(store, SqliteStore):
        return b"".join(path.read_bytes() for path in Path(store._path).parent.glob("landa.db*"))
    assert isinstance(store, PostgresStore)
    raise AssertionError("ask with copied()")


async def copied(store: PostgresStore) -> bytes:
    connection = await asyncpg.connect(store._url)
    out = io.BytesIO()
    for name in ("conversation", "person", "outbox", "due", "nudge", "seen", "keyring"):
        await connection.copy_from_table(name, output=out)
    await connection.close()
    return out.getvalue()


async def stored(store: Store) -> bytes:
    return await copied(store) if isinstance(store, PostgresStore) else raw(store)


def spelled(secret: str) -> set[bytes]:
    """As it would stand in a file, and as PostgreSQL writes bytes."""
    return {secret.encode(), secret.encode("utf-16-le"), secret.encode().hex().encode()}


async def test_nothing_stands_in_the_clear(small: Small, store: Store) -> None:
    """In the middle of conversations, with cards waiting, no byte of the database tells what they
    are about or whose they are."""
    sent = list(await talk(small))
    small.answers = lambda _: (_ for _ in ()).throw(DeliveryError("busy"))
    await small.say("andas", who=WHO)
    await small.command(f"andas {WORDS}", who=WHO, ride=True)
    content = await stored(store)
    assert len(content) > 1000
    for secret in secrets(sent) | {"guided", "colour", "double-sigh", "delivery 1"}:
        for each in spelled(secret):
            assert each not in content, secret


async def test_what_is_asked_for_stands_in_the_clear_nowhere(
    library: Library, store: Store, vault: Vault
) -> None:
    """What somebody wants to hear, and a nudge that waits, tell nothing of whose they are."""
    small = Small(library, Faulty(store), vault, flows=BY_ITSELF)
    for wish in ("ask 11:00", "remind after 09:30"):
        await small.take(Picked("wish", wish), who=WHO)
    small.store.fails["depart"] = 99
    small.later(7200)
    await small.tick()
    assert (await store.backlog(0)).nudges >= 1
    content = await stored(store)
    for secret in (WHO, '"pause"', "pause pause", 'Europe/Stockholm"', "practice/pause"):
        for each in spelled(secret):
            assert each not in content, secret


async def test_at_rest_nothing_is_left(small: Small, store: Store) -> None:
    """When a conversation has ended, its state is gone and nothing waits."""
    await talk(small)
    await small.say("stopp", who=WHO)
    await small.tick(1)
    loaded = await store.load(person_key(small.vault, WHO), b"x")
    assert loaded.state is None
    backlog = await store.backlog(0)
    assert (backlog.waiting, backlog.due) == (0, 0)
    await small.tick(27 * 3600)
    await small.tick(700)
    loaded = await store.load(person_key(small.vault, WHO), b"x")
    assert loaded.serial is None


def test_what_is_deleted_is_erased(sqlite_path: Path, library: Library, vault: Vault) -> None:
    """After a clean stop, not even the sealed bytes of an ended conversation are in the file."""

    async def play() -> bytes:
        store = SqliteStore(sqlite_path)
        await store.open()
        small = Small(library, store, vault)
        await small.command("andas", who=WHO)
        loaded = await store.load(person_key(vault, WHO), b"x")
        await small.say("stopp", who=WHO)
        await store.close()
        assert loaded.state
        return loaded.state

    state = asyncio.run(play())
    files = sorted(sqlite_path.parent.glob("landa.db*"))
    assert [path.name for path in files] == ["landa.db"]
    assert state not in files[0].read_bytes()
    assert state[12:60] not in files[0].read_bytes()


def test_unknown_keys_are_dropped() -> None:
    """A log line carries known keys and short values, whatever somebody puts into it."""
    line = log.scrub(None, "", {"event": "x", "text": WORDS, "person": WHO, "reason": "r" * 500})
    assert set(line) == {"event", "reason"}
    assert len(line["reason"]) == 200
