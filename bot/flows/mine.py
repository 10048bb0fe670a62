"""mine: the slips that somebody saved, for themselves, and what may suit them, if they want it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from bot.core.card import choices, known, less, listing, slips, whole
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import KeepMine, Replace
from bot.core.exercise import ASKING, Exercise
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.mine import MOST_SAVED, Mine, saving, without
from bot.core.turn import Chose, Turn

PAGE = 5
WAYS = ("show_more", "to_box", "forget_drawn", "for_now")
"""A slip's id has no such line in it: no slip is taken for a way on."""
SUGGESTED = 2
FAVOURITES = 2


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "step": "" for all of them, "save" with an "id", "slip" with the "id" to look at."""
    match data.get("step"):
        case "save":
            return _save(context, data.get("id", ""))
        case "slip":
            return _opened(context, data.get("id", ""))
        case _:
            return _shown(context, 0)


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    data = conversation.data
    match turn:
        case Chose("for_now"):
            return Reply("", (Replace(Message(context.words("after.ready"))),))
        case Chose("mine"):
            return _shown(context, 0)
        case Chose(choice) if conversation.step == "shown":
            return _chosen(context, data, choice)
        case Chose(choice) if conversation.step == "slip":
            return _with_it(context, data["id"], choice)
        case Chose("undo") if conversation.step == "saved":
            return Begin("mine", effects=(KeepMine(without(context.mine, data["id"])),))
        case Chose("undo") if conversation.step == "removed":
            return Begin("mine", effects=(KeepMine(saving(context.mine, data["id"])),))
        case _:
            return _shown(context, 0)


def _shown(context: Context, at: int) -> Next:
    """at: how many of the newest are passed over."""
    words, saved = context.words, _saved(context)
    page = saved[at : at + PAGE]
    parts = [words("mine.here"), listing(words, page)] if page else [words("mine.empty")]
    suited = _suggested(context)
    if suited:
        parts += [words("mine.suited"), listing(words, suited)]
    later, drawn = bool(saved[at + PAGE :]), context.mine.piles or context.mine.finished
    hidden = (
        "" if later else "show_more",
        "to_box" if saved else "",
        "" if drawn else "forget_drawn",
    )
    ways = less(choices(words, "mine", *WAYS, quiet=("forget_drawn", "for_now")), *hidden)
    buttons = (*slips([*page, *suited]), *ways)
    note = "" if context.profile.suggest == "yes" else words("mine.suggest_note")
    card = Message("\n\n".join(parts), buttons, note=note)
    return Reply("shown", (Replace(card),), {"at": str(at)})


def _chosen(context: Context, data: Mapping[str, str], choice: str) -> Next:
    match choice:
        case "show_more":
            return _shown(context, int(data["at"]) + PAGE)
        case "to_box":
            return Begin("box")
        case "forget_drawn":
            anew = KeepMine(Mine(saved=context.mine.saved))
            return _said(context, "mine.forgotten", "told", {}, anew)
        case id:
            return _opened(context, id)


def _opened(context: Context, id: str) -> Next:
    words, slip = context.words, context.exercises.get(id)
    if slip is None:
        return _shown(context, 0)
    hidden = (
        "begin" if slip.kind in ASKING else "",
        "save" if id in context.mine.saved else "remove",
    )
    ways = choices(words, "mine", "begin", "save", "remove", "mine", quiet=("mine",))
    card = replace(whole(words, slip), choices=(*less(ways, *hidden), *known(words)))
    return Reply("slip", (Replace(card),), {"id": id})


def _with_it(context: Context, id: str, choice: str) -> Next:
    match choice:
        case "begin":
            return Begin("guided", {"id": id})
        case "know":
            return Begin("known", {"id": id, "back": "mine"})
        case "save":
            return _save(context, id)
        case "remove":
            gone = KeepMine(without(context.mine, id))
            return _said(context, "mine.removed", "removed", {"id": id}, gone)
        case _:
            return _opened(context, id)


def _save(context: Context, id: str) -> Next:
    if id not in context.exercises or id in context.mine.saved:
        return _shown(context, 0)
    if len(context.mine.saved) >= MOST_SAVED:
        return _said(context, "mine.full", "told", {})
    kept = KeepMine(saving(context.mine, id))
    return _said(context, "mine.saved", "saved", {"id": id}, kept)


def _said(
    context: Context, key: str, step: str, data: Mapping[str, str], *effects: KeepMine
) -> Next:
    """What was done, with a way to take it back where there is one."""
    ways = choices(context.words, "mine", "undo", "mine", "for_now", quiet=("for_now",))
    card = Message(context.words(key), ways if data else less(ways, "undo"))
    return Reply(step, (Replace(card), *effects), data)


def _saved(context: Context) -> list[Exercise]:
    """The newest first, without those that have left the box."""
    exercises = context.exercises
    return [exercises[id] for id in reversed(context.mine.saved) if id in exercises]


def _suggested(context: Context) -> list[Exercise]:
    """Of the kinds they finish most, what they have neither saved nor finished lately."""
    exercises, mine = context.exercises, context.mine
    if context.profile.suggest == "no":
        return []
    done = Counter(exercises[id].kind for id in mine.finished if id in exercises)
    kinds = [kind for kind, _ in done.most_common(FAVOURITES)]
    known_already = {*mine.finished, *mine.saved}
    fitting = [s for s in exercises.values() if s.kind in kinds and s.id not in known_already]
    return context.draw(fitting, SUGGESTED)


FLOW = Flow("mine", start, respond, careful=True)
