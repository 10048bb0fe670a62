"""A card on its way to its person: what Teams says to it, and what becomes of it; with each kit."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from adapters.teams import wire
from bot.core.errors import DeliveryError
from bot.core.message import Choice, Message
from bot.core.port import Outgoing
from bot.core.turn import Inbound
from tests.adapters.teams.conftest import Landa, outgoing, speech
from tests.standin_teams import StandIn
from tests.standin_teams.world import CHANNEL, ROOM

SAY = Message("Ett", (Choice("tok-1", "Vidare"),), preview="Landa skriver")


async def inbound(teams: StandIn, landa: Landa, user: str = "anna") -> Inbound:
    await teams.say(user, "hej")
    return landa.taken[-1]


async def among_others(teams: StandIn, landa: Landa, user: str = "anna") -> Inbound:
    await teams.mention(user, "paus")
    return landa.taken[-1]


async def failure(landa: Landa, card: Outgoing) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        await landa.platform.deliver(card)
    return raised.value


async def test_a_new_card(teams: StandIn, either: Landa) -> None:
    """A card arrives in the person's own chat, with words for the notification."""
    await either.platform.deliver(outgoing(SAY, await inbound(teams, either)))
    shown = teams.last("anna")
    assert (shown.labels, shown.summary) == (["Vidare"], "Landa skriver")
    assert not teams.complaints


async def test_a_rewritten_card(teams: StandIn, either: Landa) -> None:
    """A press's card is rewritten where it stands, so that it is still there tomorrow."""
    first = await inbound(teams, either)
    await either.platform.deliver(outgoing(SAY, first))
    await teams.press("anna", "Vidare")
    await either.platform.deliver(outgoing(Message("Två"), either.taken[-1]))
    (shown,) = teams.seen("anna")
    assert shown.words == "Två"
    assert len(shown.versions) == 1


async def test_a_card_that_is_gone(teams: StandIn, either: Landa) -> None:
    """A card that somebody has deleted comes as a new one."""
    await either.platform.deliver(outgoing(SAY, await inbound(teams, either)))
    await teams.press("anna", "Vidare")
    teams.messages.clear()
    await either.platform.deliver(outgoing(Message("Två"), either.taken[-1]))
    assert teams.last("anna").words == "Två"


async def test_a_card_that_was_left(teams: StandIn, either: Landa) -> None:
    """The neutral word takes the place of the card that was left, or none is sent."""
    await either.platform.deliver(outgoing(SAY, await inbound(teams, either)))
    await teams.press("anna", "Vidare")
    card = outgoing(Message("Klart"), either.taken[-1])
    assert card.address["lasting"] is True
    left = replace(card, address={**card.address, "left": True})
    await either.platform.deliver(left)
    (shown,) = teams.seen("anna")
    assert (shown.words, shown.labels) == ("Klart", [])
    teams.messages.clear()
    await either.platform.deliver(left)
    assert teams.seen("anna") == []


async def test_among_others_it_is_answered_alone(teams: StandIn, either: Landa) -> None:
    """Asked in a channel, Landa answers in the person's own chat; the channel shows nothing."""
    teams.added.add("anna")
    first = await among_others(teams, either)
    for text in ("Ett", "Två"):
        await either.platform.deliver(outgoing(Message(text), first))
    assert [shown.words for shown in teams.seen("anna")] == ["Ett", "Två"]
    assert teams.seen(room=ROOM) == []
    assert [call.method for call in teams.calls] == ["CREATE", "POST", "POST"]
    assert not teams.complaints


async def test_where_the_home_is_known(teams: StandIn, either: Landa) -> None:
    """No chat is made anew for somebody whose own chat is known."""
    teams.added.add("anna")
    asked = await among_others(teams, either)
    home = (await inbound(teams, either)).place.address
    address = asked.place.address
    card = Outgoing("row-1", address, False, Message("Ett"), "sv", asked.at, home)
    await either.platform.deliver(card)
    assert [call.method for call in teams.calls] == ["POST"]
    assert teams.last("anna").words == "Ett"


async def test_somebody_without_landa(teams: StandIn, either: Landa) -> None:
    """A mention by somebody who has not added Landa is answered by one general sentence, in the
    thread; nothing of the card is in it.
    """
    asked = await among_others(teams, either, "bo")
    await either.platform.deliver(outgoing(SAY, asked))
    (shown,) = teams.seen(room=ROOM)
    assert shown.text == speech().words["sv"]("teams.add")
    assert not shown.card
    assert not shown.summary


async def test_a_press_without_landa(teams: StandIn, either: Landa) -> None:
    """A press among others by somebody without Landa was told so in its answer: no more is said."""
    asked = await among_others(teams, either, "bo")
    address = {**asked.place.address, "pressed": True}
    card = Outgoing("row-1", address, False, SAY, "sv", asked.at)
    assert (await failure(either, card)).permanent
    assert teams.seen(room=ROOM) == []


