"""Windows and pages: within Slack's limits, readable aloud, and never more than words."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.modal import TITLE, corrected, kept_open, window
from adapters.slack.question import question
from adapters.slack.render import page, render
from bot.core.message import Card, Choice, Field, Form, Link, Message, Option
from bot.core.port import Outgoing
from tests.adapters.slack.test_render import CARDS, GOLDEN
from tests.standin_slack.api import content
from tests.standin_slack.limits import check_view

OURS = re.compile(r"<tel:\+?[0-9][0-9 -]*\|[^<>]*>")
"""The one thing between brackets that Landa ever writes."""
HOME = Message(
    "Efter något tungt.\n\n*Så är det inställt*\nSpråk: Svenska",
    (Choice("s1~land~m", "Landa"), Choice("s1~settings~m", "Inställningar", quiet=True)),
    "Det här är Landa",
    "Det kommer i din chatt.",
    standing=True,
)


def outgoing(card: Card) -> Outgoing:
    return Outgoing("row-1", {}, False, card, "sv", datetime(2026, 11, 24, tzinfo=UTC))


def home(card: Card) -> dict[str, Any]:
    return {"type": "home", "blocks": page(card)}


def approved(name: str, view: Any) -> None:
    check_view(view)
    path = CARDS / f"{name}.json"
    if os.environ.get("LANDA_UPDATE"):
        path.write_text(json.dumps(view, ensure_ascii=False, indent=2) + "\n")
    assert view == json.loads(path.read_text())


def test_the_page() -> None:
    """The page looks as it was approved: first what one comes for, the quiet ways last."""
    approved("home", home(HOME))
    rows = [block["type"] for block in page(HOME)]
    assert rows == ["header", "section", "actions", "section", "context", "actions"]


def test_the_window() -> None:
    """The window looks as it was approved."""
    approved("window", window(outgoing(GOLDEN["form"])))


@pytest.mark.parametrize("length", [TITLE, TITLE + 1, 400])
def test_a_long_title(length: int) -> None:
    """A title that a window has no room for stands whole in it, at the top."""
    form = GOLDEN["form"]
    assert isinstance(form, Form)
    view = window(outgoing(replace(form, title="å" * length)))
    assert view
    check_view(view)
    assert (view["blocks"][0]["type"] == "header") == (length > TITLE)


def test_more_ways_than_a_window_has() -> None:
    """A form with more than two buttons, and a card that is no form, are no windows."""
    form = GOLDEN["form"]
    assert isinstance(form, Form)
    more = replace(form, choices=(*form.choices, Choice("tok-3", "Senare")))
    assert window(outgoing(more)) is None
    assert window(outgoing(HOME)) is None
    one = window(outgoing(replace(form, choices=form.choices[:1])))
    assert one
    assert "close" not in one


def test_it_carries_its_token_alone() -> None:
    """A window carries the token of its form, and nothing of what it asks or of whom."""
    view = window(outgoing(GOLDEN["form"]))
    assert view
    assert view["private_metadata"] == "tok-1"


FORM = Form(
    "Fråga",
    "Hur?",
    (Field("a", "A", error="Skriv mer.", kind="text"), Field("b", "B", kind="text")),
    (Choice("tok-1", "Spara"), Choice("tok-2", "Inte nu")),
)


def test_what_is_wrong() -> None:
    """What is wrong with a field stands beside it while the window asks the same; where it asks
    for something else, the form is drawn anew, with what is wrong below each field."""
    told = corrected(outgoing(FORM), {"a": {}, "b": {}})
    assert told == {"response_action": "errors", "errors": {"a": "Skriv mer."}}
    for asked in ({"a": {}}, {"a": {}, "b": {}, "c": {}}):
        told = corrected(outgoing(FORM), asked)
        assert told
        assert told["response_action"] == "update"
        assert "Skriv mer." in json.dumps(told["view"])
        check_view(told["view"])
    fine = replace(FORM, fields=(Field("a", "A", kind="text"),))
    told = corrected(outgoing(fine), {"a": {}})
    assert told
    assert told["response_action"] == "update"
    assert corrected(outgoing(HOME), {"a": {}}) is None


def test_a_window_that_stays() -> None:
    """Where nothing could be kept, it is said at the first field; without a field, nowhere."""
    assert kept_open("Vänta.", {"b": {}, "a": {}}) == {
        "response_action": "errors",
        "errors": {"b": "Vänta."},
    }
    assert kept_open("Vänta.", {}) is None


def test_read_aloud() -> None:
    """A button whose label says too little is read aloud by what it does."""
    card = Message(
        "Hur länge?", (Choice("t", "10 minuter", spoken="10 minuter luft"), *HOME.choices)
    )
    (row, _) = [block for block in render(outgoing(card))["blocks"] if block["type"] == "actions"]
    labels = [each.get("accessibility_label") for each in row["elements"]]
    assert labels == ["10 minuter luft", None]
    assert render(outgoing(card))["text"].endswith("[10 minuter · Landa · Inställningar]")


TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("<>&!@#|*_ \n:"), max_size=120)
WRITTEN = TEXTS.filter(str.strip)
LABELS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=90).filter(str.strip)
CHOICES = st.lists(
    st.builds(Choice, st.uuids().map(str), LABELS, st.booleans(), TEXTS), max_size=6
).map(tuple)
LINKS = st.lists(
    st.builds(
        Link,
        LABELS,
        st.one_of(TEXTS, st.from_regex(r"tel:\+?[0-9][0-9 -]{0,15}", fullmatch=True)),
    ),
    max_size=3,
).map(tuple)
MESSAGES = st.builds(
    Message,
    WRITTEN,
    CHOICES,
    TEXTS,
    TEXTS,
    LINKS,
    standing=st.booleans(),
    preview=st.just("") | WRITTEN,
)
OPTIONS = st.lists(st.builds(Option, st.uuids().map(str), LABELS), min_size=1, max_size=5).map(
    tuple
)
FIELDS = st.one_of(
    st.builds(Field, st.uuids().map(str), LABELS, OPTIONS, TEXTS, TEXTS, hint=TEXTS),
    st.builds(
        Field,
        st.uuids().map(str),
        LABELS,
        value=TEXTS,
        error=TEXTS,
        kind=st.sampled_from(("text", "lines")),
        optional=st.booleans(),
        hint=TEXTS,
    ),
)
FORMS = st.builds(
    Form,
    TEXTS.filter(str.strip),
    WRITTEN,
    st.lists(FIELDS, min_size=1, max_size=4).map(tuple),
    CHOICES.filter(lambda choices: 0 < len(choices) <= 2),
)


def marked_up(part: Any) -> Iterator[str]:
    """Every text in which Slack looks for marks."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            assert part["verbatim"] is True
            yield part["text"]
        for value in part.values():
            yield from marked_up(value)
    elif isinstance(part, list):
        for value in part:
            yield from marked_up(value)


