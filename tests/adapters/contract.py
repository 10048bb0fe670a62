"""What every platform keeps to, whatever it is called: acts come in as they were meant, and cards
arrive where only their person sees them.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Protocol

from bot.core.message import Card, Choice, Field, Form, Message, Option
from bot.core.port import Outgoing
from bot.core.turn import Commanded, Inbound, Pressed, Said

_NUMBERS = itertools.count()
ANNA, BO = "anna", "bo"
MARKED = "<!channel> <at>alla</at> [hit](https://example.org) {{date}} & _så_"
OPTIONS = (Option("sv", "Svenska"), Option("en", "English"), Option("se", "Davvisámegiella"))
FORM = Form(
    "Inställningar",
    "Så vill du ha det.",
    (
        Field("language", "Språk", OPTIONS, "sv"),
        Field("several", "Flera", OPTIONS, "sv en", kind="many"),
        Field("word", "Ord", value="lugnt", kind="text"),
        Field("time", "Tid", value="08:30", kind="time"),
        Field("date", "Dag", value="2026-12-24", kind="date"),
        Field("empty", "Tomt", kind="text", optional=True),
    ),
    (Choice("tok-save", "Spara"), Choice("tok-leave", "Inte nu", quiet=True)),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A card as its person reads it."""

    words: str
    labels: tuple[str, ...]


class Platform(Protocol):
    """One platform with people in it, and an adapter that hands over what they do.

    name   as in `Person.platform`.
    taken  everything that was handed over.
    """

    name: str
    taken: list[Inbound]

    async def say(self, user: str, text: str, *, times: int = 1) -> None:
        """Write to Landa alone. times: the same delivery so often."""
        ...

    async def call(self, user: str, words: str) -> None:
        """Call Landa by its command, in the person's own chat."""
        ...

    async def ask_among_others(self, user: str, words: str) -> None: ...

    async def press(self, user: str, label: str, chosen: Mapping[str, str] | None = None) -> None:
        """On the newest card with that button. chosen: field id -> value, as `FieldKind` says."""
        ...

    async def deliver(self, outgoing: Outgoing) -> None: ...

    def seen(self, user: str) -> list[Seen]:
        """What that person sees of Landa, oldest first."""
        ...


def outgoing(card: Card, inbound: Inbound, *, replace: bool = False) -> Outgoing:
    home = inbound.home.address if inbound.home else {}
    number = f"row-{next(_NUMBERS)}"
    place = inbound.place.address
    return Outgoing(number, place, replace, card, "sv", inbound.at, home)