async def test_shut_out(teams: StandIn, either: Landa) -> None:
    """Somebody who has blocked Landa is written to no more; that it was they who did is told."""
    asked = await inbound(teams, either)
    teams.blocked.add("anna")
    refused = await failure(either, outgoing(SAY, asked))
    assert (refused.permanent, refused.shut, refused.reason) == (True, True, "MessageWritesBlocked")


FAULTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"kind": "status", "status": 429, "retry_after": "7"}, {"retry_after_s": 7.0}),
    ({"kind": "status", "status": 429}, {"retry_after_s": None}),
    ({"kind": "status", "status": 429, "retry_after": "soon"}, {"retry_after_s": None}),
    ({"kind": "status", "status": 412}, {"retry_after_s": None}),
    ({"kind": "status", "status": 401}, {}),
    ({"kind": "status", "status": 500}, {"unknown": True}),
    ({"kind": "status", "status": 502}, {"unknown": True}),
    ({"kind": "status", "status": 504}, {"unknown": True}),
    ({"kind": "html", "status": 502}, {"unknown": True}),
    ({"kind": "html", "status": 200}, {"unknown": True}),
    ({"kind": "status", "status": 302}, {"unknown": True}),
    ({"kind": "reset"}, {"unknown": True}),
    ({"kind": "lost"}, {"unknown": True}),
    ({"kind": "hang", "seconds": 5}, {"unknown": True}),
    ({"kind": "status", "status": 400, "code": "BadSyntax"}, {"permanent": True}),
    ({"kind": "status", "status": 403, "code": "MessageWritesBlocked"}, {"permanent": True}),
    ({"kind": "status", "status": 403, "code": "BotNotInConversationRoster"}, {"permanent": True}),
    ({"kind": "status", "status": 404, "code": "ConversationNotFound"}, {"permanent": True}),
    ({"kind": "status", "status": 413, "code": "MessageSizeTooBig"}, {"permanent": True}),
]


@pytest.mark.parametrize(
    ("fault", "meant"), FAULTS, ids=lambda one: "-".join(map(str, one.values()))
)
async def test_faults(
    teams: StandIn,
    either: Landa,
    monkeypatch: pytest.MonkeyPatch,
    fault: dict[str, Any],
    meant: dict[str, Any],
) -> None:
    """Each refusal means what Microsoft says: again, wait, nobody knows, or never."""
    short = wire.aiohttp.ClientTimeout(total=0.5)
    monkeypatch.setattr(wire, "TIMEOUT", short)
    asked = await inbound(teams, either)
    teams.fail(**fault)
    refused = await failure(either, outgoing(SAY, asked))
    expected = {"permanent": False, "unknown": False, "retry_after_s": None, **meant}
    assert {name: getattr(refused, name) for name in expected} == expected
    assert "Ett" not in str(refused)
    await either.platform.deliver(outgoing(SAY, asked))  # and the next one goes through


async def test_nobody_there(teams: StandIn, either: Landa) -> None:
    """A connector that cannot be reached is a card that waits."""
    asked = await inbound(teams, either)
    await either.platform.deliver(outgoing(SAY, asked))
    await teams._runner.cleanup()
    refused = await failure(either, outgoing(SAY, asked))
    assert (refused.permanent, refused.reason) in {
        (False, "no connection"),
        (False, "connection lost"),
    }


async def test_elsewhere(teams: StandIn, either: Landa) -> None:
    """An address that leads out of Teams is never called, however it got where it lies."""
    asked = await inbound(teams, either)
    address = {**asked.place.address, "service": "https://example.org/"}
    card = Outgoing("row-1", address, False, SAY, "sv", asked.at)
    assert (await failure(either, card)).permanent


async def test_closed(teams: StandIn, either: Landa) -> None:
    """After the end, cards wait for the next start."""
    asked = await inbound(teams, either)
    await either.platform.close()
    assert not (await failure(either, outgoing(SAY, asked))).permanent


async def test_one_pool(teams: StandIn, either: Landa) -> None:
    """A hundred cards at once need one token."""
    asked = await inbound(teams, either)
    teams.paced = False
    await asyncio.gather(
        *(either.platform.deliver(outgoing(Message(str(n)), asked)) for n in range(100))
    )
    assert len(teams.seen("anna")) == 100
    assert teams.login.given == 1


async def test_a_teams_card_is_for_all(teams: StandIn, either: Landa) -> None:
    """What is put into a team's channel stands there, addressed to nobody in particular."""
    place = (await among_others(teams, either)).place
    assert "person" not in place.room
    card = replace(outgoing(SAY, either.taken[-1]), address=place.room)
    teams.messages.clear()
    await either.platform.deliver(card)
    (shown,) = teams.messages
    assert (shown.talk, shown.labels) == (CHANNEL, ["Vidare"])
