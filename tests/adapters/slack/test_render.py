"""Every card becomes blocks within Slack's limits, and a text that is enough by itself."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.picture import ByAddress, Show, no_picture
from adapters.slack.render import render
from bot.core.message import Breath, Card, Choice, Field, Form, Link, Message, Option, Phase, Signed
from bot.core.port import Outgoing
from tests.standin_slack.api import content

CARDS = Path(__file__).parent / "cards"
PICTURES = ByAddress("https://landa.example.se").at_once("")
BREATH = Breath((Phase("in", 4), Phase("out", 6)), 12, "In 4 sekunder, ut 6 sekunder. Tolv gånger.")
CHOICES = (Choice("tok-1", "Lugna kroppen"), Choice("tok-2", "Stöd", quiet=True))
DAYS = tuple(Option(str(n), f"Dag {n}") for n in range(1, 8))
LETTERS = tuple(Option(each, each.upper()) for each in "abcdefghijkl")
OPTIONS = (Option("moving", "Rörliga bilder"), Option("still", "Stilla bilder"))

GOLDEN: dict[str, Card] = {
    "plain": Message("Du är här nu. Ingen bråttom."),
    "landing": Message(
        "Du är här nu.\n\nIngen *bråttom*.", CHOICES, "Landa", "Bara du ser det här."
    ),
    "breath": Message("Följ cirkeln.", (Choice("tok-1", "Sluta"),), "Andas", picture=BREATH),
    "still": Message("Följ takten.", picture=Breath(BREATH.phases, 12, BREATH.alt, moving=False)),
    "signed": Message(
        "Vad ger luft?",
        CHOICES,
        "En fråga till oss",
        "Ingen räknas.",
        signed=Signed("Från", "U0ANNA001"),
    ),
    "support": Message(
        "Det finns någon att ringa.",
        (Choice("tok-1", "Tillbaka", quiet=True),),
        "Stöd",
        links=(
            Link("Ring 112", "tel:112"),
            Link("Mind självmordslinjen", "tel:90101"),
            Link("1177 på webben", "https://www.1177.se/"),
        ),
    ),
    "escaped": Message("<!channel> <@U1> & <https://x|y>", (), "<b>", "&amp;"),
    "preview": Message("Hur känns det efter besöket?", CHOICES, preview="Landa: en liten paus?"),
    "form": Form(
        "Inställningar",
        "Så här vill jag ha det.",
        (
            Field("motion", "Bilder", OPTIONS, "still"),
            Field("zone", "Tidszon", OPTIONS, "nowhere", "Välj en tidszon."),
            Field("days", "Dagar", DAYS, "1 5", kind="many"),
            Field("all", "Alla", LETTERS, "a b", kind="many", optional=True),
            Field("time", "Tid", value="08:30", kind="time"),
            Field("until", "Till", value="2026-12-24", kind="date", hint="Sedan börjar det igen."),
            Field("word", "Ord", value="<tyst> & lugnt", kind="text", longest=40),
            Field("lines", "Lapp", kind="lines", optional=True),
        ),
        (Choice("tok-1", "Spara"), Choice("tok-2", "Inte nu")),
    ),
}


def rendered(card: Card, show: Show = PICTURES) -> dict[str, Any]:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return render(Outgoing("row-1", {}, True, card, "sv", at), show)


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str) -> None:
    """A card looks as it was approved. LANDA_UPDATE=1 writes what it looks like now."""
    path = CARDS / f"{name}.json"
    fields = rendered(GOLDEN[name])
    content(fields, 40_000)
    if os.environ.get("LANDA_UPDATE"):
        path.write_text(json.dumps(fields, ensure_ascii=False, indent=2) + "\n")
    assert fields == json.loads(path.read_text())


def test_nothing_can_mention_or_link() -> None:
    """What somebody wrote can neither mention, link nor imitate an entity."""
    words = json.dumps(rendered(GOLDEN["escaped"])["blocks"][1:])
    assert "<" not in words
    assert ">" not in words
    assert "&amp;amp;" in words


def test_a_name_that_is_no_id_is_words() -> None:
    """Only an id of a person becomes their name; anything else is shown as it stands."""
    for name in ("!channel", "U0ANNA001> <!here", "u0anna001"):
        blocks = json.dumps(
            rendered(Message("Vad ger luft?", signed=Signed("Från", name)))["blocks"]
        )
        assert "<" not in blocks


def test_no_style() -> None:
    """No choice is pointed out as the right one or as dangerous."""
    assert all('"style"' not in json.dumps(rendered(card)) for card in GOLDEN.values())


def test_quiet_choices_come_last() -> None:
    """A quiet choice stands in the last row, by itself."""
    rows = [block for block in rendered(GOLDEN["landing"])["blocks"] if block["type"] == "actions"]
    assert [element["value"] for element in rows[-1]["elements"]] == ["tok-2"]


def test_notification_shows_only_the_preview() -> None:
    """On a lock screen stands the neutral preview and nothing else of the card."""
    assert rendered(GOLDEN["preview"])["text"] == "Landa: en liten paus?"


def test_text_is_enough_by_itself() -> None:
    """Who sees no blocks still gets title, text, telephone numbers and the names of the choices."""
    text = rendered(GOLDEN["support"])["text"]
    for words in ("Stöd", "någon att ringa", "Ring 112", "linjen: 90101", "1177.se", "[Tillbaka]"):
        assert words in text


def test_without_a_public_address_there_is_no_picture() -> None:
    """Where Slack could not fetch it, no picture is shown rather than a broken one."""
    assert all(
        block["type"] != "image" for block in rendered(GOLDEN["breath"], no_picture)["blocks"]
    )


def test_telephone_numbers_can_be_tapped() -> None:
    """A number is a line to tap, not a button, which Slack would refuse."""
    words = json.dumps(rendered(GOLDEN["support"])["blocks"], ensure_ascii=False)
    assert "<tel:112|Ring 112>" in words
    assert '"url": "tel:' not in words


def test_a_number_is_written_once() -> None:
    """A label that already says the number, grouped for reading, is not followed by it again."""
    links = (Link("Ring 90 390", "tel:90390"), Link("Ring Hälsan", "tel:0911-12345"))
    words = json.dumps(rendered(Message("x", links=links))["blocks"], ensure_ascii=False)
    assert "<tel:90390|Ring 90 390>" in words
    assert "|Ring Hälsan: 0911-12345>" in words


def test_a_chat_with_somebody_is_a_line_that_opens_it() -> None:
    """Slack opens the chat, beside the name it has for them; an account that is no id does not."""
    at = datetime(2026, 11, 23, tzinfo=UTC)
    for account, line in [
        ("U0BO00001", "<slack://user?team=T1&amp;id=U0BO00001|Skriv> · <@U0BO00001>"),
        ("U1|<!here>", "Skriv"),
        ("eva@example.org", "Skriv"),
    ]:
        card = Message("x", links=(Link("Skriv", f"chat:{account}", "Hej & hå"),))
        shown = render(Outgoing("row", {"team": "T1"}, False, card, "sv", at))
        assert shown["blocks"][1]["text"]["text"] == line
        assert account not in shown["text"]


def test_strange_addresses_are_only_text() -> None:
    """A link to neither the web nor a telephone is written out, never opened."""
    card = Message("x", links=(Link("a", "javascript:x"), Link("b", "tel:1|<!here>")))
    words = json.dumps(rendered(card)["blocks"])
    assert "url" not in words
    assert "<tel" not in words


def test_a_form_keeps_no_old_choice() -> None:
    """Each form has new action ids, so that a client shows the value that Landa sent."""
    at = datetime(2026, 11, 23, tzinfo=UTC)
    ids = {
        render(Outgoing(row, {}, True, GOLDEN["form"], "sv", at))["blocks"][2]["element"][
            "action_id"
        ]
        for row in ("row-1", "row-2")
    }
    assert ids == {"motion-row-1", "motion-row-2"}


@pytest.mark.parametrize("length", [2_999, 3_000, 3_001, 9_000, 40_000])
@pytest.mark.parametrize("unit", ["å", "& ", "ord ord\n", "stycke.\n\n", "&"])
def test_long_texts(length: int, unit: str) -> None:
    """However long a text is, the card stays within all limits and no entity is cut in two."""
    fields = rendered(Message(unit * (length // len(unit))))
    content(fields, 40_000)
    for block in fields["blocks"]:
        rest = block["text"]["text"].replace("&amp;", "")
        assert "&" not in rest


def test_short_texts_lose_nothing() -> None:
    """A text that is cut into sections still has all its words, in order."""
    words = " ".join(f"ord{number}" for number in range(1_200))
    sections = [block["text"]["text"] for block in rendered(Message(words))["blocks"]]
    assert len(sections) == 4 - 1
    assert " ".join(sections) == words


TEXTS = st.text(st.characters() | st.sampled_from("<>&!@#|*_ \n"), max_size=200)
MESSAGES = st.builds(
    Message,
    TEXTS.filter(str.strip),
    st.lists(st.builds(Choice, st.uuids().map(str), st.text(min_size=1, max_size=90))).map(tuple),
    TEXTS,
    TEXTS,
)


@settings(max_examples=150, deadline=None)
@given(MESSAGES)
def test_any_message(card: Message) -> None:
    """Any message at all renders within limits and without a mention."""
    fields = rendered(card)
    content(fields, 40_000)
    assert "<" not in fields["text"]
    for block in fields["blocks"]:
        parts = [block.get("text", {}), *block.get("elements", ())]
        assert not any("<" in part["text"] for part in parts if part.get("type") == "mrkdwn")