def only_words(part: Any) -> None:
    """No mention, no link and no entity that is not ours."""
    for text in marked_up(part):
        rest = OURS.sub("", text)
        assert "<" not in rest, text
        assert ">" not in rest, text
        assert "&" not in re.sub("&(amp|lt|gt);", "", rest), text


def opens(part: Any) -> list[str]:
    if isinstance(part, dict):
        return [*([str(part["url"])] if "url" in part else []), *opens(list(part.values()))]
    return [url for each in part for url in opens(each)] if isinstance(part, list) else []


@settings(max_examples=150, deadline=None)
@given(MESSAGES)
def test_any_card_is_only_words(card: Message) -> None:
    """Whatever stands in a card, nobody is mentioned and nothing is linked but telephone numbers
    and what Landa itself links to; its text says it all, and nothing on a lock screen but the
    preview where there is one."""
    fields = render(outgoing(card))
    content(fields, 40_000)
    only_words(fields["blocks"])
    assert "<" not in fields["text"]
    assert set(opens(fields["blocks"])) <= {each.url for each in card.links}
    only_words(page(card))
    check_view(home(card))


@settings(max_examples=150, deadline=None)
@given(FORMS)
def test_any_window_is_only_words(form: Form) -> None:
    """The same of every form: as a card, in a window, and drawn anew with what is wrong."""
    fields = render(outgoing(form))
    content(fields, 40_000)
    only_words(fields["blocks"])
    view = window(outgoing(form))
    check_view(view)
    only_words(view)
    told = corrected(outgoing(form), {"other": {}})
    assert told
    only_words(told["view"])


def test_each_field_has_a_name() -> None:
    """Every field of every kind has a label that is read aloud, and its small print."""
    form = GOLDEN["form"]
    assert isinstance(form, Form)
    for field in form.fields:
        block = question(field, "row-1")
        assert block["label"]["text"] == field.label
        assert ("hint" in block) == bool(field.hint)
