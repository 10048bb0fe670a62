"""A team: cards for all in its channel, and who may change what, whatever way it is tried."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.effect import Post, Replace
from bot.core.errors import StateError
from bot.core.flow import Flow, Reply
from bot.core.library import Library
from bot.core.message import Choice, Form, Message
from bot.core.port import Outgoing
from bot.core.team import Team
from bot.core.turn import Commanded, Inbound, Left, Person, Place, Pressed, Turn
from bot.runtime import codec
from bot.runtime.reading import Plan
from bot.runtime.store import Store
from bot.runtime.store.teams import reading
from bot.runtime.vault import Vault
from tests.core.test_allow import NUDGES, TODAY
from tests.runtime.parts import Small

ROOM: dict[str, str | int | bool] = {"room": "C1", "all": True}
SETTINGS = {"time": "10:00", "days": "1 2 3 4 5", "kinds": "pause", "language": "sv"}


@pytest.fixture
def small(library: Library, store: Store, vault: Vault) -> Small:
    return Small(library, store, vault)


async def act(
    small: Small,
    turn: Turn | Pressed,
    who: str = "anna",
    *,
    workspace: str = "T1",
    room: str = "C1",
) -> list[Outgoing]:
    """What comes of it. room: "" in a talk with Landa alone."""
    small.later(6)
    inbound = small.inbound(turn, who=who)
    person, address = Person("test", workspace, who), inbound.place.address
    place = Place("channel", address, room, {**ROOM, "room": room}) if room else inbound.place
    count = len(small.sent)
    await small.turns(replace(inbound, person=person, place=place, at=small.now))
    await small.outbox.settled()
    return small.sent[count:]


def button(card: Outgoing, label: str) -> str:
    return next(choice.id for choice in card.card.choices if choice.label == label)


async def set_up(small: Small, *, room: str = "C1", answers: str = "C1") -> list[Outgoing]:
    """answers: where its private cards stand, and are pressed."""
    (about,) = await act(small, Commanded("team"), room=room)
    (form,) = await act(small, Pressed(button(about, "Ställ in")), room=answers)
    assert isinstance(form.card, Form)
    return await act(small, Pressed(button(form, "Spara"), SETTINGS), room=answers)


async def agreed(small: Small, vault: Vault, workspace: str = "T1", room: str = "C1") -> Any:
    """The rows of a team, of its leads, of its slips, and of who can be asked there."""
    return await small.store.ask(*reading(vault.hash("team", "test", workspace, room)))


async def test_a_line_for_all(small: Small) -> None:
    """What is said to all goes to the room's own address, which names nobody, and in its order."""
    private, line = await set_up(small)
    assert private.address["who"] == "anna"
    assert dict(line.address) == ROOM
    assert not line.replace
    assert not line.home
    assert "anna" not in repr(line)


async def test_answers_in_a_talk_of_two(small: Small, vault: Vault) -> None:
    """Where private answers stand in a talk with Landa alone, its cards are the team's still."""
    _, line = await set_up(small, answers="")
    assert dict(line.address) == ROOM
    rows, leads, *_ = await agreed(small, vault)
    assert (len(rows), len(leads)) == (1, 1)
    (where,) = await act(small, Commanded("team"), room="")
    assert where.card.text == small.library.words["sv"]("team.where")


async def test_nothing_of_a_team_remains(small: Small, vault: Vault) -> None:
    """When a lead ends it, no row of the team is left, nor anything that was planned."""
    await set_up(small)
    (summary,) = await act(small, Commanded("team"))
    (sure,) = await act(small, Pressed(button(summary, "Avsluta")))
    await act(small, Pressed(button(sure, "Ja, avsluta den")))
    assert [len(found) for found in await agreed(small, vault)] == [0, 0, 0, 0]
    team = await small.store.load(vault.hash("team", "test", "T1", "C1"), b"x")
    assert team.nudges is None
    small.sent.clear()
    await small.tick(86_400)
    assert small.sent == []


