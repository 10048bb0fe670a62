"""What Teams sends, told as one act: payloads in the shapes that Teams sends them in."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.fields import MalformedError
from adapters.teams.inbound import to_inbound
from bot.core.turn import Commanded, Hints, Inbound, Joined, Left, Person, Place, Pressed, Said

PAYLOADS = Path(__file__).parent / "payloads"
AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TENANT = "7e4a0000-1111-4222-8333-00000000cafe"
TOKEN = "6924128a~calm~0123456789abcdef01"


def payload(name: str) -> dict[str, Any]:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


def inbound(name: str, **changes: Any) -> Inbound:
    found = to_inbound({**payload(name), **changes}, AT)
    assert found is not None
    return found


TURNS = {
    "message": Said("paus"),
    "message_called": Commanded("paus"),
    "message_slash": Commanded("andas"),
    "message_at": Commanded("stöd"),
    "message_label": Said("Lugna kroppen"),
    "message_nbsp": Said("jag vill andas"),
    "message_picture": Said(""),
    "message_mention": Commanded("hem"),
    "message_of_others": Said("tack   och"),
    "message_no_locale": Said("paus"),
    "mention_channel": Commanded("paus"),
    "mention_channel_bare": Commanded(""),
    "mention_channel_twice": Commanded("hej   landa stöd"),
    "mention_group": Commanded("andas"),
    "press": Pressed(TOKEN),
    "press_form": Pressed(
        "6924128a~save~0123456789abcdef01", {"language": "en", "days": "mon tue", "at": ""}
    ),
    "press_channel": Pressed("s5123~land~0123456789abcdef01"),
    "press_gone": Pressed(TOKEN),
    "submit": Pressed(TOKEN),
    "submit_other": Said(""),
    "install": Joined(),
    "remove": Left(),
}
NOTHING = [
    *("message_from_bot", "message_channel", "press_other", "press_bare", "install_upgrade"),
    *("install_team", "remove_upgrade", "remove_team", "members_added", "members_removed"),
    *("team_renamed", "edit", "undelete", "delete", "reaction", "reaction_gone", "typing", "read"),
    *("dialog", "search", "feedback", "signin", "end"),
]


def test_every_payload_is_looked_at() -> None:
    """No recorded shape is left out of these tests."""
    assert {path.stem for path in PAYLOADS.glob("*.json")} == {*TURNS, *NOTHING}


@pytest.mark.parametrize("name", TURNS)
def test_turn(name: str) -> None:
    """Each act is the turn that its person meant."""
    assert inbound(name).turn == TURNS[name]


@pytest.mark.parametrize("name", NOTHING)
def test_nothing(name: str) -> None:
    """What is no act of a person towards Landa is tolerated."""
    assert to_inbound(payload(name), AT) is None


@pytest.mark.parametrize(
    ("text", "turn"),
    [
        ("landa", Commanded("")),
        ("Landa", Commanded("")),
        ("LANDA!", Commanded("")),
        (" landa  andas ", Commanded("andas")),
        ("/landa", Commanded("")),
        ("@landa hjälp", Commanded("hjälp")),
        ("landa\nandas", Commanded("andas")),
        ("landade du?", Said("landade du?")),
        ("kan du landa?", Said("kan du landa?")),
        ("Hi", Said("Hi")),
        ("HELLO", Said("HELLO")),
        ("Help", Said("Help")),
        ("<b>paus</b>", Said("<b>paus</b>")),
        ("a\0b\ud800", Said("a�b�")),
    ],
)
def test_called_or_said(text: str, turn: Commanded | Said) -> None:
    """Landa can be called by its name, with or without a mark, or just be written to."""
    assert inbound("message", text=text).turn == turn


def test_person() -> None:
    """A person belongs to their tenant; the same id in another one is somebody else."""
    sender = payload("message")["from"]["id"]
    assert inbound("message").person == Person("teams", TENANT, sender)


def test_private_place() -> None:
    """The person's own chat is where they can be reached at any later time."""
    body, found = payload("message"), inbound("message")
    address = {
        "service": body["serviceUrl"],
        "tenant": TENANT,
        "bot": body["recipient"]["id"],
        "person": body["from"]["id"],
        "talk": body["conversation"]["id"],
    }
    assert found.place == Place("private", address)
    assert found.home == found.place


