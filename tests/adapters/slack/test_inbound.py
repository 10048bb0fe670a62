"""Every payload that Slack sends becomes one act of one person, or nothing."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.change import change_of
from adapters.slack.fields import MalformedError
from adapters.slack.inbound import to_inbound
from adapters.slack.sender import is_external
from bot.core.turn import Commanded, Inbound, Left, Looked, Person, Pressed, Said

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PAYLOADS = Path(__file__).parent / "payloads"
NAMES = sorted(path.stem for path in PAYLOADS.glob("*.json"))
ANNA = Person("slack", "T0LANDA01", "U0ANNA001")
WRONG = (None, True, 0, -1.5, "", [], {}, [None], {"id": 1}, "\ud800\0", "x" * 4_000, [[]])


def payload(name: str) -> dict[str, Any]:
    return json.loads((PAYLOADS / f"{name}.json").read_text())


def taken(name: str) -> Inbound:
    inbound = to_inbound(payload(name), AT)
    assert inbound is not None
    return inbound


def paths(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every value of a payload stands."""
    items = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*path, key))


def with_value(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    body = copy.deepcopy(body)
    part = body
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return body


def test_command_in_a_channel() -> None:
    """A command asked among others knows its words, its person and where to answer privately."""
    inbound = taken("command_channel")
    assert inbound.turn == Commanded("lådan & läge")
    assert inbound.person == ANNA
    assert inbound.place.kind == "channel"
    assert inbound.at == AT
    assert inbound.place.address == {
        "team": "T0LANDA01",
        "channel": "C0ENHET01",
        "user": "U0ANNA001",
        "dm": False,
        "response_url": payload("command_channel")["response_url"],
        "trigger": payload("command_channel")["trigger_id"],
    }
    assert inbound.id.startswith("command:8602511913333.")


def test_command_in_a_direct_message() -> None:
    """A bare command is an empty one, and a direct message is private."""
    inbound = taken("command_dm")
    assert inbound.turn == Commanded("")
    assert inbound.place.kind == "private"
    assert inbound.place.address["dm"] is True


def test_press_on_an_ephemeral_card() -> None:
    """A press hands back its token as it was, and names its card for rewriting."""
    inbound = taken("press_ephemeral")
    assert inbound.turn == Pressed("land.calm~3~sIgNaTuRe")
    assert inbound.person == ANNA
    assert inbound.place.address["card"] is True
    assert "ts" not in inbound.place.address
    assert inbound.id.startswith("action:8602511914444.")


def test_press_in_a_direct_message() -> None:
    """A card in the person's own chat can be rewritten by its ts for as long as it stands."""
    address = taken("press_dm").place.address
    assert address["card"] is True
    assert address["ts"] == "1795420790.000100"
    assert address["dm"] is True


def test_press_on_a_card_that_others_see() -> None:
    """A card in a channel is never named for rewriting: others would read the answer."""
    address = taken("press_shared_card").place.address
    assert "card" not in address
    assert "ts" not in address


def test_form() -> None:
    """A form brings the chosen option of each field; a field left empty is not there."""
    turn = taken("press_form").turn
    assert turn == Pressed(
        "settings.save~9~sIgNaTuRe", {"motion": "moving", "zone": "Europe/Stockholm"}
    )


def test_message() -> None:
    """Words to Landa alone arrive as they were written, unescaped once."""
    inbound = taken("message_im")
    assert inbound.turn == Said("paus <tack> &amp;")
    assert inbound.place.kind == "private"
    assert inbound.id == "event:Ev08H9ABCDEF"
    assert inbound.place.address == {
        "team": "T0LANDA01",
        "channel": "D0ANNA001",
        "user": "U0ANNA001",
        "dm": True,
    }


def test_mention() -> None:
    """Who calls Landa by name among others is answered there, for their eyes alone."""
    inbound = taken("app_mention")
    assert inbound.turn == Commanded("paus")
    assert (inbound.person, inbound.place.kind) == (ANNA, "channel")
    assert inbound.id == "event:Ev08H9ABCDEF"
    assert inbound.place.address == {
        "team": "T0LANDA01",
        "channel": "C0ENHET01",
        "user": "U0ANNA001",
        "dm": False,
    }


def test_mention_in_a_thread() -> None:
    """The thread is remembered, and the names of others are not handed on."""
    inbound = taken("mention_thread")
    assert inbound.turn == Commanded("hej   paus &")
    assert inbound.place.address["thread"] == "1795420800.000100"


def test_landa_by_name_in_its_own_chat() -> None:
    """Words to Landa alone mean the same with its name before them."""
    body = with_value(payload("message_im"), ("event", "text"), "<@U0LANDA01> paus")
    inbound = to_inbound(body, AT)
    assert inbound is not None
    assert inbound.turn == Said("paus")


def test_shortcut() -> None:
    """Called from Slack's menu there is no channel: the answer goes to the person's own chat."""
    inbound = taken("shortcut")
    assert (inbound.turn, inbound.person, inbound.place.kind) == (Commanded(""), ANNA, "private")
    assert inbound.place.address == {"team": "T0LANDA01", "user": "U0ANNA001", "dm": True}
    assert inbound.id.startswith("shortcut:8602511916666.")


def test_a_press_on_the_page() -> None:
    """What is pressed on the Home is answered in the person's own chat; it can open a window."""
    inbound = taken("press_home")
    assert inbound.turn == Pressed("s50eb~land~sIgNaTuRe")
    assert inbound.place.kind == "private"
    assert inbound.place.address == {
        "team": "T0LANDA01",
        "user": "U0ANNA001",
        "dm": True,
        "trigger": payload("press_home")["trigger_id"],
    }


def test_the_page_is_opened() -> None:
    """Who opens the Home looks at a page, and does nothing else."""
    inbound = taken("home_opened")
    assert (inbound.turn, inbound.person) == (Looked("overview"), ANNA)


def test_a_window_is_sent() -> None:
    """A window brings its form's token and what stands in its fields, unescaped once."""
    inbound = taken("submission")
    values = {"motion": "moving", "word": "<lugnt> & tyst"}
    assert inbound.turn == Pressed("9~save~sIgNaTuRe", values, apart=True)
    assert inbound.place.address == {"team": "T0LANDA01", "user": "U0ANNA001", "dm": True}


def test_a_window_is_sent_twice() -> None:
    """The same window with the same answers is the same act; other answers are another one."""
    body, first = payload("submission"), taken("submission").id
    again = to_inbound({**body, "trigger_id": "1.2.3"}, AT)
    path = ("view", "state", "values", "word", "word-row", "value")
    other = to_inbound(with_value(body, path, "annat"), AT)
    assert again is not None
    assert other is not None
    assert (again.id, other.id == first) == (first, False)
    assert "lugnt" not in first


def test_a_window_is_closed() -> None:
    """A closed window brings its form's token, and no answers."""
    assert taken("closed").turn == Pressed("9~save~sIgNaTuRe", apart=True)
    assert taken("closed").id != taken("submission").id


@pytest.mark.parametrize(
    ("name", "gone"),
    [("user_change", False), ("user_deleted", True), ("user_deleted_grid", True)],
)
def test_somebody_has_changed(name: str, gone: bool) -> None:
    """A change tells who, and whether they are gone; nothing of what it was."""
    change = change_of(payload(name))
    assert change is not None
    assert (change.people, change.gone) == ((ANNA,), gone)
    assert "Berg" not in repr(change)
    leaving = change.leaving(AT, change.people)
    assert [each.turn for each in leaving] == [Left()]


class Sealed(dict[str, Any]):
    """Fails whoever looks into it."""

    def _refuse(self, *_: Any) -> Any:
        raise AssertionError("somebody looked into the message")

    get = __getitem__ = __iter__ = __contains__ = items = keys = values = _refuse


def test_shortcut_on_a_message() -> None:
    """It knows the channel to answer in, and nothing of the message is looked at or kept."""
    inbound = to_inbound({**payload("message_action"), "message": Sealed(text="x")}, AT)
    assert inbound is not None
    assert (inbound.turn, inbound.person, inbound.place.kind) == (Commanded(""), ANNA, "channel")
    assert inbound.place.address == {
        "team": "T0LANDA01",
        "channel": "C0ENHET01",
        "user": "U0ANNA001",
        "dm": False,
        "response_url": payload("message_action")["response_url"],
    }
    kept = json.dumps([inbound.id, dict(inbound.place.address)])
    assert not any(word in kept for word in ("kanariefågel", "U0BO00001", "1795420700"))


@pytest.mark.parametrize(
    "name", ["command_grid", "press_grid", "message_grid", "shortcut_grid", "submission_grid"]
)
def test_organisation_install(name: str) -> None:
    """Where an organisation installed Landa, a person still belongs to one workspace."""
    assert taken(name).person == ANNA


NOTHING = (
    "channel_join command_slackbot home_opened_messages mention_bot mention_dm mention_edited "
    "mention_own mention_workflow message_bot message_broadcast message_changed message_channel "
    "message_deleted message_own press_link shortcut_other submission_other url_verification "
    "user_change user_deleted user_deleted_grid"
)
EXTERNAL = "mention_external message_external press_external shortcut_external submission_external"


@pytest.mark.parametrize("name", NOTHING.split())
def test_nothing_to_take(name: str) -> None:
    """Edits, bots, other apps' forms and opened links are no acts of a person."""
    assert to_inbound(payload(name), AT) is None


@pytest.mark.parametrize("name", NAMES)
def test_people_from_elsewhere(name: str) -> None:
    """Whoever is of another organisation is known by the payload alone; nobody else is."""
    assert is_external(payload(name)) is (name in EXTERNAL.split())


@pytest.mark.parametrize("change", [{"actions": []}, {"actions": None}, {"user": None}])
def test_press_without_its_parts(change: dict[str, Any]) -> None:
    """A press without an action or a person is malformed, not a crash."""
    with pytest.raises(MalformedError):
        to_inbound({**payload("press_ephemeral"), **change}, AT)


def test_characters_that_nothing_can_store() -> None:
    """NUL and lone surrogates are replaced in everything that a person can write."""
    inbound = to_inbound({**payload("command_dm"), "text": "a\0b\ud800c😀"}, AT)
    assert inbound is not None
    assert inbound.turn == Commanded("a\ufffdb\ufffdc😀")


@pytest.mark.parametrize("name", NAMES)
def test_wrong_types(name: str) -> None:
    """A wrong type or a missing field anywhere gives an act, nothing, or MalformedError."""
    body = payload(name)
    for path in paths(body):
        for value in WRONG:
            try:
                changed = with_value(body, path, value)
                is_external(changed)
                change_of(changed)
                inbound = to_inbound(changed, AT)
            except MalformedError:
                continue
            if inbound is not None:
                json.dumps(inbound.place.address).encode()
                assert inbound.person.workspace
                assert inbound.person.id


def test_no_words_in_representations() -> None:
    """What a person wrote, and who it was, stays out of a printed act."""
    for name in ("command_channel", "press_form", "message_im", "submission", "press_home"):
        printed = repr(taken(name))
        assert not any(
            word in printed for word in ("U0ANNA", "T0LANDA", "lådan", "paus", "land", "tyst")
        )