class Contract:
    """To be held by each platform: a subclass gives the fixture `platform`."""

    async def test_words(self, platform: Platform) -> None:
        """What somebody writes to Landa alone comes in as written, from where they are alone."""
        await platform.say(ANNA, "jag är trött & slut")
        (inbound,) = platform.taken
        assert inbound.turn == Said("jag är trött & slut")
        assert inbound.place.kind == "private"
        assert inbound.place.team == ""
        assert inbound.person.platform == platform.name
        assert inbound.at.tzinfo is UTC

    async def test_a_call(self, platform: Platform) -> None:
        """A command comes in as the words after it."""
        await platform.call(ANNA, "andas nu")
        await platform.call(ANNA, "")
        assert [inbound.turn for inbound in platform.taken] == [
            Commanded("andas nu"),
            Commanded(""),
        ]

    async def test_a_repetition(self, platform: Platform) -> None:
        """The same delivery has the same id each time; the same words said twice are two acts."""
        await platform.say(ANNA, "paus", times=3)
        assert len({inbound.id for inbound in platform.taken}) == 1
        await platform.say(ANNA, "paus")
        assert len({inbound.id for inbound in platform.taken}) == 2

    async def test_people(self, platform: Platform) -> None:
        """A person is the same in everything they do, and nobody else."""
        await platform.say(ANNA, "paus")
        await platform.call(ANNA, "andas")
        await platform.ask_among_others(ANNA, "hem")
        await platform.say(BO, "paus")
        anna, *same, bo = (inbound.person for inbound in platform.taken)
        assert same == [anna, anna]
        assert bo != anna
        assert bo.workspace == anna.workspace

    async def test_a_card(self, platform: Platform) -> None:
        """A card arrives with its words and its buttons, in their order."""
        await platform.say(ANNA, "hej")
        card = Message("Första.\n\nAndra.", (Choice("a", "Ett"), Choice("b", "Två")), "Rubrik")
        await platform.deliver(outgoing(card, platform.taken[-1]))
        seen = platform.seen(ANNA)[-1]
        assert seen.labels == ("Ett", "Två")
        assert [seen.words.find(part) for part in ("Rubrik", "Första.", "Andra.")] == sorted(
            seen.words.find(part) for part in ("Rubrik", "Första.", "Andra.")
        )
        assert "Rubrik" in seen.words

    async def test_words_stay_words(self, platform: Platform) -> None:
        """Nothing in a text is taken for a mention, a link or a command of the platform's."""
        await platform.say(ANNA, "hej")
        await platform.deliver(outgoing(Message(MARKED), platform.taken[-1]))
        assert MARKED in platform.seen(ANNA)[-1].words

    async def test_a_press(self, platform: Platform) -> None:
        """A button gives back what was put into it, and its card can be rewritten in place."""
        await platform.call(ANNA, "")
        first = Message("Ett", (Choice("6924~calm~0a1b", "Vidare"), Choice("tok-2", "Inte nu")))
        await platform.deliver(outgoing(first, platform.taken[-1]))
        count = len(platform.seen(ANNA))
        await platform.press(ANNA, "Vidare")
        pressed = platform.taken[-1]
        assert pressed.turn == Pressed("6924~calm~0a1b")
        assert "card" in pressed.place.address
        await platform.deliver(outgoing(Message("Två"), pressed, replace=True))
        assert len(platform.seen(ANNA)) == count
        assert "Två" in platform.seen(ANNA)[-1].words
        assert "Ett" not in platform.seen(ANNA)[-1].words

    async def test_a_new_card_after_a_press(self, platform: Platform) -> None:
        """What does not rewrite the pressed card comes below it."""
        await platform.call(ANNA, "")
        first = Message("Ett", (Choice("tok-1", "Vidare"),))
        await platform.deliver(outgoing(first, platform.taken[-1]))
        await platform.press(ANNA, "Vidare")
        await platform.deliver(outgoing(Message("Två"), platform.taken[-1]))
        assert ["Ett" in seen.words for seen in platform.seen(ANNA)][-2:] == [True, False]

    async def test_a_form_as_it_stands(self, platform: Platform) -> None:
        """A form that is sent untouched gives the values it was shown with."""
        await platform.call(ANNA, "")
        await platform.deliver(outgoing(FORM, platform.taken[-1]))
        await platform.press(ANNA, "Spara")
        turn = platform.taken[-1].turn
        assert isinstance(turn, Pressed)
        assert turn.token == "tok-save"
        assert turn.values is not None
        assert {field.id: turn.values.get(field.id, "") for field in FORM.fields} == {
            field.id: field.value for field in FORM.fields
        }

    async def test_a_form_that_is_filled_in(self, platform: Platform) -> None:
        """Each kind of answer comes in as its kind says."""
        await platform.call(ANNA, "")
        await platform.deliver(outgoing(FORM, platform.taken[-1]))
        chosen = {
            "language": "en",
            "several": "en se",
            "word": "stilla, tyst & <lugnt>",
            "time": "23:05",
            "date": "2027-01-02",
            "empty": "nu",
        }
        await platform.press(ANNA, "Spara", chosen)
        turn = platform.taken[-1].turn
        assert isinstance(turn, Pressed)
        assert turn.values == chosen

    async def test_asked_among_others(self, platform: Platform) -> None:
        """Asked among others, Landa answers so that only the one who asked sees it."""
        await platform.say(BO, "hej")
        await platform.say(ANNA, "hej")
        await platform.ask_among_others(ANNA, "andas")
        asked = platform.taken[-1]
        assert asked.turn == Commanded("andas")
        assert asked.place.kind == "channel"
        assert asked.place.team
        await platform.deliver(outgoing(Message("Bara du ser det"), asked))
        assert "Bara du ser det" in platform.seen(ANNA)[-1].words
        assert not [seen for seen in platform.seen(BO) if "Bara du" in seen.words]

    async def test_nobody_is_printed(self, platform: Platform) -> None:
        """An act that lands in a log tells neither who nor what."""
        await platform.say(ANNA, "hemligheten")
        await platform.ask_among_others(ANNA, "hemligheten")
        told = " ".join(repr(inbound) for inbound in platform.taken)
        assert "hemlig" not in told
        assert not [inbound for inbound in platform.taken if inbound.person.id in told]
