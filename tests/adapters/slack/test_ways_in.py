"""Every way to call Landa is answered, privately, whichever way Slack reaches it."""

import pytest

from bot.core.message import Message
from bot.core.port import Answer, Taken
from bot.core.turn import Commanded
from tests.adapters.slack.conftest import Landa, outgoing
from tests.standin_slack import Shown, StandIn

ANNA = "U0ANNA001"
BO = "U0BO00001"
ROOM = "C0ENHET01"
CARD = Message("Du är här nu.")


async def test_mention(slack: StandIn, either: Landa) -> None:
    """Called by name among others, Landa answers that person alone, and says no word aloud."""
    slack.joined.add(ROOM)
    acks = await slack.mention(ANNA, "paus & <vila>", ROOM)
    assert [(ack.status, ack.body) for ack in acks] == [(200, "")]
    assert either.taken[0].turn == Commanded("paus & <vila>")
    await either.platform.deliver(outgoing(CARD, either.taken[0], replace=False))
    assert slack.last(ANNA, ROOM).text == "Du är här nu."
    assert [shown.author for shown in slack.seen(BO, ROOM)] == [ANNA]


async def test_shortcut(slack: StandIn, either: Landa) -> None:
    """Called from Slack's menu, the card comes in the person's own chat and rides on nothing."""
    ack = await slack.shortcut(ANNA)
    assert (ack.status, ack.body, either.taken[0].turn) == (200, "", Commanded(""))
    assert either.ridden == 0
    await either.platform.deliver(outgoing(CARD, either.taken[0], replace=False))
    assert slack.last(ANNA).channel == slack.dm(ANNA)
    assert slack.complaints == []


async def test_shortcut_on_a_message(slack: StandIn, either: Landa) -> None:
    """Called on a heavy message, the card stands beside it for one person's eyes."""
    heavy = slack.put(Shown(ROOM, slack.ts(), "kanariefågel", [], author=BO))
    ack = await slack.message_shortcut(ANNA, heavy)
    assert (ack.status, ack.body, either.taken[0].turn) == (200, "", Commanded(""))
    assert "kanariefågel" not in str(dict(either.taken[0].place.address))
    await either.platform.deliver(outgoing(CARD, either.taken[0], replace=False))
    assert (slack.last(ANNA).channel, slack.last(ANNA).only) == (ROOM, ANNA)
    assert slack.complaints == []


@pytest.mark.parametrize(
    ("taken", "taken_by_slack"), [("new", True), ("seen", True), ("late", True), ("refused", False)]
)
async def test_a_shortcut_that_failed(
    slack: StandIn, either: Landa, taken: Taken, taken_by_slack: bool
) -> None:
    """Where nothing could be kept, Slack itself tells the person that it did not work."""
    either.answer = Answer(taken)
    either.card = None
    ack = await slack.shortcut(ANNA)
    assert (ack.status == 200) is taken_by_slack


@pytest.mark.parametrize("taken", ["late", "refused"])
async def test_a_mention_comes_again(slack: StandIn, either: Landa, taken: Taken) -> None:
    """A mention is an event: what could not be taken is sent again, under the same id."""
    either.answer = Answer(taken)
    assert len(await slack.mention(ANNA, "paus", ROOM)) == 4
    assert len({inbound.id for inbound in either.taken}) == 1
