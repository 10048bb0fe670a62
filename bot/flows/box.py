"""box: three slips out of the box. One takes one, or three others; none comes twice before the
box is empty.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.core import box
from bot.core.card import choices, fan, known, less, slips, whole
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import KeepMine, Replace
from bot.core.exercise import ASKING
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "topic": one of `box.DECKS`; or "step": "slip" with the "id" of one that was taken,
    and "deck" and "drawn" as they were."""
    if data.get("step") == "slip":
        return _taken(context, data, data.get("id", ""))
    return _draw(context, data.get("topic", box.ALL))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    data = conversation.data
    match turn:
        case Chose("not_now"):
            return Reply("", (Replace(Message(context.words("practice.later"))),))
        case Chose(choice) if conversation.step == "fan":
            return _fanned(context, data, choice)
        case Chose(name) if conversation.step == "decks":
            return _draw(context, name)
        case Chose(choice):
            return _with_it(context, data, choice)
        case _:
            return _laid(context, data)


def _draw(context: Context, name: str) -> Next:
    if name not in box.decks(context.exercises):
        return Reply("", (Replace(Message(context.words("box.nothing"))),))
    drawn, piles, last = box.fan(context, name)
    kept = KeepMine(replace(context.mine, piles=piles))
    data = {"deck": name, "drawn": " ".join(drawn), "last": "yes" if last else ""}
    laid = _laid(context, data)
    return replace(laid, effects=(*laid.effects, kept))


def _laid(context: Context, data: Mapping[str, str]) -> Reply:
    """The three of them, as they were drawn."""
    words, exercises = context.words, context.exercises
    drawn = [exercises[id] for id in data["drawn"].split() if id in exercises]
    said = words("box.last" if data["last"] else "box.drawn")
    buttons = (
        *slips(drawn),
        *choices(words, "box", "draw_again", "choose_deck", "not_now", quiet=QUIET),
    )
    card = Message(f"{said}\n\n{fan(words, drawn)}", buttons)
    return Reply("fan", (Replace(card),), data)


DECKS = ("all", "exercise", "question", "pride", "work")
"""Those of `box.DECKS`, in the order they are chosen from."""
QUIET = ("choose_deck", "not_now")
"""A slip's id has no such line in it: no slip is taken for a way on."""


def _fanned(context: Context, data: Mapping[str, str], choice: str) -> Next:
    match choice:
        case "draw_again":
            return _draw(context, data["deck"])
        case "choose_deck":
            words = context.words
            empty = set(DECKS) - set(box.decks(context.exercises))
            buttons = less(choices(words, "box", *DECKS, "not_now", quiet=("not_now",)), *empty)
            return Reply("decks", (Replace(Message(words("box.which"), buttons)),), data)
        case id:
            return _taken(context, data, id)


def _taken(context: Context, data: Mapping[str, str], id: str) -> Next:
    words, slip = context.words, context.exercises.get(id)
    if slip is None:
        return Begin("menu", {"step": "old"})
    hidden = ("begin" if slip.kind in ASKING else "", "save" if id in context.mine.saved else "")
    ways = choices(words, "box", "begin", "save", "back", "not_now", quiet=("back", "not_now"))
    buttons = (*less(ways, *hidden), *known(words))
    held = {"deck": data["deck"], "drawn": data["drawn"], "last": data.get("last", ""), "id": id}
    return Reply("slip", (Replace(replace(whole(words, slip), choices=buttons)),), held)


def _with_it(context: Context, data: Mapping[str, str], choice: str) -> Next:
    """What is done with the slip that was taken."""
    match choice:
        case "begin":
            return Begin("guided", {"id": data["id"], "from": "box"})
        case "save":
            return Begin("mine", {"step": "save", "id": data["id"]})
        case "know":
            return Begin("known", {**data, "back": "box"})
        case _:
            return _laid(context, data)


FLOW = Flow("box", start, respond)
