"""Who may do what in a team, by every way there is: actor x verb x way, on the real runtime."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.core.library import Library
from bot.core.turn import Commanded, Inbound, Person, Place, Pressed
from bot.runtime.store import Store
from bot.runtime.store.teams import reading
from bot.runtime.vault import Vault
from tests.chat import CHANNEL, STOCK, Chat, boxed

SET_UP = ("/landa team", "[Ställ in]", "[Spara] time=10:00 days=1+2+3+4+5 kinds=pause language=sv")
DRAWN = ("/landa posta", "[Släppa jobbet]")
PLANNED = (*DRAWN, "[Varje vecka]", "[Spara] day=1 time=08:45 which=new")
RESTING = (*PLANNED, "/landa posta", "[Frågan varje vecka]", "[Låt den vila]")
REST = {"until": "2026-12-02"}
CHANGE = {"time": "11:00", "days": "1", "kinds": "pause", "language": "sv"}
PLAN = {"day": "3", "time": "09:15", "which": "new"}
ASKED = ("/landa team", "[Fler ansvariga]")
LABELS = (
    "Ändra", "Paus till datum", "Börja igen", "Fler ansvariga", "Avsluta", "Lägg ut den nu",
    "Varje vecka", "Frågan varje vecka", "Skriv en egen", "Ta över",
)  # fmt: skip
"""What only a lead is offered."""


@dataclass(frozen=True)
class Act:
    """A lead's last press: those before it, its button, and what stands in its form."""

    path: tuple[str, ...]
    label: str
    values: dict[str, str] | None = None


SLIP = (
    "/landa lapp",
    '[Visa den för teamet] kind=question length=60 text="Vem gör det lättare att gå hem?"',
)

VERBS = {
    "change": Act(("/landa team", "[Ändra]"), "Spara", CHANGE),
    "rest": Act(("/landa team", "[Paus till datum]"), "Låt den vila", REST),
    "speak again": Act(
        ("/landa team", "[Paus till datum]", "[Låt den vila] until=2026-12-02", "/landa team"),
        "Börja igen",
    ),
    "ask": Act(("/landa team",), "Fler ansvariga"),
    "ask no more": Act((*ASKED, "/landa team"), "Inga fler ansvariga"),
    "end": Act(("/landa team", "[Avsluta]"), "Ja, avsluta den"),
    "post": Act(DRAWN, "Lägg ut den nu"),
    "post own words": Act(
        ("/landa posta", "[Skriv en egen]", '[Se hur den blir] text="Vad ger luft?"'),
        "Lägg ut den nu",
    ),
    "plan": Act((*DRAWN, "[Varje vecka]"), "Spara", PLAN),
    "let the question rest": Act(
        (*PLANNED, "/landa posta", "[Frågan varje vecka]"), "Låt den vila"
    ),
    "ask weekly again": Act((*RESTING, "/landa posta", "[Frågan varje vecka]"), "Börja igen"),
    "take a slip back": Act(
        (*SLIP, "/landa lapp", "[Ta tillbaka en lapp]"), "Vem gör det lättare…"
    ),
    "end the question": Act((*PLANNED, "/landa posta", "[Frågan varje vecka]"), "Avsluta den"),
}
ACTORS = {
    "a member": ("T1", "bo", CHANNEL),
    "a member, in a talk with Landa alone": ("T1", "bo", ""),
    "a lead of another team": ("T1", "dia", CHANNEL),
    "a lead of another team, from there": ("T1", "dia", "south"),
    "a lead of another workspace": ("T2", "anna", CHANNEL),
    "somebody who never was there": ("T1", "eve", ""),
    "nobody": ("T1", "", CHANNEL),
}
WAYS = ("button", "form", "forged choice", "forged owner", "own card, other choice")


@pytest.fixture
async def chat(library: Library, sqlite_store: Store, vault: Vault) -> Chat:
    """Anna leads the team, dia another one; an anna of another workspace leads hers, in a channel
    of the same name."""
    small = Chat(boxed(library, STOCK), sqlite_store, vault)
    await does(small, "anna", CHANNEL, SET_UP)
    await does(small, "dia", "south", SET_UP)
    for number, act in enumerate(SET_UP):
        inbound = small.inbound("anna", act, f"other-{number}", CHANNEL)
        other = replace(inbound.person, workspace="T2")
        await small.turns(replace(inbound, person=other))
        await small.outbox.settled()
    return small


async def does(chat: Chat, who: str, channel: str, acts: Sequence[str]) -> list[str]:
    heard: list[str] = []
    for act in acts:
        heard = await chat.play(f"#{who}@{channel} > {act}")
    return heard


async def state(chat: Chat) -> Any:
    """All that is agreed in any team, as it stands in the database."""
    found: list[Any] = []
    for workspace, channel in (("T1", CHANNEL), ("T1", "south"), ("T2", CHANNEL)):
        team = chat.vault.hash("team", "test", workspace, channel)
        read = await chat.store.ask(*reading(team))
        found += [[tuple(row) for row in rows] for rows in read]
    return found


