"""Where one person is, through JSON and back."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.conversation import VERSION, Conversation, from_json, to_json
from bot.core.errors import StateError
from bot.core.turn import Place

FULL = Conversation(
    "guided",
    "play",
    41,
    {"next": "Nästa", "leave": "Sluta"},
    {"id": "double-sigh", "n": "0"},
    datetime(2026, 11, 24, 8, 0, 1, 500, tzinfo=UTC),
    "sv",
)
LASTING = replace(FULL, card={"talk": "a:1", "card": "17", "lasting": True})
ASKED = replace(FULL, place=Place("channel", {"channel": "C1"}, "C1", {"channel": "C1"}))


@pytest.mark.parametrize(
    "conversation", [FULL, LASTING, ASKED, Conversation(), Conversation(serial=7)]
)
def test_round_trip(conversation: Conversation) -> None:
    """A conversation survives being written down, as it was."""
    plain = json.loads(json.dumps(to_json(conversation)))
    assert from_json(plain, conversation.serial) == conversation


def test_the_serial_stands_apart() -> None:
    """The serial is the store's own: it is not written twice."""
    assert "serial" not in to_json(FULL)
    assert from_json(to_json(FULL), 99).serial == 99


@pytest.mark.parametrize("version", [0, VERSION + 1, "1", None])
def test_unknown_version(version: object) -> None:
    """A conversation of another version is refused, by name."""
    with pytest.raises(StateError, match="version"):
        from_json({**to_json(FULL), "v": version}, 1)


@pytest.mark.parametrize("key", sorted(to_json(FULL)))
def test_missing_key(key: str) -> None:
    """A conversation that lacks something is refused, and the refusal tells nothing of it."""
    state = to_json(FULL)
    del state[key]
    with pytest.raises(StateError) as refused:
        from_json(state, 1)
    assert "double-sigh" not in str(refused.value)


@pytest.mark.parametrize(
    ("key", "value"), [("at", "yesterday"), ("at", 12), ("offered", None), ("data", 3), ("card", 5)]
)
def test_broken_shape(key: str, value: object) -> None:
    """A conversation of a broken shape is refused."""
    with pytest.raises(StateError):
        from_json({**to_json(FULL), key: value}, 1)


def test_repr_tells_nothing() -> None:
    """What a person is in the middle of does not show when a conversation is printed."""
    assert "double-sigh" not in repr(FULL)
    assert "Nästa" not in repr(FULL)
    assert "a:1" not in repr(LASTING)
