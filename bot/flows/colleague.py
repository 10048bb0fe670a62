"""colleague: somebody says that their team may ask them for company; and that no more."""

from collections.abc import Mapping

from bot.core import volunteering
from bot.core.card import choices
from bot.core.colleague import Colleague
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect, Replace, Volunteer, Withdraw
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Card, Message
from bot.core.turn import Chose, Submitted, Turn


def start(context: Context, data: Mapping[str, str]) -> Next:
    """A team's boss is asked as that, and not among the colleagues."""
    words, mine = context.words, _mine(context)
    if not context.here:
        return _end(context, "where")
    if not context.reachable:
        return _end(context, "alone")
    if context.boss and context.boss.id == context.me:
        return Begin("boss")
    if mine is None:
        buttons = choices(words, "colleague", "yes", "no")
        return _show(context, Message(words("colleague.about"), buttons, words("colleague.title")))
    buttons = choices(words, "colleague", "change", "leave", "done", quiet=("leave", "done"))
    told = volunteering.in_words(context, mine, "colleague.you_can")
    return _show(context, Message(told, buttons, words("colleague.title")))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    mine = _mine(context)
    match turn:
        case Chose("yes" | "change") if context.here and context.reachable:
            return _form(context, volunteering.answers(context, mine), checked=False)
        case Submitted("save", values) if context.here and context.reachable:
            made = volunteering.made(context, values)
            return (
                _end(context, "kept", Volunteer(made))
                if made
                else _form(context, values, checked=True)
            )
        case Chose("leave"):
            return _end(context, "left", Withdraw(everywhere=False))
        case Chose("no" | "keep" | "done"):
            return _end(context, "as_it_is")
        case _:
            return start(context, {})


def _mine(context: Context) -> Colleague | None:
    return next((each for each in context.colleagues if each.id == context.me), None)


def _form(context: Context, values: Mapping[str, str], *, checked: bool) -> Next:
    title = context.words("colleague.title")
    return _show(context, volunteering.form(context, title, values, checked=checked))


def _show(context: Context, card: Card) -> Next:
    return Reply("show", (Replace(card),), {"here": context.here})


def _end(context: Context, key: str, *more: Effect) -> Next:
    return Reply("", (Replace(Message(context.words(f"colleague.{key}"))), *more))


FLOW = Flow("colleague", start, respond, careful=True)