def to_all(chat: Chat) -> int:
    return len(chat.said.get(CHANNEL, [])) + len(chat.said.get("south", []))


def tokens(way: str, token: str, own: str) -> str:
    said, _, mac = token.rpartition("~")
    made, _, choice = said.partition("~")
    match way:
        case "forged choice":
            return f"{made}~{choice}x~{mac}"
        case "forged owner":
            return f"s{made}~team/{choice}~{mac}"
        case "own card, other choice":
            serial, _, rest = own.partition("~")
            return f"{serial}~{choice}~{rest.rpartition('~')[2]}"
        case _:
            return token


@pytest.mark.parametrize("verb", VERBS)
async def test_only_a_lead_of_that_team(verb: str, chat: Chat) -> None:
    """Whoever is no lead of a team changes nothing in it, and posts nothing to it, by any way; and
    when its lead does the same afterwards, it happens.
    """
    act = VERBS[verb]
    await does(chat, "anna", CHANNEL, act.path)
    token, _ = chat.found("anna", act.label)
    before, posted = await state(chat), to_all(chat)
    for name, (workspace, who, channel) in ACTORS.items():
        person = Person("test", workspace, who)
        for way in WAYS:
            address: dict[str, str | int | bool] = {"who": who or "nobody"}
            place = Place("private", address)
            if channel:
                place = Place("channel", address, channel, {"channel": channel})
            ids = f"{name}-{way}"
            opened = Inbound(f"{ids}-0", person, place, Commanded("team"), chat.now)
            await chat.turns(opened)
            await chat.outbox.settled()
            mine = chat.said[who or "nobody"][-1].card.choices
            own = mine[-1].id if mine else token
            pressed = Pressed(
                tokens(way, token, own), (act.values or {}) if way == "form" else act.values
            )
            await chat.turns(Inbound(f"{ids}-1", person, place, pressed, chat.now))
            await chat.outbox.settled()
            assert await state(chat) == before, (name, way)
            assert to_all(chat) == posted, (name, way)
    place = Place("channel", {"who": "anna"}, CHANNEL, {"channel": CHANNEL})
    lead = Person("test", "T1", "anna")
    await chat.turns(Inbound("at last", lead, place, Pressed(token, act.values), chat.now))
    await chat.outbox.settled()
    assert await state(chat) != before or to_all(chat) > posted


@pytest.mark.parametrize("command", ["team", "fråga", "posta", "lådan posta"])
@pytest.mark.parametrize("actor", ACTORS)
async def test_no_lead_s_button_is_offered(actor: str, command: str, chat: Chat) -> None:
    """Whoever is no lead there sees none of a lead's buttons, whatever they type."""
    workspace, who, channel = ACTORS[actor]
    if (workspace, channel) in {("T2", CHANNEL), ("T1", "south")}:
        return  # there they are the lead
    heard = await does(chat, who or "nobody", channel, [f"/landa {command}"]) if channel else (
        await chat.play(f"@{who} > /landa {command}")
    )  # fmt: skip
    assert heard
    assert not [label for label in LABELS for line in heard if f"[{label}]" in line]


async def test_who_leads_no_more(chat: Chat) -> None:
    """A card that was shown to a lead does nothing once they are none."""
    await does(chat, "anna", CHANNEL, ("/landa team", "[Fler ansvariga]", *DRAWN))
    await does(chat, "cia", CHANNEL, ("[#Jag kan vara ansvarig]", "/landa team", "[Avsluta]"))
    await does(chat, "cia", CHANNEL, ("[Ja, avsluta den]", *SET_UP))
    before, posted = await state(chat), to_all(chat)
    heard = await does(chat, "anna", CHANNEL, ("[Lägg ut den nu]",))
    assert "ansvarig för teamet" in heard[0]
    assert await state(chat) == before
    assert to_all(chat) == posted


async def test_who_puts_a_slip_in(chat: Chat) -> None:
    """Neither who wrote it, nor another team's lead, nor a press from elsewhere puts a slip in the
    box: somebody else in the team does."""
    await does(chat, "anna", CHANNEL, SLIP)
    token, _ = chat.found(CHANNEL, "Lägg i lådan")
    before = await state(chat)
    for number, (who, channel) in enumerate((("anna", CHANNEL), ("dia", "south"), ("eve", ""))):
        address: dict[str, str | int | bool] = {"who": who}
        place = Place("channel" if channel else "private", address, channel, {"channel": channel})
        person = Person("test", "T1", who)
        await chat.turns(Inbound(f"slip-{number}", person, place, Pressed(token), chat.now))
        await chat.outbox.settled()
        assert await state(chat) == before, who
    await does(chat, "bo", CHANNEL, ("[#Lägg i lådan]",))
    assert await state(chat) != before
