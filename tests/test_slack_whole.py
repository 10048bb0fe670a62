"""A running Landa and a strict stand-in for Slack: what somebody in a workspace lives through."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.soak.landa import Process
from tests.standin_slack import Shown, StandIn

ACK_S = 0.5
PEOPLE = 20


@pytest.fixture
async def slack() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        running.retry_waits_s = (0.2, 0.5, 1.0, 2.0, 4.0)
        yield running


@pytest.fixture
async def landa(slack: StandIn, tmp_path: Path) -> AsyncIterator[Process]:
    process = Process(slack, tmp_path, f"sqlite:///{tmp_path}/landa.db")
    process.start()
    await process.ready()
    await slack.command("U1")
    yield process
    assert process.stop() == 0
    assert not slack.complaints


async def until(seen: Callable[[], bool], seconds: float) -> bool:
    """Whether *seen* becomes true in time."""
    for _ in range(int(seconds / 0.05)):
        if seen():
            return True
        await asyncio.sleep(0.05)
    return False


async def test_landing(slack: StandIn, landa: Process) -> None:
    """A command's card rides on the acknowledgement, a press rewrites it, and so does the end."""
    card, seconds = await short_slip(slack)
    assert "Sluta" in card.labels
    assert await until(lambda: "Klar för nu" in card.labels, seconds + 10)
    user = card.only or f"U{card.channel[1:]}"
    count = len(slack.seen(user))
    assert (await slack.press(user, "Klar för nu", card)).status == 200
    assert await until(lambda: "Det är bra så" in card.words, 3)
    assert len(slack.seen(user)) == count, "rewriting sends no new message"


async def short_slip(slack: StandIn) -> tuple[Shown, int]:
    """Somebody's card of a slip that takes at most 45 seconds, just begun."""
    for number in range(100, 140):
        user = f"U{number}"
        ack = await slack.command(user)
        assert ack.card is not None
        assert ack.card.labels[0] == "Lugna kroppen"
        card = ack.card
        assert (await slack.press(user, "Hitta fotfästet", card)).status == 200
        assert await until(lambda card=card: "Sluta" in card.labels, 3)
        length = re.search(r"(\d+) sekunder", card.words)
        if length and int(length[1]) <= 45 and "Nästa" in card.labels:
            return card, int(length[1])
        await slack.press(user, "Sluta", card)
    raise AssertionError("nobody drew a short slip")


async def test_locked_database(slack: StandIn, landa: Process, tmp_path: Path) -> None:
    """While the database is locked for 2 s every acknowledgement is quick, and every card comes."""
    cards = [(await slack.command(f"U2{n:02}")).card for n in range(PEOPLE)]
    other = sqlite3.connect(tmp_path / "landa.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    acting = asyncio.gather(
        *(slack.command(f"U3{n:02}") for n in range(PEOPLE)),
        *(slack.press(f"U2{n:02}", "Lugna kroppen", cards[n]) for n in range(PEOPLE)),
        *(slack.say(f"U4{n:02}", "hjälp") for n in range(PEOPLE)),
    )
    await asyncio.sleep(2)
    other.execute("ROLLBACK")
    answers = await acting
    acks = [ack for answer in answers for ack in (answer if isinstance(answer, list) else [answer])]
    assert max(ack.seconds for ack in acks) < ACK_S, sorted(ack.seconds for ack in acks)[-3:]
    assert all(ack.status in {200, 503} for ack in acks)
    assert await until(lambda: not missing(slack, cards), 20), missing(slack, cards)


def missing(slack: StandIn, cards: list[Shown | None]) -> list[str]:
    """Who still waits for a card."""
    first = [f"U3{n:02}" for n in range(PEOPLE) if landed(slack, f"U3{n:02}") != 1]
    pressed = [
        f"U2{n:02}" for n, card in enumerate(cards) if not card or "Sluta" not in card.labels
    ]
    said = [f"U4{n:02}" for n in range(PEOPLE) if len(slack.seen(f"U4{n:02}")) != 2]
    return [*first, *pressed, *said]


def landed(slack: StandIn, user: str) -> int:
    return sum("Du är här nu" in shown.words for shown in slack.seen(user))
