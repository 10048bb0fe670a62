"""A card as Slack shows it: Block Kit, and a text that is enough by itself.

Limits: docs.slack.dev, read 2026-11; lengths in code points.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, assert_never
from urllib.parse import quote

from adapters.slack.picture import Show, no_picture
from adapters.slack.question import PERSON, Block, answered, clip, plain_text, question
from bot.core.message import Card, Choice, Form, Link, Message, Signed
from bot.core.port import Outgoing

TEXT = 3_999  # of 40,000: longer ones are cut up by some clients, and chat.update takes 4,000
SECTION = 3_000
SECTIONS = 3  # all block text of a message may be about 13,200
CONTEXT = 1_000
HEADER = 150
ACTIONS = 25
BUTTON = 75
"""Also of what is read aloud instead."""
ALT = 2_000
TELEPHONE = re.compile(r"tel:(\+?[0-9][0-9 -]*)")


def render(outgoing: Outgoing, show: Show = no_picture) -> dict[str, Any]:
    """The fields "text" and "blocks" of a message. show: where its picture is."""
    match outgoing.card:
        case Message() as card:
            team = str(outgoing.address.get("team", ""))
            return {"text": _summary(card), "blocks": list(_message(card, show, team))}
        case Form() as card:
            return {"text": _form_summary(card), "blocks": list(_form(card, outgoing.id))}
        case _:
            assert_never(outgoing.card)


def page(card: Card) -> list[Block]:
    """The blocks of a page: what one comes for stands first, and the quiet ways last."""
    if isinstance(card, Form):
        return [*header(card.title), *questions(card, ""), *_choices(card.choices)]
    first, _, rest = card.text.partition("\n\n")
    main, quiet = _rows(card.choices)
    note = [_context(card.note)] if card.note else []
    return [*header(card.title), *_sections(first), *main, *_sections(rest), *note, *quiet]


def _message(card: Message, show: Show, team: str) -> Iterator[Block]:
    """team: the workspace's id."""
    yield from header(card.title)
    yield from _sections(card.text)
    if card.picture and (where := show(card.picture)):
        yield {"type": "image", **where, "alt_text": clip(card.picture.alt, ALT)}
    yield from _lines((link for link in card.links if not _opens(link)), team)
    if card.signed:
        yield {"type": "context", "elements": [_mrkdwn(_signature(card.signed))]}
    if card.note:
        yield _context(card.note)
    yield from _actions(_link(n, link) for n, link in enumerate(card.links) if _opens(link))
    yield from _choices(card.choices)


def _form(card: Form, id: str) -> Iterator[Block]:
    yield from header(card.title)
    yield from questions(card, id)
    yield from _choices(card.choices)


def questions(card: Form, id: str) -> Iterator[Block]:
    """The form without its title and its buttons. id: of the card."""
    yield from _sections(card.text)
    for field in card.fields:
        yield question(field, id)
        if field.error:
            yield _context(field.error)


def _summary(card: Message) -> str:
    """For notifications and screen readers, which see nothing else."""
    if card.preview:
        return clip(escape(card.preview), TEXT)
    links = "\n".join(link.written for link in card.links)
    parts = (card.title, card.text, links, card.note, _labels(card.choices))
    return _joined(parts)


def _form_summary(card: Form) -> str:
    fields = "\n".join(answered(field) for field in card.fields)
    return _joined((card.title, card.text, fields, _labels(card.choices)))


def _joined(parts: Iterable[str]) -> str:
    return clip(escape("\n".join(filter(None, parts))), TEXT)


def _labels(choices: tuple[Choice, ...]) -> str:
    return f"[{' · '.join(choice.label for choice in choices)}]" if choices else ""


def header(title: str) -> Iterator[Block]:
    if title:
        yield {"type": "header", "text": plain_text(title, HEADER)}


def _sections(text: str) -> Iterator[Block]:
    for part in _parts(text):
        yield {"type": "section", "text": _mrkdwn(part)}


def _lines(links: Iterable[Link], team: str) -> Iterator[Block]:
    if text := "\n".join(_line(link, team) for link in links):
        yield {"type": "section", "text": _mrkdwn(clip(text, SECTION))}


def _line(link: Link, team: str) -> str:
    """A number to tap, and to read where tapping does nothing; or a person to write to, with their
    name as Slack knows it, which tells them nothing.

    docs.slack.dev, Deep linking, read 2026-11: no words can be filled in.
    """
    if PERSON.fullmatch(link.account):
        chat = f"slack://user?team={quote(team)}&amp;id={link.account}"
        return f"<{chat}|{escape(link.label)}> · <@{link.account}>"
    label, number = escape(link.written), TELEPHONE.fullmatch(link.url)
    return f"<tel:{number[1]}|{label}>" if number else label


def _context(text: str) -> Block:
    return {"type": "context", "elements": [_mrkdwn(clip(escape(text), CONTEXT))]}


def _signature(signed: Signed) -> str:
    """An id becomes the name that the person has in Slack."""
    name = signed.name
    shown = f"<@{name}>" if PERSON.fullmatch(name) else escape(clip(name, BUTTON))
    return f"{escape(signed.words)} {shown}"


def _choices(choices: tuple[Choice, ...]) -> Iterator[Block]:
    """Quiet ones last, in a row of their own."""
    main, quiet = _rows(choices)
    yield from main
    yield from quiet


def _rows(choices: tuple[Choice, ...]) -> tuple[list[Block], list[Block]]:
    """None has a style: no choice is the right one."""
    numbered = list(enumerate(choices))
    main = _actions(_button(n, choice) for n, choice in numbered if not choice.quiet)
    quiet = _actions(_button(n, choice) for n, choice in numbered if choice.quiet)
    return list(main), list(quiet)


def _button(number: int, choice: Choice) -> Block:
    aloud = {"accessibility_label": clip(choice.spoken, BUTTON)} if choice.spoken else {}
    return {
        "type": "button",
        "action_id": f"choice-{number}",
        "text": plain_text(choice.label, BUTTON),
        "value": choice.id,
        **aloud,
    }


def _link(number: int, link: Link) -> Block:
    return {
        "type": "button",
        "action_id": f"link-{number}",
        "text": plain_text(link.label, BUTTON),
        "url": link.url,
    }


def _actions(buttons: Iterable[Block]) -> Iterator[Block]:
    elements = list(buttons)
    for start in range(0, len(elements), ACTIONS):
        yield {"type": "actions", "elements": elements[start : start + ACTIONS]}


def _opens(link: Link) -> bool:
    """Slack's buttons open web pages only: a telephone number is written out instead."""
    return link.url.startswith("https://")


def _mrkdwn(escaped: str) -> Block:
    # verbatim: Slack then looks for no names, channels or addresses in what is plain text.
    return {"type": "mrkdwn", "text": escaped, "verbatim": True}


def escape(text: str) -> str:
    """The three characters that can begin a mention, a link or an entity on Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _parts(text: str) -> list[str]:
    """Escaped, cut where a paragraph, a line or a word ends, or clipped after SECTIONS parts."""
    rest, parts = escape(text).strip(), list[str]()
    while rest and len(parts) < SECTIONS - 1 and len(rest) > SECTION:
        cut = next(
            (at for mark in ("\n\n", "\n", " ") if (at := rest.rfind(mark, 0, SECTION)) > 0),
            len(clip(rest, SECTION)) - 1,
        )
        parts.append(rest[:cut])
        rest = rest[cut:].lstrip()
    return [*parts, clip(rest, SECTION)] if rest else parts
