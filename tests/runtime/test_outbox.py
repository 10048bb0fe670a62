"""Delivery: in order, again when it fails, then no more."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from structlog.testing import capture_logs

from bot.core.errors import DeliveryError
from bot.core.library import Library
from bot.core.port import Outgoing
from bot.runtime import lane
from bot.runtime import outbox as outbox_of
from bot.runtime.codec import ms
from bot.runtime.outbox import LEASE_S, MOST_TRIES, WAITS_S, Item
from bot.runtime.store import OutboxRow, Store
from bot.runtime.vault import Vault
from tests.runtime.parts import HOUR, Faulty, Small, T, key, outgoing, put, sealed

SLOTS_S = 0.1
"""Within this, the few cards of a workspace that was closed come again."""


@pytest.fixture
def small(library: Library, store: Store, vault: Vault) -> Small:
    return Small(library, Faulty(store), vault)


class Script:
    """A platform that answers each card's tries as written; after that it takes the card."""

    def __init__(self, **answers: list[Any]) -> None:
        self.answers, self.tried = answers, Counter[str]()

    def __call__(self, outgoing: Outgoing) -> None:
        name = outgoing.card.text
        self.tried[name] += 1
        if answers := self.answers.get(name):
            fault = answers.pop(0)
            if fault:
                raise fault


async def test_one_persons_cards_keep_their_order(small: Small) -> None:
    """One person's cards arrive one after the other, in the order they were made."""

    async def slow_at_first(one: Outgoing) -> None:
        await asyncio.sleep(0.05 if one.card.text == "c0" else 0)

    small.answers = slow_at_first
    rows = [sealed(f"c{n}", small.vault, at=T + n) for n in range(5)]
    await put(small.store, *rows)
    await small.tick()
    assert small.texts == [f"c{n}" for n in range(5)]


async def test_a_slow_person_holds_up_nobody(small: Small) -> None:
    """While one person's platform hangs, others get their cards."""
    gate = asyncio.Event()

    async def hang(one: Outgoing) -> None:
        if one.address["who"] == "slow":
            await gate.wait()

    small.answers = hang
    await put(
        small.store,
        *(sealed(f"s{n}", small.vault, person="slow", at=T + n) for n in range(40)),
        *(sealed(f"f{n}", small.vault, person=f"fast{n}", at=T + 100 + n) for n in range(40)),
    )
    await small.clock.tick()
    async with asyncio.timeout(2):
        while len(small.sent) < 40:
            await asyncio.sleep(0.01)
    assert all(text.startswith("f") for text in small.texts)
    gate.set()
    await small.outbox.settled()
    assert len(small.sent) == 80


async def test_a_card_that_fails_holds_up_no_newer_one(small: Small) -> None:
    """A card that waits for its next try lets the same person's newer card through."""
    small.answers = Script(old=[DeliveryError("busy")])
    await put(small.store, sealed("old", small.vault), sealed("new", small.vault, at=T + 1))
    await small.tick()
    assert small.texts == ["new"]
    await small.tick(WAITS_S[0])
    assert small.texts == ["new", "old"]


async def test_tries_are_spaced_out_and_end(small: Small) -> None:
    """A card that keeps failing is tried five times, ever more seldom, and then given up."""
    script = Script(c=[DeliveryError("http_503")] * 9)
    small.answers = script
    await put(small.store, sealed("c", small.vault))
    await small.tick()
    for number, longest in enumerate(WAITS_S, 1):
        assert script.tried["c"] == number
        await small.tick(longest * 0.09)
        assert script.tried["c"] == number, "too early"
        await small.tick(longest * 0.92)
    assert script.tried["c"] == MOST_TRIES
    await small.tick(7200)
    assert script.tried["c"] == MOST_TRIES
    assert (await small.store.backlog(T)).given_up == {"http_503": 1}


async def test_a_permanent_refusal_ends_it(small: Small) -> None:
    """A place that is closed to us is not asked again; of the card only the reason is kept."""
    script = Script(c=[DeliveryError("account_inactive", permanent=True)])
    small.answers = script
    await put(small.store, sealed("c", small.vault))
    with capture_logs() as logs:
        await small.tick()
        await small.tick(7200)
    assert script.tried["c"] == 1
    backlog = await small.store.backlog(T)
    assert (backlog.waiting, backlog.given_up) == (0, {"account_inactive": 1})
    assert [line["event"] for line in logs] == ["delivery.given_up"]


@pytest.mark.parametrize("wait_s", [1, 30, 3600])
async def test_a_platform_that_asks_to_wait_is_left_alone(small: Small, wait_s: int) -> None:
    """After Retry-After nothing goes to that workspace before the time; others get theirs."""
    script = Script(a=[DeliveryError("ratelimited", retry_after_s=wait_s)])
    small.answers = script
    await put(small.store, sealed("a", small.vault))
    await small.tick()
    await put(
        small.store,
        sealed("b", small.vault, person="bo"),
        sealed("c", small.vault, person="cy", workspace="T2"),
    )
    await small.tick(wait_s / 2)
    assert script.tried == {"a": 1, "c": 1}
    await small.tick(wait_s / 2 - 0.01)
    assert script.tried == {"a": 1, "c": 1}
    await small.tick(SLOTS_S + 0.01)
    assert script.tried == {"a": 2, "b": 1, "c": 1}
    assert sorted(small.texts) == ["a", "b", "c"]


