"""nudges: the times at which somebody wants to hear from Landa. Nothing is said without a yes."""

from collections.abc import Mapping

from bot.core import wanted
from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Remind, Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.nudge import Nudges
from bot.core.turn import Chose, Turn

GOES_TO = {"add": "slot", "frame": "frame", "stop": "stopped"}
WAYS = ("add", "remove", "frame", "pause", "again", "try", "stop", "done")
MOST_SLOTS = 5


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "said": a key of what was just done, to stand first."""
    words, nudges = context.words, context.nudges
    if not context.reachable:
        return Reply("", (Replace(Message(words("nudges.not_here"))),))
    if nudges is None or not nudges.slots:
        card = Message(words("nudges.about"), choices(words, "nudges", "yes", "explore", "no"))
        return Reply("ask", (Replace(card),))
    said = f"{words(data['said'])}\n\n" if data.get("said") else ""
    text = f"{said}{wanted.in_words(nudges, context)}"
    hidden = _hidden(nudges, context)
    ways = choices(words, "nudges", *WAYS, quiet=("stop",))
    card = Message(text, tuple(way for way in ways if way.id not in hidden))
    return Reply("shown", (Replace(card),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    nudges = context.nudges
    match turn:
        case Chose("yes"):
            return Begin("slot")
        case Chose("explore"):
            return Begin("explore")
        case Chose("no"):
            return Reply("", (Replace(Message(context.words("practice.later"))),))
        case Chose("done"):
            return Reply("", (Replace(Message(context.words("after.ready"))),))
        case Chose("add" | "frame" | "stop" as way):
            return Begin(GOES_TO[way], {"from": "nudge"})
        case Chose("remove"):
            return Begin("slot", {"step": "remove"})
        case Chose("pause"):
            return Begin("quiet", {"step": "choose"})
        case Chose("again"):
            return Begin("quiet", {"step": "again"})
        case Chose("try") if nudges and nudges.slots and context.reachable:
            come = Remind("try", nudges.slots[0].kind, context.now)
            return Begin("nudges", {"said": "nudges.sent"}, (come,))
        case _:
            return start(context, {})


def _hidden(nudges: Nudges, context: Context) -> set[str]:
    """The WAYS that lead nowhere now."""
    full = {"add"} if len(nudges.slots) >= MOST_SLOTS else set[str]()
    return full | {"pause" if wanted.silent(nudges, context) else "again"}


FLOW = Flow("nudges", start, respond)
