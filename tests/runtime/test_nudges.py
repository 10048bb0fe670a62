"""What Landa says by itself: at its time, once, and never to somebody who does not want it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.core.errors import DeliveryError
from bot.core.library import Library
from bot.core.port import Outgoing
from bot.core.turn import Inbound, Left, Picked, Place, Pressed, Said
from bot.runtime import metrics
from bot.runtime.line import LEASE_MS, MOST_TRIES
from bot.runtime.outbox import LEASE_S
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.runtime.asked import BY_ITSELF
from tests.runtime.parts import Faulty, Small, person_key

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Nine in Stockholm: one hour to go."""
MINUTE, HOUR, DAY = 60, 3600, 86_400
SAID = "pause pause"
RED = date(2026, 11, 25)


@pytest.fixture
def small(library: Library, store: Store, vault: Vault) -> Small:
    return Small(library, Faulty(store), vault, now=MONDAY, flows=BY_ITSELF, off={RED})


async def wish(small: Small, topic: str, **named: str) -> None:
    await small.take(Picked("wish", topic), **named)


def at(small: Small, day: int, hour: int, minute: int = 0, second: float = 0) -> None:
    """Move the clock to that time in November 2026, UTC."""
    small.now = datetime(2026, 11, day, hour, minute, tzinfo=UTC) + timedelta(seconds=second)


def became(what: str) -> float:
    return metrics.NUDGES.labels(what)._value.get()


async def test_a_nudge_comes_at_its_time(small: Small) -> None:
    """What was asked for comes at its time, once, on each of its days that is not off."""
    await wish(small, "ask")
    await small.tick(HOUR - 1)
    assert small.texts == []
    await small.tick(1)
    assert small.texts == [SAID]
    days: Counter[int] = Counter()
    for _ in range(7 * 24 * 4):
        small.sent.clear()
        await small.tick(15 * MINUTE)
        days.update(small.now.day for _ in small.sent)
    assert days == {24: 1, 26: 1, 27: 1, 30: 1}


async def test_it_comes_in_the_persons_own_chat(small: Small) -> None:
    """Asked for in a channel, it comes where only the person sees it, in their language."""
    inbound = small.inbound(Picked("wish", "ask"))
    channel = Place("channel", {"who": "anna", "channel": "C1"}, "C1")
    home = Place("private", {"who": "anna", "dm": True})
    await small.turns(Inbound("d", inbound.person, channel, inbound.turn, small.now, home))
    await small.tick(HOUR)
    assert small.texts == [SAID]
    assert small.sent[0].address == home.address


async def test_who_cannot_be_reached_alone_is_told(small: Small) -> None:
    """Where nobody knows the person's own chat, nothing is promised and nothing is written."""
    inbound = small.inbound(Picked("wish", "ask"))
    channel = Place("channel", {"who": "anna", "channel": "C1"}, "C1")
    answer = await small.turns(Inbound("d", inbound.person, channel, inbound.turn, small.now))
    assert answer.taken == "refused"
    assert (await small.store.backlog(0)).nudges == 0


async def test_nobody_is_moved(small: Small) -> None:
    """A nudge leaves the person where they are: an open card and a running timer go on."""
    await wish(small, "ask")
    await small.command("")
    at(small, 23, 8, 54)
    await small.command("luft")
    await small.press(0)
    before = await small.store.load(person_key(small.vault), b"")
    small.sent.clear()
    at(small, 23, 9)
    await small.tick()
    assert small.texts == [SAID]
    after = await small.store.load(person_key(small.vault), b"")
    assert (after.serial, after.state) == (before.serial, before.state)
    await small.tick(5 * MINUTE)
    assert len(small.texts) == 2, "the timer still rings"


async def test_nobody_is_disturbed(small: Small) -> None:
    """Who did something within five minutes hears nothing; the next day is another day."""
    await wish(small, "ask")
    at(small, 23, 8, 55, 1)
    await small.command("")
    busy, count = became("busy"), len(small.sent)
    at(small, 23, 9)
    for _ in range(20):
        await small.tick()
        small.later(MINUTE)
    assert len(small.sent) == count
    assert became("busy") == busy + 1
    at(small, 24, 9)
    await small.tick()
    assert small.texts[-1] == SAID