async def test_an_absurd_wait_is_cut(small: Small) -> None:
    """A platform that asks us to wait for a year is asked again after an hour."""
    small.answers = Script(a=[DeliveryError("ratelimited", retry_after_s=3e7)])
    await put(small.store, sealed("a", small.vault))
    await small.tick()
    await small.tick(3600 + SLOTS_S)
    assert small.texts == ["a"]


async def test_waiting_for_a_workspace_is_no_try(small: Small) -> None:
    """A card that a busy workspace refuses, however often, has all its tries left; so has one that
    never was sent because of it."""
    small.answers = Script(a=[DeliveryError("ratelimited", retry_after_s=10) for _ in range(40)])
    await put(small.store, sealed("a", small.vault))
    for _ in range(41):
        await small.tick()
        await put_another(small)
        await small.tick()
        small.later(10 + SLOTS_S)
    await small.tick()
    assert (await small.store.backlog(T)).given_up == {}
    assert sorted(small.texts)[0] == "a"
    assert len(small.texts) == 42


async def put_another(small: Small) -> None:
    name = f"n{small.now.timestamp()}"
    await put(small.store, sealed(name, small.vault, person=name, due=ms(small.now)))


def test_failures_together_come_again_apart() -> None:
    """Cards of 500 people that fail at the same moment come again spread over the whole wait."""
    rows = [OutboxRow(key(f"c{n}"), key(f"p{n}"), b"", "test", b"", T, T) for n in range(500)]
    for longest in WAITS_S:
        waits = [outbox_of._part(row, longest) for row in rows]
        assert max(waits) - min(waits) >= 0.8 * longest * 1000
        assert max(waits) <= longest * 1000
        assert len(set(waits)) > 400
    ours = [OutboxRow(key(f"c{n}"), key("anna"), b"", "test", b"", T, T) for n in range(5)]
    assert len({outbox_of._part(row, 4) for row in ours}) == 1


async def test_an_unknown_fault_is_tried_again(small: Small) -> None:
    """A fault of the adapter's own does not lose the card, and tells nobody's words."""
    small.answers = Script(c=[RuntimeError("kanariefågel"), TimeoutError()])
    await put(small.store, sealed("c", small.vault))
    with capture_logs() as logs:
        await small.tick()
        await small.tick(WAITS_S[0])
        await small.tick(WAITS_S[1])
    assert small.texts == ["c"]
    assert "kanariefågel" not in str(logs)
    assert [line["fault"] for line in logs if "fault" in line] == ["RuntimeError", "TimeoutError"]


