"""A card as Teams shows it: an Adaptive Card 1.5, and words for where no card is seen.

Limits: learn.microsoft.com/microsoftteams, read 2026-11; lengths in UTF-16 code units.
"""

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from adapters.teams import press
from adapters.teams.inputs import input_of
from adapters.teams.words import COPY, block, blocks, clip, defused, heading, spoken
from bot.core.markup import Run, plain
from bot.core.message import Breath, Card, Choice, Field, Form, Link, Message
from bot.core.port import Outgoing

Element = dict[str, Any]

NAME = "Landa"
ACTIONS = 6  # in one set of buttons: more are left out without a word on a desktop
TITLE, NOTE, BUTTON, ALT = 150, 1_000, 40, 1_000
PICTURE = "220px"  # as wide as it is drawn, and narrower than a card on a telephone
WEB, TELEPHONE = "https://", "tel:"


def render(outgoing: Outgoing, pictures: str = "") -> Element:
    """The content of an attachment "application/vnd.microsoft.card.adaptive".

    pictures  public base URL of the moving pictures; empty where there is none:
              the rhythm then stands in the text alone.
    """
    card = outgoing.card
    match card:
        case Message():
            body = _message(card, pictures)
        case Form():
            body = _form(card)
        case _:
            assert_never(card)
    return _card(list(body), outgoing.language, _fallback(card), _aloud(card))


def summary(outgoing: Outgoing) -> str:
    """What a notification says: never more than who wrote, for it may be read by others."""
    card = outgoing.card
    preview = card.preview if isinstance(card, Message) else ""
    return clip(preview, TITLE) or NAME


def finished(word: str, language: str) -> Element:
    """What is left of a card when its moment has passed: *word*, and nothing of what it held."""
    return _card(blocks(word), language, defused(word), spoken(word))


def _card(body: list[Element], language: str, fallback: str, speak: str) -> Element:
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": language,
        "fallbackText": fallback,
        "speak": speak,
        "body": body,
    }


def _message(card: Message, pictures: str) -> Iterator[Element]:
    yield from _opening(card)
    if card.picture and pictures:
        yield _image(card.picture, pictures)
    if written := "\n".join(link.written for link in card.links if not _opens(link)):
        yield block([Run(clip(written, NOTE))])
    yield from _sets(_link(link) for link in card.links if _opens(link))
    if card.note:
        yield block([Run(clip(card.note, NOTE))], size="small", isSubtle=True)
    yield from _choices(card.choices)


def _form(card: Form) -> Iterator[Element]:
    yield from _opening(card)
    for field in card.fields:
        yield from input_of(field)
    yield from _choices(card.choices, card.fields)


def _opening(card: Card) -> Iterator[Element]:
    if card.title:
        yield heading(card.title, TITLE)
    yield from blocks(card.text)


def _image(breath: Breath, pictures: str) -> Element:
    ending = "gif" if breath.moving else "png"
    return {
        "type": "Image",
        "url": f"{pictures.rstrip('/')}/pictures/{breath.name}.{ending}",
        "altText": clip(breath.alt, ALT),
        "width": PICTURE,
    }


def _choices(choices: tuple[Choice, ...], fields: tuple[Field, ...] = ()) -> Iterator[Element]:
    """Quiet ones last, in a row of their own. None has a style: no choice is the right one.

    fields  sent by the first choice, whether it is quiet or not; the others leave them alone.
    """
    buttons = [
        (choice.quiet, _button(choice, () if number else fields))
        for number, choice in enumerate(choices)
    ]
    yield from _sets(button for quiet, button in buttons if not quiet)
    yield from _sets(button for quiet, button in buttons if quiet)


def _button(choice: Choice, fields: tuple[Field, ...]) -> Element:
    return {
        "type": "Action.Execute",
        "title": clip(choice.label, BUTTON),
        "verb": press.VERB,
        "data": press.data_of(choice, fields),
        "associatedInputs": "auto" if fields else "none",
    }


def _link(link: Link) -> Element:
    """A number is always readable: on some desktops nothing comes of pressing it."""
    title = link.written if link.url.startswith(TELEPHONE) else link.label
    return {"type": "Action.OpenUrl", "title": clip(title, BUTTON), "url": link.url}


def _opens(link: Link) -> bool:
    """Anything else is written out instead: Teams opens nothing else."""
    return link.url.startswith((WEB, TELEPHONE))


def _sets(actions: Iterable[Element]) -> Iterator[Element]:
    """Sets of buttons rather than an overflow: nobody should have to look for a way out."""
    all = list(actions)
    for start in range(0, len(all), ACTIONS):
        yield {"type": "ActionSet", "actions": all[start : start + ACTIONS]}


def _fallback(card: Card) -> str:
    """Enough by itself: a label that is typed counts as pressed."""
    if isinstance(card, Message) and card.preview:
        return defused(clip(card.preview, COPY))
    labels = f"[{' · '.join(choice.label for choice in card.choices)}]" if card.choices else ""
    return defused(clip("\n".join(filter(None, (*_said(card), labels))), COPY))


def _aloud(card: Card) -> str:
    return spoken(clip("\n".join(filter(None, _said(card))), COPY))


def _said(card: Card) -> tuple[str, ...]:
    """The words of a card in the order in which they are read, without its buttons."""
    said = (card.title, plain(card.text))
    match card:
        case Message():
            return (*said, *(link.written for link in card.links), card.note)
        case Form():
            return (*said, *(_answered(field) for field in card.fields))
        case _:
            assert_never(card)


def _answered(field: Field) -> str:
    """The question, and what is wrong with its answer."""
    return ": ".join(filter(None, (field.label, field.error)))