def test_a_pressed_card() -> None:
    """A press names its card; the place to be reached at later does not."""
    found = inbound("press")
    assert found.place.address["card"] == "1764000000007"
    assert found.home is not None
    assert "card" not in found.home.address
    assert "card" not in inbound("press_gone").place.address


@pytest.mark.parametrize("name", ["mention_channel", "mention_group", "press_channel"])
def test_among_others(name: str) -> None:
    """Among others no card is named, no home is told, and the team is known by its room."""
    found, room = inbound(name), payload(name)["conversation"]["id"]
    assert found.place.kind == "channel"
    assert found.place.address["room"] == room
    assert found.place.team == room.partition(";")[0]
    assert not {"card", "talk"} & set(found.place.address)
    assert found.home is None


def test_hints() -> None:
    """Teams tells a person's name, and their language and time zone in one place or the other."""
    name = "Anna Andersson"
    assert inbound("message").hints == Hints("sv-SE", "Europe/Stockholm", name)
    assert inbound("message_no_locale").hints == Hints("en-GB", "Europe/London", name)
    bare = inbound("message", locale=None, localTimezone=None, entities=None)
    assert bare.hints == Hints(name=name)
    odd = inbound("message", locale=["sv"], localTimezone="x" * 99, entities={})
    assert odd.hints == Hints(name=name)


@pytest.mark.parametrize(
    ("name", "hinted"), [(None, ""), (7, ""), ("  ", ""), ("Å" * 99, "Å" * 64)]
)
def test_a_name_is_only_a_hint(name: object, hinted: str) -> None:
    """Nobody is turned away for what their name is."""
    sender = {**payload("message")["from"], "name": name}
    assert inbound("message", **{"from": sender}).hints.name == hinted


def test_id() -> None:
    """Ids of messages are told apart by their conversation; a repetition has the same one."""
    assert inbound("message").id == inbound("message").id
    other = {**payload("message")["conversation"], "id": "a:another"}
    assert inbound("message", conversation=other).id != inbound("message").id


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""}, {"id": None}, {"id": 5}, {"id": "x" * 2_000}, {"id": "å"}, {"from": None},
        {"from": []}, {"from": {"id": 1}}, {"from": {}}, {"text": 5}, {"text": {}},
        {"conversation": {"conversationType": "personal"}}, {"recipient": None},
        {"recipient": {"id": 5}},
    ],
    ids=repr,
)  # fmt: skip
def test_malformed(change: dict[str, Any]) -> None:
    """A field of another kind than Teams describes is told as that, and nothing else happens."""
    with pytest.raises(MalformedError):
        to_inbound({**payload("message"), **change}, AT)


@pytest.mark.parametrize("value", [None, [], 5, "x", {}, {"action": None}, {"action": []}])
def test_a_malformed_press(value: object) -> None:
    """A press without an action is no press."""
    with pytest.raises(MalformedError):
        to_inbound({**payload("press"), "value": value}, AT)


@pytest.mark.parametrize(
    "data",
    [None, [], "x", {}, {"token": None}, {"token": 5}, {"token": ["x"]}, {"fields": {}}],
    ids=repr,
)
def test_a_button_of_somebody_else(data: object) -> None:
    """A button that carries no token of ours is nothing to Landa."""
    body = payload("press")
    body["value"]["action"]["data"] = data
    assert to_inbound(body, AT) is None


def test_nobody_is_printed() -> None:
    """An act that lands in a log tells neither who nor what nor where."""
    told = repr(inbound("press_form"))
    assert not [part for part in ("29:", "a:17", "6924", "smba", TENANT) if part in told]