async def test_a_lead_who_leaves(small: Small, vault: Vault) -> None:
    """Who leaves is a lead no more, in any team; the teams go on."""
    for room in ("C1", "C2"):
        await set_up(small, room=room, answers=room)
    await act(small, Left(), room="")
    for room in ("C1", "C2"):
        rows, leads, *_ = await agreed(small, vault, room=room)
        assert (len(rows), len(leads)) == (1, 0)


@pytest.mark.parametrize(
    ("who", "workspace", "room"),
    [("bo", "T1", "C1"), ("anna", "T2", "C1"), ("anna", "T1", "C2"), ("anna", "T1", "")],
    ids=["a member", "another workspace", "another channel", "nowhere"],
)
async def test_a_leads_button_is_the_leads(
    small: Small, vault: Vault, who: str, workspace: str, room: str
) -> None:
    """Whoever else presses it, or wherever else, changes nothing that is agreed."""
    await set_up(small)
    (summary,) = await act(small, Commanded("team"))
    before = await agreed(small, vault)
    if room == "":  # it was shown in the channel; in a talk alone it is the same lead's own card
        (form,) = await act(small, Pressed(button(summary, "Ändra")), room="")
        assert isinstance(form.card, Form)
    else:
        await act(small, Pressed(button(summary, "Avsluta")), who, workspace=workspace, room=room)
    assert await agreed(small, vault) == before


async def test_a_member_by_every_way(small: Small, vault: Vault) -> None:
    """A member who takes the setup form of an earlier moment, when nothing was agreed yet, changes
    nothing that somebody else agreed since."""
    (about,) = await act(small, Commanded("team"), "bo")
    (form,) = await act(small, Pressed(button(about, "Ställ in")), "bo")
    await set_up(small)
    before = await agreed(small, vault)
    said = await act(small, Pressed(button(form, "Spara"), {**SETTINGS, "time": "09:00"}), "bo")
    assert await agreed(small, vault) == before
    assert [one.address.get("who") for one in said] == ["bo"]
    assert small.library.words["sv"]("team.who_may") in said[0].card.text


async def test_a_command_is_ridden_by_its_own_card(small: Small) -> None:
    """What is said to all never rides on the answer to one person."""
    line = Message("Till alla.")

    def start(context: object, data: object) -> Reply:
        return Reply("", (Post(line, "sv"), Replace(Message("Till dig."))))

    flow = Flow("land", start, start)  # type: ignore[arg-type]
    plan = Plan(small.library, {"land": flow}, small.turns._plan.sites, "sv")
    small.turns._plan = plan
    inbound = small.inbound(Commanded(""))
    answer = await small.turns(
        replace(inbound, place=Place("channel", inbound.place.address, "C1", ROOM)), ride=True
    )
    await small.outbox.settled()
    assert answer.riding
    assert answer.riding.card.text == "Till dig."
    assert [one.card.text for one in small.sent] == ["Till alla."]


async def test_a_posted_card_stands(small: Small) -> None:
    """A card for all whose buttons are one person's is a fault of ours, and is not sent."""
    card = Message("Till alla.", (Choice("calm", "Lugna kroppen"),))

    def start(context: object, data: object) -> Reply:
        return Reply("", (Post(card, "sv"),))

    flow = Flow("land", start, start)  # type: ignore[arg-type]
    small.turns._plan = Plan(small.library, {"land": flow}, small.turns._plan.sites, "sv")
    inbound: Inbound = small.inbound(Commanded(""))
    place = Place("channel", inbound.place.address, "C1", ROOM)
    answer = await small.turns(replace(inbound, place=place))
    assert answer.taken == "refused"
    assert small.sent == []


def test_a_moved_row_is_no_team(vault: Vault) -> None:
    """What was agreed is read as it was written, and a sealed row moved to another team is not."""
    team = Team("sv", frozenset({"pause"}), TODAY, NUDGES, frozenset({"a1"}), TODAY)
    sealed = codec.seal_team(team, vault, b"here")
    assert codec.open_team(sealed, NUDGES, frozenset({"a1"}), vault, b"here") == team
    with pytest.raises(StateError):
        codec.open_team(sealed, NUDGES, frozenset(), vault, b"there")
