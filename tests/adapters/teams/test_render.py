"""Every card becomes an Adaptive Card that Teams takes, on a telephone too, and words beside it."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.teams.render import NAME, render, summary
from bot.core.message import Breath, Card, Choice, Field, Form, Link, Message, Option, Phase, Signed
from bot.core.port import Outgoing

from .limits import complaints, parts
from .microsoft import Parser

CARDS = Path(__file__).parent / "cards"
PICTURES = "https://landa.example.se"
BREATH = Breath((Phase("in", 4), Phase("out", 6)), 12, "In 4 sekunder, ut 6 sekunder. Tolv gånger.")
CHOICES = (Choice("tok-1", "Stöd", quiet=True), Choice("tok-2", "Lugna kroppen"))
DAYS = tuple(Option(day, day) for day in ("mån", "tis", "ons", "tor", "fre"))
ZONES = tuple(Option(f"Zone/{n}", f"Zon {n}") for n in range(30))
SENDS = (Choice("tok-1", "Spara"), Choice("tok-2", "Inte nu"))

GOLDEN: dict[str, Card] = {
    "plain": Message("Det är bra så. Landa finns här när du vill."),
    "landing": Message(
        "Du är här nu.\n\nIngen *bråttom*.\nAlls.", CHOICES, "Landa", "Bara du ser det här."
    ),
    "breath": Message("Följ cirkeln.", (Choice("tok-1", "Sluta"),), "Andas", picture=BREATH),
    "still": Message("Följ takten.", picture=Breath(BREATH.phases, 12, BREATH.alt, moving=False)),
    "signed": Message(
        "Vad ger luft?",
        CHOICES,
        "En fråga till oss",
        "Ingen räknas.",
        signed=Signed("Från", "Anna Ek"),
    ),
    "support": Message(
        "Det finns någon att ringa.",
        (Choice("tok-1", "Tillbaka", quiet=True),),
        "Stöd",
        links=(
            Link("Ring 90 390", "tel:90390"),
            Link("Ring Hälsan", "tel:0911-12345"),
            Link("1177 på webben", "https://www.1177.se/"),
            Link("Intranätet", "http://intra/"),
        ),
    ),
    "menu": Message(
        "Landa kan:",
        (
            *(Choice(f"tok-{n}", f"Val nummer {n}") for n in range(8)),
            Choice("tok-8", "Språk", quiet=True),
            Choice("tok-9", "Hjälp", quiet=True),
        ),
    ),
    "escaped": Message(
        "[x](https://y) <at>Anna</at> <!channel> {{DATE(2026-11-24T06:00:00Z)}}\n# a\n- b\n1. c",
        (),
        "[x](https://y) <at>Anna</at> {{TIME(2026-11-24T06:00:00Z)}}",
        "[x](https://y) & <https://y>",
    ),
    "preview": Message("Hur känns det efter besöket?", CHOICES, preview="Landa: en liten paus?"),
    "form": Form(
        "Inställningar",
        "Så här vill jag ha det.",
        (
            Field("motion", "Bilder", DAYS[:2], "mån"),
            Field("zone", "Tidszon", ZONES, "nowhere", "Välj en tidszon."),
            Field("days", "Dagar", DAYS, "mån ons", kind="many"),
            Field("time", "Tid", (), "09:30", kind="time"),
            Field("until", "Till och med", (), "", "Välj en dag.", kind="date"),
            Field("line", "En rad", (), "", kind="text", optional=True, longest=80),
            Field("more", "Mer", (), "Två\nrader", kind="lines", hint="Bara du läser det."),
        ),
        SENDS,
    ),
}


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser() as started:
        yield started


def outgoing(card: Card) -> Outgoing:
    return Outgoing("row-1", {}, True, card, "sv", datetime(2026, 11, 23, tzinfo=UTC))


def rendered(card: Card, pictures: str = PICTURES) -> dict[str, Any]:
    return render(outgoing(card), pictures)


def kinds(card: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    return [part for part in parts(card) if part["type"] in names]


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str, parser: Parser) -> None:
    """A card looks as it was approved. LANDA_UPDATE=1 writes what it looks like now."""
    path, card = CARDS / f"{name}.json", rendered(GOLDEN[name])
    assert list(complaints(card)) == []
    assert parser.faults(card) == []
    if os.environ.get("LANDA_UPDATE"):
        path.write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n")
    assert card == json.loads(path.read_text())


def test_a_notification_says_nothing_of_the_card() -> None:
    """On a lock screen stands the neutral preview; without one, only who wrote."""
    assert summary(outgoing(GOLDEN["preview"])) == "Landa: en liten paus?"
    assert {summary(outgoing(GOLDEN[name])) for name in ("landing", "form")} == {NAME}


def test_words_are_enough_by_themselves() -> None:
    """Who sees no card still gets title, text, telephone numbers and the names of the choices."""
    words = rendered(GOLDEN["support"])["fallbackText"]
    for each in ("Stöd", "någon att ringa", "Ring 90 390", "Hälsan: 0911-12345", "[Tillbaka]"):
        assert each in words
    assert "bråttom" in rendered(GOLDEN["landing"])["fallbackText"]


def test_a_card_can_be_heard() -> None:
    """Read aloud, each line is a sentence, and nothing in it is markup of speech."""
    assert rendered(GOLDEN["landing"])["speak"] == (
        "Landa. Du är här nu. Ingen bråttom. Alls. Bara du ser det här."
    )
    assert not set("<>&") & set(rendered(GOLDEN["escaped"])["speak"])


def test_where_a_preview_is_wanted_nothing_else_stands_in_for_the_card() -> None:
    """A card whose text must not be seen on a lock screen does not say it in its fallback."""
    assert "besöket" not in rendered(GOLDEN["preview"])["fallbackText"]


def test_no_style() -> None:
    """No choice is pointed out as the right one or as dangerous."""
    for card in map(rendered, GOLDEN.values()):
        assert all("style" not in button for button in kinds(card, "Action.Execute"))


def test_quiet_choices_come_last() -> None:
    """A quiet choice stands in the last row, by itself, wherever the flow has it."""
    rows = kinds(rendered(GOLDEN["landing"]), "ActionSet")
    assert [[each["data"]["token"] for each in row["actions"]] for row in rows] == [
        ["tok-2"],
        ["tok-1"],
    ]


def test_no_choice_is_left_out() -> None:
    """Choices for which a row has no room stand below each other, each seen by itself."""
    rows = kinds(rendered(GOLDEN["menu"]), "ActionSet")
    assert [len(row["actions"]) for row in rows] == [1] * 8 + [2]


def test_long_numbers_can_be_read() -> None:
    """A telephone number for which its button has no room stands in the text as well."""
    card = rendered(
        Message("x", links=(Link("Ring Företagshälsovården i Norr", "tel:0911-12345"),))
    )
    assert "0911-12345" in json.dumps(kinds(card, "TextRun"))
    assert kinds(card, "Action.OpenUrl")[0]["url"] == "tel:0911-12345"


def test_numbers_are_not_said_twice() -> None:
    """A number that stands in the text, however grouped, is left out of its button."""
    card = rendered(Message("Hälsan 0911-123 45.", links=(Link("Ring Hälsan", "tel:091112345"),)))
    assert kinds(card, "Action.OpenUrl")[0]["title"] == "Ring Hälsan"
    assert len(kinds(card, "TextRun")) == 1


def test_only_a_forms_first_choice_sends_it() -> None:
    """The button that sends takes the answers along; the others leave them where they are."""
    sends, leaves = kinds(rendered(GOLDEN["form"]), "Action.Execute")
    assert [sends["associatedInputs"], leaves["associatedInputs"]] == ["auto", "none"]
    assert sends["data"]["fields"] == {field.id: field.kind for field in GOLDEN["form"].fields}
    assert leaves["data"] == {"token": "tok-2"}


def test_errors_stand_beside_their_field() -> None:
    """What is wrong with an answer follows its question at once, in words."""
    body = rendered(GOLDEN["form"])["body"]
    after = {part["id"]: follows for part, follows in pairwise(body) if "id" in part}
    assert after["zone"]["inlines"][0]["text"] == "Välj en tidszon."
    assert after["until"]["inlines"][0]["text"] == "Välj en dag."
    assert after["motion"]["id"] == "zone"


def test_several_answers_are_parted_as_teams_wants_it() -> None:
    """Chosen days are ticked again when the form comes back."""
    (days,) = [part for part in kinds(rendered(GOLDEN["form"]), "Input.ChoiceSet")
               if part["id"] == "days"]  # fmt: skip
    assert (days["isMultiSelect"], days["value"]) == (True, "mån,ons")


def test_without_a_public_address_there_is_no_picture() -> None:
    """Where Teams could not fetch it, no picture is shown rather than a broken one."""
    assert not kinds(rendered(GOLDEN["breath"], ""), "Image")


def test_a_chat_with_somebody_opens_with_its_words() -> None:
    """Nothing that an account or the words hold reaches beyond their place in the address."""
    for account, words in [("eva.ek@example.org", "Har du tid?"), ("a&users=b@x/#", "å&b=c #%?")]:
        card = rendered(Message("x", links=(Link("Skriv", f"chat:{account}", words),)))
        (link,) = kinds(card, "Action.OpenUrl")
        url = urlsplit(link["url"])
        assert (url.scheme, url.netloc, url.path) == ("https", "teams.microsoft.com", "/l/chat/0/0")
        assert parse_qs(url.query, strict_parsing=True) == {"users": [account], "message": [words]}
        assert not url.fragment
        assert link["title"] == "Skriv"


def test_strange_addresses_are_only_text() -> None:
    """A way out to neither the web nor a telephone is written out, never opened."""
    card = rendered(Message("x", links=(Link("a", "javascript:x"), Link("b", "http://intra/"))))
    assert not kinds(card, "Action.OpenUrl")
    assert "b: http://intra/" in json.dumps(card)


TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("<>&!@#|*_[](){}:/ \n-1."))
TOKENS = st.uuids().map(str)
LABELS = st.text(min_size=1, max_size=90).filter(str.strip)
BUTTONS = st.lists(st.builds(Choice, TOKENS, LABELS, st.booleans()), max_size=15).map(tuple)
LINKS = st.lists(
    st.builds(Link, LABELS, st.sampled_from(("https://x.se", "tel:112", "x", "http://y"))),
    max_size=9,
).map(tuple)
MESSAGES = st.builds(
    Message, TEXTS.filter(str.strip), BUTTONS, TEXTS.map(str.strip), TEXTS.map(str.strip), LINKS
)


@settings(max_examples=200, deadline=None)
@given(MESSAGES)
def test_any_message(card: Message) -> None:
    """Any message at all becomes a card within limits, with no link but its own."""
    assert list(complaints(rendered(card))) == []


MARKED = st.lists(st.sampled_from([*"[]()<>!#*_+-=`~|\\:&{}.1 \n\t", "https://x.se", "a", "]: "]))


@settings(max_examples=300, deadline=None)
@given(MARKED.map("".join), MARKED.map("".join))
@example("a\n===", "&lt;b&gt;")
@example("    a", "```\na")
@example("[a]: https://x.se\n\n[a]", "a|b\n-|-\nc|d")
def test_words_that_look_like_markdown(parser: Parser, title: str, label: str) -> None:
    """Where a client reads Markdown, nothing that somebody wrote becomes a link, a list or code."""
    options = (Option("a", label or "a"),)
    form = Form(title, f"{label} x", (Field("f", "x", options),), SENDS)
    assert [fault for fault in parser.faults(rendered(form)) if "Markdown" in fault] == []


@pytest.mark.parametrize("length", [2_999, 3_000, 3_001, 40_000])
@pytest.mark.parametrize("unit", ["å", "😀", "ord ord\n", "stycke.\n\n", "*a* ", 'sa "hej" '])
def test_long_texts(length: int, unit: str) -> None:
    """However long a text is, its card is small enough for Teams."""
    card = rendered(Message(unit * (length // len(unit)), CHOICES, unit * 200, unit * 500))
    assert list(complaints(card)) == []


def test_short_texts_lose_nothing() -> None:
    """A text within the limit has all its words, in order."""
    words = " ".join(f"ord{number}" for number in range(350))
    (run, *_) = kinds(rendered(Message(words)), "TextRun")
    assert run["text"] == words
