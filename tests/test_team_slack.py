"""A team's pause in a Slack workspace: the real runtime, the adapter, and a strict stand-in."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.core.library import Library
from bot.runtime.store import Store
from tests.standin_slack import Shown, StandIn
from tests.workspaces import A, Many, Time, many

ANNA, BO, CIA = "U0ANNA001", "U0BO00001", "U0CIA0001"
ROOM, CLOSED = "C0ENHET01", "C0STANGD1"
MONDAY = datetime(2027, 2, 1, 8, 0, tzinfo=UTC)
"""Nine o'clock in Stockholm."""


@pytest.fixture
async def slack() -> AsyncIterator[StandIn]:
    async with StandIn() as standin:
        standin.public.add(ROOM)
        standin.homes |= dict.fromkeys((CLOSED, ANNA, BO, CIA), A.team)
        yield standin


@pytest.fixture
async def landa(slack: StandIn, library: Library, closed_store: Store) -> AsyncIterator[Many]:
    time = Time(MONDAY - datetime.now(UTC))
    async with many(slack, library, closed_store, time) as running:
        await running.install(A)
        yield running


async def press(landa: Many, user: str, label: str, card: Shown | None = None) -> None:
    """Later than a double press, and everything that follows."""
    landa.time.later(seconds=6)
    assert (await landa.slack.press(user, label, card)).status == 200
    await landa.settled()


async def set_up(landa: Many, user: str, room: str = ROOM) -> None:
    card = (await landa.slack.command(user, "team", room)).card
    assert card
    assert card.only == user
    await press(landa, user, "Ställ in", card)
    assert (await landa.slack.submit(user)).status == 200
    await landa.settled()


async def tick(landa: Many, **later: float) -> None:
    landa.time.later(**later)
    await landa.room.clock.tick()
    await landa.settled()


def for_all(slack: StandIn, room: str = ROOM) -> list[Shown]:
    return [shown for shown in slack.messages if shown.channel == room and not shown.only]


async def test_a_card_for_all_answered_to_each(slack: StandIn, landa: Many) -> None:
    """All in the channel see the card, each is answered alone, and the card stays as it is."""
    await set_up(landa, ANNA)
    assert [shown.text for shown in for_all(slack)] == [
        "Här kommer en liten paus varje vardag 10:00. Den som vill är med. Ingen räknas."
    ]
    await tick(landa, minutes=60)
    card = for_all(slack)[-1]
    assert card.labels == ["Starta", "Byt lapp", "Inte nu"]
    assert ANNA not in repr(card)
    await press(landa, ANNA, "Starta", card)
    await press(landa, BO, "Byt lapp", card)
    await press(landa, CIA, "Inte nu", card)
    assert len(for_all(slack)) == 2
    assert card.versions == []
    answers = [slack.last(user, ROOM) for user in (ANNA, BO, CIA)]
    assert [answer.only for answer in answers] == [ANNA, BO, CIA]
    assert "Sluta" in answers[0].labels
    assert answers[1].labels == ["Starta", "Byt lapp", "Inte nu"]
    assert answers[2].words == "Det är okej. Landa finns här en annan gång."
    await press(landa, BO, "Starta", slack.last(BO, ROOM))
    assert slack.last(BO, ROOM).only == BO
    assert slack.complaints == []


async def test_once_a_day(slack: StandIn, landa: Many) -> None:
    """The card comes once, however often the clock looks; and on the next day again."""
    await set_up(landa, ANNA)
    await tick(landa, minutes=60)
    await tick(landa, seconds=30)
    await tick(landa, minutes=9)
    assert len(for_all(slack)) == 2
    await tick(landa, hours=23, minutes=51)
    assert len(for_all(slack)) == 3


async def test_where_landa_may_not_write(slack: StandIn, landa: Many) -> None:
    """In a channel that Landa is not in nothing is tried twice, and the operator sees why."""
    await set_up(landa, ANNA, CLOSED)
    await tick(landa, minutes=60)
    backlog = await landa.room.store.backlog(round(landa.time.now().timestamp() * 1000))
    assert dict(backlog.given_up) == {"not_in_channel": 2}
    assert for_all(slack, CLOSED) == []


async def test_nothing_tells_who(slack: StandIn, landa: Many) -> None:
    """A dump holds neither who leads, nor the channel, nor what anybody pressed; and when Landa is
    taken away, nothing of the team is left."""
    await set_up(landa, ANNA)
    await tick(landa, minutes=60)
    card = for_all(slack)[-1]
    await press(landa, BO, "Inte nu", card)
    dump = [
        (table, name, bytes(value) if isinstance(value, (bytes, memoryview)) else value)
        for table in ("team", "lead", "person", "nudge", "conversation", "outbox", "seen")
        for row in await landa.rows(table)
        for name, value in row.items()
    ]
    text = repr(dump)
    ids = (ANNA, BO, ROOM, A.team, "not", "teamcard", "grounding", "Inte nu")
    assert [word for word in ids if word in text] == []
    leads = {value for table, name, value in dump if (table, name) == ("lead", "lead")}
    people = {value for _, name, value in dump if name in ("person", "owner")}
    assert len(leads) == 1
    assert not leads & people
    assert (await landa.of(A.team))["team"] == 1
    assert await landa.registry.forget(A.team, "", landa.time.now())
    assert sum((await landa.of(A.team)).values()) == 0


async def test_a_question_says_who_asks_and_not_who_answers(slack: StandIn, landa: Many) -> None:
    """A lead sees the card first; in the channel it names the lead as Slack does, and stays as
    it is, whoever presses; each is answered alone."""
    await set_up(landa, ANNA)
    choose = (await landa.slack.command(ANNA, "fråga", ROOM)).card
    assert choose
    assert choose.only == ANNA
    await press(landa, ANNA, choose.labels[0], choose)
    preview = slack.last(ANNA, ROOM)
    ask = next(each for each in reversed(slack.messages) if "Lägg ut den nu" in each.labels)
    assert preview.only == ask.only == ANNA
    await press(landa, ANNA, "Lägg ut den nu", ask)
    card = for_all(slack)[-1]
    assert [(part["type"], part.get("text")) for part in card.blocks[:3]] == [
        (part["type"], part.get("text")) for part in preview.blocks[:3]
    ]
    assert f"Från <@{ANNA}>" in repr(card.blocks)
    await press(landa, BO, "Svara för dig själv", card)
    await press(landa, CIA, "Svara för dig själv", card)
    assert card.versions == []
    assert for_all(slack)[-1] is card
    assert [slack.last(user, ROOM).only for user in (BO, CIA)] == [BO, CIA]
    assert slack.complaints == []


async def test_the_box_on_the_table(slack: StandIn, landa: Many) -> None:
    """Where nothing is set up, somebody puts the box in the channel, others draw, and nobody's name
    comes along; a timer ends for all."""
    asked = (await landa.slack.command(BO, "lådan möte", ROOM)).card
    await press(landa, BO, "Ställ fram den", asked)
    await press(landa, CIA, "Dra en lapp", for_all(slack)[-1])
    first = for_all(slack)[-1]
    await press(landa, ANNA, "Två minuter", first)
    await tick(landa, minutes=2)
    assert for_all(slack)[-1].words == "Två minuter har gått."
    await press(landa, ANNA, "Dra nästa", first)
    second = for_all(slack)[-1]
    assert second.words != first.words
    assert [who for who in (ANNA, BO, CIA) if who in repr(for_all(slack))] == []
    assert slack.complaints == []
