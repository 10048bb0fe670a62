"""asked: the private answer to who presses a question in the channel. It asks for no words, keeps
none, and tells nobody. Whoever likes a lead's own question puts it into the team's box."""

from collections.abc import Mapping

from bot.core import asking, ownslips
from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import AddSlip, DropSlip, Effect, Pause, Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, PauseOver, Turn

WAYS = ("two", "done")
QUIET_S = 120
"""Time to think, for who wants it."""


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "topic": "alone/" or "put/", or "first/" while its lead alone sees it; then what stands
    for the question, as in `asking.named`."""
    what, _, name = data.get("topic", "").partition("/")
    match what:
        case "put":
            return _put(context, asking.named(name).own)
        case "first":
            return _said(context, "asked.not_yet")
        case _:
            pass
    text = asking.text_of(context, asking.named(name), context.language)
    if what != "alone" or not text:
        return Begin("menu", {"step": "old"})
    return _shown(context, text)


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    text = conversation.data.get("text", "")
    match turn:
        case Chose("two"):
            reply = Replace(_card(context, text, "asked.quiet"))
            return Reply("quiet", (reply, Pause(QUIET_S)), {"text": text})
        case PauseOver():
            reply = Replace(_card(context, text, "asked.over"))
            return Reply("over", (reply,), {"text": text})
        case Chose("done"):
            return _said(context, "after.ready")
        case Chose("undo") if conversation.step == "put":
            return _taken_out(context, conversation.data["id"])
        case _:
            return _shown(context, text)


def _put(context: Context, text: str) -> Next:
    """Once, whoever does it; who did is kept nowhere, so that only they take it back, and now."""
    if context.team is None or not text:
        return _said(context, "lapp.no_team" if text else "menu.old")
    if ownslips.there(context, text):
        return _said(context, "lapp.already")
    if len(ownslips.own(context)) >= ownslips.MOST:
        return _said(context, "lapp.wrong_full")
    slip, words = ownslips.of_question(context, text), context.words
    card = Message(words("asked.put_in"), choices(words, "asked", "undo", "done", quiet=("done",)))
    return Reply("put", (Replace(card), AddSlip(slip)), {"here": context.here, "id": slip.id})


def _taken_out(context: Context, id: str) -> Next:
    if ownslips.found(context, id) is None:
        return _said(context, "lapp.gone")
    return _said(context, "asked.taken_out", DropSlip(id))


def _said(context: Context, key: str, *effects: Effect) -> Next:
    return Reply("", (Replace(Message(context.words(key))), *effects))


def _shown(context: Context, text: str) -> Next:
    return Reply("alone", (Replace(_card(context, text, "asked.think")),), {"text": text})


def _card(context: Context, text: str, below: str) -> Message:
    words = context.words
    ways = choices(words, "asked", *WAYS)
    buttons = ways if below == "asked.think" else ways[1:]
    return Message(f"{text}\n\n{words(below)}", buttons, note=words("asked.kept_nowhere"))


FLOW = Flow("asked", start, respond)
