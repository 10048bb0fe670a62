"""What the page sends becomes a turn, or nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.inbound import Line, person_of, to_inbound, to_line
from bot.core.turn import Commanded, Pressed, Said

AT = datetime(2025, 11, 24, 8, 14, tzinfo=UTC)
ACT = {"id": "5f0c7a3e-1111-4222-8333-abcdefabcdef"}


def turn(**body: object) -> object:
    inbound = to_inbound({**ACT, **body}, "anna", AT)
    return inbound.turn if inbound else None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/landa", ""),
        ("/landa andas", "andas"),
        ("  /LANDA   andas nu ", "andas nu"),
        ("@Landa läge", "läge"),
        ("@landa, läge", "läge"),
        ("/landa\nläge", "läge"),
    ],
)
@pytest.mark.parametrize("room", ["chat", "channel"])
def test_a_command_is_heard_in_both_rooms(text: str, asked: str, room: str) -> None:
    """What stands after /landa or @Landa is a command, wherever it is written."""
    assert turn(room=room, text=text) == Commanded(asked)


def test_other_words_reach_landa_only_in_private() -> None:
    """Landa hears what is written to it alone, and never listens to the team's talk."""
    assert turn(room="chat", text="jag vill andas") == Said("jag vill andas")
    assert turn(room="channel", text="ska vi ta en runda?") is None
    assert turn(room="channel", text="/landaren") is None


def test_who_sees_typed_words() -> None:
    """A slash command is seen by its writer alone; a mention and plain talk by the team."""

    def seen(room: str, text: str) -> bool:
        line = to_line({**ACT, "room": room, "text": text}, "anna")
        assert isinstance(line, Line)
        return line.for_team

    assert not seen("chat", "hej")
    assert not seen("channel", "/landa läge")
    assert seen("channel", "@Landa läge")
    assert seen("channel", "hej")


def test_a_press_names_its_card() -> None:
    """A press carries its token untouched, and the card that may be rewritten."""
    body = {**ACT, "room": "channel", "card": "out-1", "token": "s.4.abc", "values": {"a": "b"}}
    inbound = to_inbound(body, "bashir", AT)
    assert inbound is not None
    assert inbound.turn == Pressed("s.4.abc", {"a": "b"})
    assert inbound.place.kind == "channel"
    assert inbound.place.address == {"person": "bashir", "room": "channel", "card": "out-1"}
    assert (inbound.person.platform, inbound.person.workspace) == ("web", "preview")
    assert (inbound.person.id, inbound.id, inbound.at) == ("bashir", ACT["id"], AT)
    assert to_line(body, "bashir") is None


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {},
        {"room": "chat", "text": "hej"},
        {**ACT, "room": "attic", "text": "hej"},
        {**ACT, "room": ["chat"], "text": "hej"},
        {**ACT, "room": "chat"},
        {**ACT, "room": "chat", "text": "   "},
        {**ACT, "room": "chat", "text": 7},
        {**ACT, "room": "chat", "text": "å" * 4001},
        {**ACT, "room": "chat", "text": "half \ud83d"},
        {**ACT, "room": "chat", "text": "a\0b"},
        {**ACT, "room": "chat", "token": "t"},
        {**ACT, "room": "chat", "token": "t", "card": ""},
        {**ACT, "room": "chat", "token": "t" * 4001, "card": "c"},
        {**ACT, "room": "chat", "token": "t", "card": "c", "text": "both"},
        {**ACT, "room": "chat", "token": "t", "card": "c", "values": ["a"]},
        {**ACT, "room": "chat", "token": "t", "card": "c", "values": {"a": 1}},
        {**ACT, "room": "chat", "token": "t", "card": "c", "values": {"a": "b" * 4001}},
        {"id": "x" * 65, "room": "chat", "text": "hej"},
        {"id": "short", "room": "chat", "text": "hej"},
        {"id": 12345678, "room": "chat", "text": "hej"},
    ],
)
def test_nothing_comes_of_what_is_no_act(body: object) -> None:
    """A body that the page would never send becomes no turn and no line."""
    assert to_inbound(body, "anna", AT) is None
    assert to_line(body, "anna") is None


def test_only_the_team_is_played() -> None:
    """Nobody outside the little team can be acted for."""
    assert person_of({"person": "cecilia"}) == "cecilia"
    assert [person_of(b) for b in ({"person": "eve"}, {"person": ["anna"]}, {}, None)] == [None] * 4


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["chat", "channel"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
keys = st.sampled_from(["id", "room", "text", "token", "card", "values", "person"])


@given(st.dictionaries(keys, anything | st.just(ACT["id"])) | anything)
def test_no_body_is_too_strange(body: object) -> None:
    """Whatever JSON comes in, reading it never raises."""
    person_of(body)
    to_inbound(body, "anna", AT)
    to_line(body, "anna")