async def test_a_nudges_button_works_whatever_one_is_in(small: Small) -> None:
    """The card stands: it begins what it says, also when the person went on to something else."""
    await wish(small, "ask")
    await small.tick(HOUR)
    button = small.sent[-1].card.choices[0].id
    at(small, 23, 14)
    await small.command("läge")
    await small.take(Pressed(button))
    assert small.texts[-1].startswith(small.library.words["sv"]("practice.choose"))


STOPS: dict[str, Callable[[Small], Awaitable[Any]]] = {
    "the word": lambda small: small.take(Said("stopp")),
    "the button": lambda small: wish(small, "stop"),
    "a pause": lambda small: wish(small, "pause"),
    "not today": lambda small: wish(small, "quiet"),
    "another time": lambda small: wish(small, "ask 15:00"),
    "taking Landa away": lambda small: small.take(Left()),
}
POINTS = ("before", "claim", "load", "commit", "outbox", "depart", "restart")


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("stop", STOPS)
async def test_after_stop_nothing_comes(small: Small, stop: str, point: str) -> None:
    """Whoever stops, pauses or postpones, at whatever moment on a nudge's way, is not sent it."""
    await wish(small, "ask")
    at(small, 23, 9)
    act, sent = STOPS[stop], list[str]()

    async def stopping() -> None:
        """In another process: in this one, the person's turns wait for each other."""
        small.store.before.clear()
        beside = Small(small.library, small.store.store, small.vault, small.now, flows=BY_ITSELF)
        beside._count = 100
        await act(beside)

    match point:
        case "before":
            await stopping()
        case "claim":  # claimed, and not yet taken
            small.store.before["load"] = stopping
        case "load":  # taken: what is wanted has been read
            small.store.before["nudges.commit"] = stopping
        case "commit":  # committed: the card lies in the outbox
            small.store.after["nudges.commit"] = stopping
        case "outbox" | "depart":  # the card's turn has come
            small.store.before["depart"] = stopping
        case _:  # Landa ends, and begins again with the card in the outbox
            small.store.fails["depart"] = 1
            await small.tick()
            small.begin()
            await stopping()
    for _ in range(40):
        await small.tick(LEASE_S)
        sent += small.texts
        small.sent.clear()
    assert SAID not in sent


async def test_a_nudge_of_unknown_outcome_is_not_repeated(small: Small) -> None:
    """When nobody knows whether a nudge has arrived, it is not sent again; a reminder is."""
    lost = [DeliveryError("connection lost", unknown=True)]

    def fail_once(outgoing: Outgoing) -> None:
        if lost:
            raise lost.pop()

    small.answers = fail_once
    await wish(small, "ask")
    unknown = became("unknown")
    at(small, 23, 9)
    for _ in range(60):
        await small.tick(10)
    assert small.texts == []
    assert became("unknown") == unknown + 1
    assert (await small.store.backlog(0)).waiting == 0
    lost.append(DeliveryError("connection lost", unknown=True))
    await wish(small, "remind after 09:30")
    at(small, 23, 9, 30)
    for _ in range(60):
        await small.tick(10)
    assert small.texts == ["after after"]


async def test_a_nudge_that_surely_failed_comes_within_its_time(small: Small) -> None:
    """A nudge that the platform did not take is tried again, but not after ten minutes."""
    waits = [DeliveryError("ratelimited", retry_after_s=120)]

    def busy(outgoing: Outgoing) -> None:
        if waits:
            raise waits.pop()

    small.answers = busy
    await wish(small, "ask")
    at(small, 23, 9)
    await small.tick()
    await small.tick(125)
    assert small.texts == [SAID]
    waits.append(DeliveryError("ratelimited", retry_after_s=601))
    expired = became("expired")
    at(small, 24, 9)
    for _ in range(100):
        await small.tick(15)
    assert small.texts == [SAID]
    assert became("expired") == expired + 1


async def test_a_kill_between_word_and_deed(small: Small) -> None:
    """Killed after a nudge was marked, Landa does not send it again; killed before, it does."""
    await wish(small, "ask")
    at(small, 23, 9)
    small.answers = lambda _: asyncio.sleep(3600)
    await small.clock.tick()
    await until(lambda: small.store.calls["depart"] == 1)
    kill(small)
    for _ in range(60):
        await small.tick(10)
    assert small.texts == []
    small.store.fails["depart"] = 1
    at(small, 24, 9)
    await small.tick()
    kill(small)
    await small.tick(LEASE_S)
    assert small.texts == [SAID]


