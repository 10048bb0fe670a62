"""Slack delivers again, and in any order: each act has its effect once."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.library import Library
from bot.runtime.store import Store
from tests.standin_slack import StandIn, payloads
from tests.workspaces import A, B, Many, Time, many

DELIVERIES, TIMES, SENDERS = 2_000, 4, 8
KINDS = ("command", "message", "mention", "shortcut", "press")
ROOMS = {A.team: "C0ENHET01", B.team: "C0BBBB001"}


@pytest.fixture
async def slack() -> AsyncIterator[StandIn]:
    async with StandIn() as standin:
        yield standin


@pytest.fixture
async def landa(
    slack: StandIn, library: Library, closed_store: Store, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Many]:
    # Slack's pace would only make this longer.
    monkeypatch.setattr("bot.wiring.paces_of", lambda _: {})
    async with many(slack, library, closed_store, Time()) as running:
        for site in (A, B):
            await running.install(site)
        yield running


async def deliveries(slack: StandIn, landa: Many) -> list[tuple[str, str, dict[str, Any], str]]:
    """Kind of envelope, kind of act, payload, who: each of another person, in two workspaces."""
    made: list[tuple[str, str, dict[str, Any], str]] = []
    for number in range(DELIVERIES):
        kind, site = KINDS[number % len(KINDS)], (A, B)[number // len(KINDS) % 2]
        place = slack if site is A else slack.branch(site.team)
        who, room = f"U0{number:06}", ROOMS[site.team]
        slack.homes[who] = site.team
        slack.joined.add(room)
        match kind:
            case "command":
                url = place.response_url(slack.url, room, who, None)
                body: dict[str, Any] = dict(payloads.command(place, who, "hjälp", room, url))
                made.append(("slash_commands", kind, body, who))
            case "message":
                inner = payloads.message(place, who, "hjälp", place.ts())
                made.append(("events_api", kind, payloads.event(place, inner), who))
            case "mention":
                inner = payloads.mention(place, who, "hjälp", room, place.ts())
                made.append(("events_api", kind, payloads.event(place, inner), who))
            case "shortcut":
                made.append(("interactive", kind, payloads.shortcut(place, who), who))
            case _:
                await place.command(who, "", room)
                await landa.settled()
                card = place.last(who)
                element = next(e for e in card.elements if e["text"]["text"] == "En kort paus")
                body = payloads.press(place, who, card, element, {})
                body["response_url"] = place.response_url(slack.url, room, who, card)
                made.append(("interactive", kind, body, who))
    return made


async def test_two_thousand_four_times(slack: StandIn, landa: Many) -> None:
    """Of 2,000 acts, each delivered four times, shuffled, by eight senders: exactly 2,000 have an
    effect. Nobody is answered twice, and nobody goes without."""
    acts = await deliveries(slack, landa)
    shown, calls = len(slack.messages), len(slack.calls)
    queue = [act for act in acts for _ in range(TIMES)]
    random.Random(4).shuffle(queue)
    ridden: Counter[str] = Counter()
    rides: list[str] = []

    async def sender() -> None:
        while queue:
            envelope, kind, body, who = queue.pop()
            ack = await slack.hand(envelope, body)
            while ack.status != 200:
                # On a busy machine a turn may be late: Slack then delivers an event again.
                ack = await slack.hand(envelope, body)
            if ack.body:
                ridden[who] += 1
                rides.append(kind)

    await asyncio.gather(*(sender() for _ in range(SENDERS)))
    await landa.settled()
    new = [one for one in slack.messages[shown:] if one.author == "landa"]
    answered = Counter(one.only or f"U{one.channel[1:]}" for one in new)
    rewritten = Counter(
        one.only for one in slack.messages[:shown] if one.author == "landa" and one.versions
    )
    effects = answered + ridden + rewritten
    assert effects == Counter(who for *_, who in acts)
    assert effects.total() == DELIVERIES
    assert all(len(one.versions) <= 1 for one in slack.messages)
    assert set(rides) <= {"command"}
    sent = [call for call in slack.calls[calls:] if call.method != "users.info"]
    assert len(sent) == DELIVERIES - ridden.total()
    for _ in range(3):
        landa.time.later(seconds=16)
        await landa.room.clock.tick()
        await landa.settled()
    # Pauses end meanwhile, and rewrite their cards where they are.
    assert [one for one in slack.messages[shown:] if one.author == "landa"] == new
    assert slack.complaints == slack.strays == []
    assert (await landa.room.store.backlog(0)).waiting == 0
