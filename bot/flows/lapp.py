"""lapp: a slip that somebody writes for the team's own box. All see it, a second person puts it in,
and who wrote it may take it back. Nobody is named."""

from collections.abc import Mapping

from bot.core import asking, ownslips
from bot.core.allow import may
from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import AddSlip, ChangeSlip, DropSlip, Effect, Post, Replace
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Choice, Field, Form, Message, Option
from bot.core.team import OwnSlip, Team
from bot.core.turn import Chose, Submitted, Turn

USUAL = {"kind": "question", "length": ownslips.USUAL_LENGTH, "text": ""}
SHOWN = 20
"""Characters of a slip on a button."""
AT_ONCE = 8
"""Slips to choose among: a hundred would neither fit on a card nor be read."""


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "topic" of a card in the channel: "yes/" and the slip's id, or "no"."""
    what, _, id = data.get("topic", "").partition("/")
    if not context.here:
        return _end(context, "team.where")
    if context.team is None:
        return _end(context, "lapp.no_team")
    match what:
        case "yes":
            return _approved(context, id)
        case "no":
            return _end(context, "practice.later")
        case _:
            return _form(context, USUAL, {})


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    team = context.team
    if team is None:
        return start(context, {})
    match turn:
        case Submitted("send", values):
            return _written(context, team, values)
        case Chose("list"):
            return _list(context, 0)
        case Chose("more"):
            return _list(context, int(conversation.data.get("from", "0")))
        case Chose("leave"):
            return _end(context, "practice.later")
        case Chose(id) if conversation.step == "list":
            return _taken_back(context, id)
        case _:
            return start(context, {})


def _form(context: Context, values: Mapping[str, str], wrong: Mapping[str, str]) -> Next:
    words = context.words
    kinds = tuple(Option(kind, words(f"lapp.kind_{kind}")) for kind in ownslips.KINDS)
    lengths = tuple(Option(each, words(f"lapp.length_{each}")) for each in ownslips.LENGTHS)
    fields = tuple(
        Field(
            id,
            words(f"lapp.{id}"),
            options,
            values.get(id, ""),
            words(f"lapp.wrong_{wrong[id]}", most=str(asking.LONGEST)) if id in wrong else "",
            "choice" if options else "lines",
            longest=asking.LONGEST,
            hint="" if options else words("lapp.hint"),
        )
        for id, options in (("kind", kinds), ("text", ()), ("length", lengths))
    )
    buttons = choices(words, "lapp", "send", "list", "leave", quiet=("list", "leave"))
    return _show(context, "form", Form(words("lapp.title"), words("lapp.about"), fields, buttons))


def _written(context: Context, team: Team, values: Mapping[str, str]) -> Next:
    if wrong := ownslips.faults(context, values):
        return _form(context, values, wrong)
    slip = ownslips.made(context, values)
    return _end(
        context, "lapp.sent", AddSlip(slip), Post(_proposal(context, team, slip), team.language)
    )


def _proposal(context: Context, team: Team, slip: OwnSlip) -> Message:
    words = context.library.words[team.language]
    return Message(
        slip.text,
        (
            Choice(f"lapp/yes/{slip.id}", words("lapp.yes")),
            Choice("lapp/no", words("lapp.no"), quiet=True),
        ),
        words("lapp.proposed"),
        words("lapp.somebody_else"),
        preview=words("card.preview"),
        standing=True,
    )


def _approved(context: Context, id: str) -> Next:
    slip = ownslips.found(context, id)
    if slip is None:
        return _end(context, "lapp.gone")
    if slip.approved:
        return _end(context, "lapp.already")
    if not may(context, "approve", slip):
        return _end(context, "lapp.not_yourself")
    return _end(context, "lapp.put_in", ChangeSlip(ownslips.put_in(slip)))


def _list(context: Context, first: int) -> Next:
    """Those that the person may take back, from the *first* on; a few at a time."""
    words = context.words
    mine = [slip for slip in ownslips.own(context) if may(context, "take_back", slip)]
    shown, end = mine[first : first + AT_ONCE], first + AT_ONCE
    if not shown:
        return _end(context, "lapp.none")
    told = "\n".join(f"• {slip.text}" for slip in shown)
    more, leave = choices(words, "lapp", "more", "leave", quiet=("leave",))
    ways = (more, leave) if mine[end:] else (leave,)
    buttons = (*(Choice(slip.id, _short(slip.text)) for slip in shown), *ways)
    card = Message(f"{words('lapp.which')}\n\n{told}", buttons)
    return _show(context, "list", card, {"from": str(end)})


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN].rstrip()}…"


def _taken_back(context: Context, id: str) -> Next:
    slip = ownslips.found(context, id)
    if slip is None or not may(context, "take_back", slip):
        return _end(context, "lapp.gone")
    return _end(context, "lapp.taken_back", DropSlip(slip.id))


def _show(
    context: Context, step: str, card: Message | Form, data: Mapping[str, str] | None = None
) -> Next:
    return Reply(step, (Replace(card),), {"here": context.here, **(data or {})})


def _end(context: Context, key: str, *more: Effect) -> Next:
    return Reply("", (Replace(Message(context.words(key))), *more))


FLOW = Flow("lapp", start, respond, careful=True)