async def test_a_reminder_comes_whatever_happens(small: Small) -> None:
    """A reminder is not lost by a kill, not by other turns, and not by being busy."""
    await wish(small, "remind after 09:30")
    await small.command("")
    small.sent.clear()
    at(small, 23, 9, 28)
    await small.command("läge")
    small.sent.clear()
    at(small, 23, 9, 30)
    small.answers = lambda _: asyncio.sleep(3600)
    await small.clock.tick()
    await until(lambda: small.store.calls["nudges.commit"] == 1)
    kill(small)
    await small.tick(LEASE_S)
    assert small.texts == ["after after"]
    for _ in range(30):
        await small.tick(HOUR)
    assert small.texts == ["after after"]
    assert (await small.store.backlog(0)).nudges == 0


@pytest.mark.parametrize(("hours", "comes"), [(3, True), (23.9, True), (24.1, False)])
async def test_a_late_reminder(small: Small, hours: float, comes: bool) -> None:
    """After a long stop, a reminder comes once if it is less than a day late."""
    await wish(small, "remind after 09:30")
    small.sent.clear()
    at(small, 23, 9, 30)
    await small.tick(hours * HOUR)
    await small.tick(MINUTE)
    assert small.texts == ["after after"] * comes
    assert (await small.store.backlog(0)).nudges == 0


async def test_a_reminder_is_replaced_by_its_name(small: Small) -> None:
    """Two answers to the same card are one: the newer reminder takes the older one's place."""
    await wish(small, "remind after 09:30")
    await wish(small, "remind after 10:30")
    await wish(small, "remind other 11:00")
    said: list[tuple[int, str]] = []
    for _ in range(4 * 6):
        small.sent.clear()
        await small.tick(15 * MINUTE)
        said += [(small.now.hour * 100 + small.now.minute, text) for text in small.texts]
    assert said == [(1030, "after after"), (1100, "after other")]


async def test_a_missed_nudge_is_dropped(small: Small) -> None:
    """After three hours down, nothing stale is said; the next day comes as ever."""
    await wish(small, "ask")
    stale = became("stale")
    await small.tick(4 * HOUR)
    await small.tick(MINUTE)
    assert small.texts == []
    assert became("stale") == stale + 1
    at(small, 24, 9, 9, 50)
    await small.tick()
    assert small.texts == [SAID], "less than ten minutes late is in time"


async def test_claimed_and_killed(small: Small) -> None:
    """What was claimed and never taken is claimed again, as long as it is in time."""
    await wish(small, "ask")
    at(small, 23, 9)
    small.store.fails["load"] = 1
    await small.tick()
    assert small.texts == []
    await small.tick(LEASE_MS / 1000 - 1)
    assert small.texts == []
    await small.tick(1)
    assert small.texts == [SAID]


async def test_a_claim_that_was_not_tried_is_no_try(small: Small) -> None:
    """Who is killed before it tries what it has claimed leaves it as if it had not been claimed."""
    await wish(small, "ask")
    at(small, 23, 9)
    for _ in range(MOST_TRIES + 1):
        small.store.fails["nudges.hold"] = 1
        await small.tick(LEASE_MS / 1000)
    assert small.texts == []
    assert (await small.store.backlog(0)).nudges_set_aside == 0
    await small.tick(LEASE_MS / 1000)
    assert small.texts == [SAID]


async def test_what_fails_is_set_aside(small: Small) -> None:
    """A slot that cannot be read stops no other; after five tries the operator sees it."""
    await wish(small, "ask")
    await wish(small, "ask", who="bo")
    (broken,) = await rows(small, who="anna")
    await break_payload(small, broken)
    with capture_logs() as logs:
        for day in (23, 24, 26, 27):
            at(small, day, 9)
            for _ in range(50):
                await small.tick(15)
    assert [one.address["who"] for one in small.sent] == ["bo"] * 4
    failed = [line for line in logs if line["event"] == "nudge.failed"]
    assert len(failed) == MOST_TRIES
    backlog = await small.store.backlog(0)
    assert (backlog.nudges, backlog.nudges_set_aside) == (2, 1)
    await wish(small, "ask")
    assert (await small.store.backlog(0)).nudges_set_aside == 0


