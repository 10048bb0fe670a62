"""explore: five days for somebody new, to feel what suits them. One slip a day, if asked for."""

from collections.abc import Mapping

from bot.core import firstdays
from bot.core.card import choices, listing
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect, Replace, Say
from bot.core.firstdays import HOW_MANY, TIMES, Day
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Choice, Message
from bot.core.turn import Chose, Turn
from bot.core.wanted import day_in_words


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "kind" of a day that is due; or "topic", pressed on its card: "stop.<kind>"."""
    words = context.words
    if day := firstdays.read(data.get("kind", "")):
        return Reply("", (Say(_card(context, day, data["kind"])),))
    what, _, kind = data.get("topic", "").partition(".")
    if not context.reachable:
        return _said(context, "nudges.not_here")
    if what == "stop" and (day := firstdays.read(kind)):
        return _stopped(context, day)
    card = Message(words("explore.about"), choices(words, "explore", *TIMES, "no", quiet=("no",)))
    return Reply("ask", (Replace(card),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case _ if not context.reachable:
            return start(context, {})
        case Chose("morning" | "midday" | "afternoon" as when) if conversation.step == "ask":
            return _begun(context, Day(1, when))
        case Chose("back") if conversation.step == "begun":
            return _said(context, "explore.taken_back", *firstdays.ending(context))
        case Chose("back") if left := firstdays.read(conversation.data.get("left", "")):
            return _begun(context, left)
        case Chose("no"):
            return _said(context, "practice.later")
        case Chose("done"):
            return _said(context, "after.ready")
        case _:
            return start(context, {})


def _begun(context: Context, first: Day) -> Next:
    words, come = context.words, firstdays.coming(context, first)
    when = {
        "day": day_in_words(words, next(iter(come))),
        "time": f"{TIMES[first.when]:%H:%M}",
    }
    said = words("explore.begun" if first.number == 1 else "explore.goes_on", **when)
    card = Message(said, choices(words, "explore", "back", "done", quiet=("done",)))
    return Reply("begun", (Replace(card), *firstdays.reminding(context, first)))


def _stopped(context: Context, day: Day) -> Next:
    """With a way to take it back, where any were left."""
    said, gone = "explore.stopped", firstdays.ending(context)
    if day.number == HOW_MANY:
        return _said(context, said, *gone)
    ways = choices(context.words, "explore", "back", "done", quiet=("done",))
    left = Day(day.number + 1, day.when)
    return Reply(
        "stopped", (Replace(Message(context.words(said), ways)), *gone), {"left": left.kind}
    )


def _card(context: Context, day: Day, kind: str) -> Message:
    """kind: as in `Day.kind`; a slip that was put off comes again."""
    words, exercises, same = context.words, context.exercises, kind.partition(".")[2]
    slip = exercises[same] if same in exercises else firstdays.slip(context, day)
    ways = (
        Choice(f"nudge/go.{slip.id}", words("nudge.go")),
        Choice(f"nudge/later.{day.kind}.{slip.id}", words("nudge.later")),
        Choice("nudge/no", words("nudge.no")),
        Choice(f"explore/stop.{day.kind}", words("nudge.stop"), quiet=True),
    )
    last = day.number == HOW_MANY
    return Message(
        f"{words(f'explore.day_{day.number}')}\n\n{listing(words, [slip])}",
        ways[:-1] if last else ways,
        note=words("explore.over" if last else "explore.why"),
        preview=words("card.preview"),
        standing=True,
    )


def _said(context: Context, key: str, *effects: Effect) -> Next:
    return Reply("", (Replace(Message(context.words(key))), *effects))


FLOW = Flow("explore", start, respond)