async def test_a_platform_that_hangs_is_cut_off(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A delivery that never ends is broken off before its lease does, and tried again."""
    assert outbox_of.TRY_S < LEASE_S
    monkeypatch.setattr(outbox_of, "TRY_S", 0.05)
    hangs = [True]

    async def hang(_: Outgoing) -> None:
        if hangs.pop() if hangs else False:
            await asyncio.Event().wait()

    small.answers = hang
    await put(small.store, sealed("c", small.vault))
    await small.tick()
    assert small.sent == []
    await small.tick(WAITS_S[0])
    assert small.texts == ["c"]


async def test_a_delivery_whose_row_cannot_be_deleted_is_not_repeated(small: Small) -> None:
    """While the database fails after a delivery, the card is not delivered again by us."""
    small.store.fails["delivered"] = 3
    await put(small.store, sealed("c", small.vault))
    for _ in range(6):
        await small.tick(LEASE_S)
    assert small.texts == ["c"]
    assert (await small.store.backlog(T)).waiting == 0


async def test_a_restart_repeats_at_most_once(small: Small) -> None:
    """If Landa ends before it could note a delivery, the card comes at most once more."""
    small.store.fails["delivered"] = 1
    await put(small.store, sealed("c", small.vault))
    await small.tick()
    small.begin()
    for _ in range(4):
        await small.tick(LEASE_S)
    assert small.texts == ["c", "c"]


async def test_a_failure_that_cannot_be_noted_is_tried_again(small: Small) -> None:
    """When the database fails while a failed delivery is noted, the card still comes later."""
    small.store.fails["postpone"] = 1
    small.answers = Script(c=[DeliveryError("busy")])
    await put(small.store, sealed("c", small.vault))
    await small.tick()
    assert small.sent == []
    await small.tick(LEASE_S)
    assert small.texts == ["c"]


async def test_an_old_card_is_not_sent(small: Small) -> None:
    """After a long stop, cards older than a day are taken away and not sent."""
    await put(
        small.store,
        sealed("old", small.vault, at=T - 24 * HOUR - 1000),
        sealed("young", small.vault, person="bo", at=T - 23 * HOUR),
    )
    await small.tick()
    assert small.texts == ["young"]
    assert (await small.store.backlog(T)).waiting == 0


async def test_an_unreadable_card_is_given_up(small: Small) -> None:
    """A row that our keys do not open is set aside for the operator, and stops no other."""
    other = Vault(b"p" * 32, AESGCM(b"x" * 32))
    await put(small.store, sealed("a", other), sealed("b", small.vault, person="bo"))
    await small.tick()
    assert small.texts == ["b"]
    assert (await small.store.backlog(T)).given_up == {"unreadable": 1}


async def test_a_platform_that_is_off_keeps_its_cards(small: Small) -> None:
    """Cards of a platform that this process does not serve are left to one that does."""
    row = sealed("c", small.vault)
    foreign = OutboxRow(row.id, row.person, row.workspace, "slack", row.payload, T, T)
    await put(small.store, foreign)
    await small.tick()
    assert small.sent == []
    assert (await small.store.backlog(T)).waiting == 1
    (again,) = await small.store.claim_outbox(T + LEASE_S * 1000, T + HOUR, 10)
    assert again.tries == 0


async def test_a_queue_longer_than_the_lease_sends_nothing_twice(small: Small) -> None:
    """Cards that wait for their turn longer than the lease are still sent once."""
    gate = asyncio.Event()

    async def hang(_: Outgoing) -> None:
        await gate.wait()

    small.answers = hang
    await put(small.store, *(sealed(f"c{n}", small.vault, at=T + n) for n in range(10)))
    await small.clock.tick()
    await asyncio.sleep(0.01)
    for _ in range(3):
        small.later(LEASE_S)
        await small.clock.tick()
    gate.set()
    await small.outbox.settled()
    assert Counter(small.texts) == {f"c{n}": 1 for n in range(10)}
    assert small.texts == [f"c{n}" for n in range(10)]


async def test_what_another_process_may_have_taken_is_left(small: Small) -> None:
    """A card whose lease ran out while it waited is not sent on an old promise."""
    row = sealed("c", small.vault, due=T + 1000)
    small.later(1)
    small.outbox.take(Item(row, outgoing("c")))
    await small.outbox.settled()
    assert small.sent == []


async def test_many_cards_go_out_together(small: Small) -> None:
    """Two hundred cards at once are delivered at the same time, within limits."""
    at_once, most = 0, 0

    async def count(_: Outgoing) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.005)
        at_once -= 1

    small.answers = count
    await put(small.store, *(sealed(f"c{n}", small.vault, person=f"p{n}") for n in range(200)))
    await small.tick()
    assert len(small.sent) == 200
    assert 2 <= most <= lane.AT_ONCE
    assert small.store.calls["delivered"] < 200


async def test_it_is_known_whether_a_card_may_have_arrived(small: Small) -> None:
    """With each try the platform is told how many earlier ones may have delivered the card: those
    whose end is unknown, and none that surely failed."""
    heard: list[int] = []
    faults = [
        DeliveryError("http 500", unknown=True),
        DeliveryError("ratelimited", retry_after_s=1),
        DeliveryError("team_added_to_org"),
        RuntimeError(),
        None,
    ]

    def answer(one: Outgoing) -> None:
        heard.append(one.doubts)
        if fault := faults.pop(0):
            raise fault

    small.answers = answer
    row = sealed("c", small.vault, due=T + LEASE_S * 1000)
    await put(small.store, row)
    small.outbox.take(Item(row, outgoing("c")))
    await small.outbox.settled()
    for _ in range(4):
        await small.tick(500)
    assert heard == [0, 1, 1, 1, 2]
    assert small.texts == ["c"]


async def test_a_card_whose_holder_died_may_have_arrived(small: Small) -> None:
    """A card that is found with its lease run out may have been delivered; one that was only put
    off, waiting for its workspace, was not."""
    heard: dict[str, int] = {}
    small.answers = lambda one: heard.update({one.card.text: one.doubts})
    await put(small.store, sealed("held", small.vault, due=T + LEASE_S * 1000))
    small.outbox._lanes.of(key("T1"), "test").close(T + 1000)
    row = sealed("put off", small.vault, person="bo", due=T + LEASE_S * 1000)
    await put(small.store, row)
    small.outbox.take(Item(row, outgoing("put off")))
    await small.outbox.settled()
    small.begin()
    await small.tick(LEASE_S)
    assert heard == {"held": 1, "put off": 0}


async def test_what_was_asked_for_is_never_given_up_for_doubts(small: Small) -> None:
    """However often whoever held a reminder died, it counts as one try that may have arrived: no
    platform gives it up for that. A nudge has none."""
    heard: dict[str, int] = {}
    small.answers = lambda one: heard.update({one.card.text: one.doubts})
    later = T + HOUR
    answer, reminder, nudge = (
        replace(sealed(name, small.vault, person=name), doubts=4)
        for name in ("answer", "reminder", "nudge")
    )
    await put(small.store, answer)
    await put(small.store, replace(reminder, expires_ms=later))
    await put(small.store, replace(nudge, expires_ms=later, once=True))
    await small.tick()
    assert heard == {"answer": 4, "reminder": 1, "nudge": 0}