async def test_one_a_day_unless_more_is_wanted(small: Small) -> None:
    """As many come in a day as the person wants, however many slots there are."""
    await wish(small, "ask")
    await wish(small, "more home 13:00")
    at(small, 23, 9)
    await small.tick()
    at(small, 23, 12)
    await small.tick()
    assert small.texts == [SAID, "pause home"]


async def test_a_slot_moved_on_its_own_day(small: Small) -> None:
    """Moved to later after it has spoken, a slot waits until tomorrow."""
    await wish(small, "ask")
    at(small, 23, 9)
    await small.tick()
    at(small, 23, 10)
    await wish(small, "ask 15:00")
    for _ in range(10):
        await small.tick(HOUR)
    assert small.texts == [SAID]
    at(small, 24, 14)
    await small.tick()
    assert small.texts == [SAID, SAID]


async def test_who_moves_is_asked_nothing_twice(small: Small) -> None:
    """In another zone the slot follows the clock there, and speaks once on that day."""
    await wish(small, "ask")
    at(small, 23, 9)
    await small.tick()
    at(small, 23, 10)
    await wish(small, "zone America/New_York")
    hours: list[tuple[int, int]] = []
    for _ in range(48):
        small.sent.clear()
        await small.tick(HOUR)
        hours += [(small.now.day, small.now.hour) for _ in small.sent]
    assert hours == [(24, 15)]


@pytest.mark.parametrize("jump", [HOUR, -HOUR, DAY, -DAY, 3 * DAY])
async def test_clocks_that_jump(small: Small, jump: int) -> None:
    """When the computer's clock is moved, nothing comes twice, late, or outside working hours."""
    await wish(small, "ask")
    at(small, 23, 8, 50)
    said: Counter[datetime] = Counter()
    for step in range(5 * 24 * 12):
        small.sent.clear()
        await small.tick(5 * MINUTE)
        said.update(small.now for _ in small.sent)
        if step == 3:
            small.later(jump)
        if step == 20:
            small.later(-jump)
    assert all((when.hour, when.minute) == (9, 0) for when in said), said
    assert set(said.values()) <= {1}
    assert len({when.date() for when in said}) == len(said)
    assert date(2026, 11, 27) in {when.date() for when in said}, "it goes on"


async def test_what_is_said_by_itself_is_in_nobodys_log(small: Small) -> None:
    """When a nudge fails, the log tells where, and nothing of whom or what."""
    await wish(small, "ask", who="kanariefågel")
    at(small, 23, 9)
    small.store.fails["nudges.commit"] = 1
    with capture_logs() as logs:
        await small.tick()
    assert [line["event"] for line in logs] == ["turn.not_stored"]
    assert "kanarie" not in str(logs)
    assert small.texts == [], "nobody gets an apology for what they did not ask for"


async def test_a_fault_in_a_nudge_is_nobodys_card(small: Small) -> None:
    """A fault while a nudge is made up is told to the operator, and to nobody else."""
    await wish(small, "ask")
    at(small, 23, 9)
    small.flows = {**BY_ITSELF, "nudge": BY_ITSELF["wish"]}
    small.begin()
    with capture_logs() as logs:
        await small.tick()
    assert [line["event"] for line in logs] == ["turn.fault"]
    assert small.texts == []


async def rows(small: Small, who: str) -> list[bytes]:
    return [person_key(small.vault, who)]


async def break_payload(small: Small, owner: bytes) -> None:
    """As after a lost key."""
    store = small.store.store
    if hasattr(store, "_pool"):
        await store._pool.execute("UPDATE nudge SET payload = '\\x00' WHERE owner = $1", owner)
    else:
        await store._write(
            lambda on: on.execute("UPDATE nudge SET payload = x'00' WHERE owner = ?", (owner,))
        )


def kill(small: Small) -> None:
    """Everything that is under way ends where it is, and Landa begins again."""
    for task in small.outbox._tasks | small.turns._under_way:
        task.cancel()
    small.answers = None
    small.begin()


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not done():
            await asyncio.sleep(0.005)
