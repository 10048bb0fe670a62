"""A card as Teams shows it: an Adaptive Card 1.5, and words for where no card is seen.

Limits: learn.microsoft.com/microsoftteams, read 2026-11; lengths in UTF-16 code units.
"""

from collections.abc import Iterable, Iterator
from typing import Any, assert_never
from urllib.parse import quote, urlencode

from adapters.teams import press
from adapters.teams.inputs import input_of
from adapters.teams.words import COPY, block, blocks, clip, defused, heading, length, spoken
from bot.core.markup import Run, plain
from bot.core.message import Breath, Card, Choice, Field, Form, Link, Message
from bot.core.port import Outgoing

Element = dict[str, Any]

NAME = "Landa"
TITLE, NOTE, BUTTON, ALT = 150, 1_000, 28, 1_000
ROW, FRAME = 30, 4  # characters beside each other on a telephone; what a button takes besides them
PICTURE = "220px"  # as wide as it is drawn, and narrower than a card on a telephone
WEB = "https://"
OPENS = (WEB, "tel:")
CHAT = "https://teams.microsoft.com/l/chat/0/0"
"""An ordinary chat with somebody, with words to begin it: learn.microsoft.com, read 2026-11."""


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
    if unsaid := [link.written for link in card.links if not _is_said(link, card.text)]:
        yield block([Run(clip("\n".join(unsaid), NOTE))])
    shown = (link for link in card.links if link.account or link.url.startswith(OPENS))
    yield from _rows(_link(link, card.text) for link in shown)
    for small in filter(None, (_signature(card), card.note)):
        yield block([Run(clip(small, NOTE))], size="small", isSubtle=True)
    yield from _choices(card.choices)


def _signature(card: Message) -> str:
    return f"{card.signed.words} {card.signed.name}" if card.signed else ""


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
    yield from _rows(button for quiet, button in buttons if not quiet)
    yield from _rows(button for quiet, button in buttons if quiet)


def _button(choice: Choice, fields: tuple[Field, ...]) -> Element:
    """With the older kind of press for clients that do not know the newer one."""
    said = {
        "title": clip(choice.label, BUTTON),
        "data": press.data_of(choice, fields),
        "associatedInputs": "auto" if fields else "none",
    }
    fallback = {"type": "Action.Submit", **said}
    return {"type": "Action.Execute", "verb": press.VERB, **said, "fallback": fallback}


def _link(link: Link, text: str) -> Element:
    if link.account:
        to = {"users": link.account, "message": link.words}
        url = f"{CHAT}?{urlencode(to, quote_via=quote)}"
        return {"type": "Action.OpenUrl", "title": clip(link.label, BUTTON), "url": url}
    title = link.label if _goes_without(link, text) else link.written
    short = title if length(title) <= BUTTON else link.label
    return {"type": "Action.OpenUrl", "title": clip(short, BUTTON), "url": link.url}


def _is_said(link: Link, text: str) -> bool:
    """Whether the button and *text* say it all; what Teams does not open is no button."""
    if link.account:
        return True
    if not link.url.startswith(OPENS):
        return False
    return _goes_without(link, text) or length(link.written) <= BUTTON


def _goes_without(link: Link, text: str) -> bool:
    """Pages open everywhere; of a number nothing comes on some desktops: it must be readable."""
    return link.url.startswith(WEB) or link.said_in(text)


def _rows(actions: Iterable[Element]) -> Iterator[Element]:
    """One set for each row of buttons that a telephone has room for.

    Of one set a desktop shows six and leaves out the rest; a telephone lays it out in one line
    that can be moved sideways, and does not say so. Nobody should have to look for a way out.
    """
    rows: list[list[Element]] = []
    room = 0
    for action in actions:
        width = length(action["title"]) + FRAME
        if width > room:
            rows.append([])
            room = ROW
        rows[-1].append(action)
        room -= width
    for number, row in enumerate(rows):
        yield {"type": "ActionSet", "spacing": "small" if number else "default", "actions": row}


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
            return (*said, *(link.written for link in card.links), _signature(card), card.note)
        case Form():
            return (*said, *(_answered(field) for field in card.fields))
        case _:
            assert_never(card)


def _answered(field: Field) -> str:
    """The question, and what is wrong with its answer."""
    return ": ".join(filter(None, (field.label, field.error)))
