"""When the answer to a card is lost: it comes once, or at most once more where nobody can look."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.errors import DeliveryError
from bot.core.message import Field, Form, Option
from bot.core.port import Outgoing
from tests.adapters.slack.conftest import Landa
from tests.adapters.slack.test_deliver import (
    ANNA,
    ROOM,
    in_dm,
    in_room,
    mentioned,
    methods,
    outgoing,
)
from tests.standin_slack import Shown, StandIn

LOST = ("reset_before", "reset_after")


async def tried(landa: Landa, card: Outgoing) -> DeliveryError:
    with pytest.raises(DeliveryError) as failed:
        await landa.platform.deliver(card)
    return failed.value


def again(card: Outgoing, doubts: int = 1) -> Outgoing:
    return replace(card, doubts=doubts)


def cards(slack: StandIn) -> int:
    return len([shown for shown in slack.seen(ANNA) if shown.author == "landa"])


@pytest.mark.parametrize("kind", LOST)
async def test_a_message_comes_once(slack: StandIn, landa: Landa, kind: str) -> None:
    """In the person's own chat a card whose answer was lost is looked for before it is sent again:
    it comes once, whether Slack had taken it or not."""
    slack.fail("chat.postMessage", kind)
    card = outgoing(in_dm(), new=True)
    assert (await tried(landa, card)).unknown
    await landa.platform.deliver(again(card))
    await landa.platform.deliver(again(card, 2))
    assert cards(slack) == 1
    sent = 1 if kind == "reset_after" else 2
    assert methods(slack).count("chat.postMessage") == sent
    assert slack.complaints == []


async def test_the_chat_is_known_from_home(slack: StandIn, landa: Landa) -> None:
    """What was asked in a channel long ago is looked for in the person's own chat."""
    slack.fail("chat.postMessage", "reset_after")
    card = replace(outgoing(mentioned(), minutes=600), home=in_dm())
    await tried(landa, card)
    await landa.platform.deliver(again(card))
    assert cards(slack) == 1


async def test_only_the_card_itself_counts(slack: StandIn, landa: Landa) -> None:
    """Neither another card with the same words nor anything a person wrote is taken for it."""
    await landa.platform.deliver(replace(outgoing(in_dm(), new=True), id="row-0"))
    slack.put(Shown(slack.dm(ANNA), slack.ts(), "card-row-1", [], author=ANNA))
    await landa.platform.deliver(again(outgoing(in_dm(), new=True)))
    assert cards(slack) == 2


async def test_the_first_try_looks_for_nothing(slack: StandIn, landa: Landa) -> None:
    """Nothing is read in anybody's chat while nothing went wrong."""
    await landa.platform.deliver(outgoing(in_dm(), new=True))
    assert methods(slack) == ["chat.postMessage"]


@pytest.mark.parametrize("why", ["ratelimited", "reset", "html"])
async def test_not_told_is_not_denied(slack: StandIn, landa: Landa, why: str) -> None:
    """While Slack does not tell whether the card is there, it is not sent; the doubt remains."""
    faults: dict[str, Any] = {"ratelimited": {"retry_after": "7"}}
    kind = "reset_before" if why == "reset" else why
    slack.fail("conversations.history", kind, **faults.get(why, {}))
    error = await tried(landa, again(outgoing(in_dm(), new=True)))
    assert (error.unknown, error.permanent) == (True, False)
    assert error.retry_after_s == (7 if why == "ratelimited" else None)
    assert cards(slack) == 0


PLACES = ("ephemeral", "mention", "another talk", "from nowhere")


@pytest.mark.parametrize("place", PLACES)
async def test_where_nobody_can_look(slack: StandIn, landa: Landa, place: str) -> None:
    """Where it cannot be seen whether a new card arrived, it is sent once more and no oftener."""
    slack.joined.add(ROOM)
    if place == "another talk":
        slack.fail("conversations.history", "error", code="channel_not_found")
        slack.fail("conversations.history", "error", code="channel_not_found")
    address = {
        "ephemeral": in_room(slack),
        "mention": mentioned(),
        "another talk": in_dm(),
        "from nowhere": {"user": ANNA, "dm": True},
    }[place]
    card = outgoing(address, new=True)
    await landa.platform.deliver(again(card))
    assert cards(slack) == 1
    error = await tried(landa, again(card, 2))
    assert (error.reason, error.permanent) == ("outcome_unknown", True)
    assert cards(slack) == 1


@pytest.mark.parametrize("place", ["ephemeral", "own chat"])
@pytest.mark.parametrize("kind", LOST)
async def test_to_rewrite_twice_is_to_rewrite_once(
    slack: StandIn, landa: Landa, place: str, kind: str
) -> None:
    """A card that is rewritten is rewritten until Slack says so: that shows nothing twice."""
    shown = slack.put(Shown(ROOM if place == "ephemeral" else slack.dm(ANNA), "1.1", "före", []))
    method = "response_url" if place == "ephemeral" else "chat.update"
    address = (
        in_room(slack, shown, card=True) if place == "ephemeral" else in_dm(card=True, ts="1.1")
    )
    for _ in range(3):
        slack.fail(method, kind)
    card = outgoing(address)
    for doubts in range(3):
        assert (await tried(landa, again(card, doubts))).unknown
    await landa.platform.deliver(again(card, 3))
    assert shown.text.startswith("Hemliga ord.")
    assert len(slack.messages) == 1


async def test_a_form_keeps_its_fields_names(slack: StandIn, landa: Landa) -> None:
    """The mark stands on a block that has no name: a form's answers are found as before."""
    options = (Option("a", "A"),)
    form = Form("", "", (Field("lang", "Språk", options, "a"),), ())
    await landa.platform.deliver(replace(outgoing(in_dm(), new=True), card=form))
    assert [block["block_id"] for block in slack.last(ANNA).blocks] == ["lang"]
