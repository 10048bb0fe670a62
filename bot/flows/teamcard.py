"""teamcard: the card in a team's channel at its time, and the private answer to who presses it.

Who presses is counted nowhere, and is in the slip by themselves.
"""

from collections.abc import Mapping

from bot.core import agreed, asking, offer
from bot.core.card import choices, length
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace, Say
from bot.core.exercise import ChooseStep, Exercise
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Choice, Message
from bot.core.turn import Chose, Turn


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "kind" when its time has come; "topic": "start/<slip>", "other/<slip>" or "no" when
    somebody pressed it."""
    if data.get("kind") == asking.KIND:
        card = asking.due(context)
        return Reply("", (Say(card),) if card else ())
    if "kind" in data:
        return _posted(context)
    what, _, slip = data.get("topic", "").partition("/")
    match what:
        case "start":
            return Begin("guided", {"id": slip})
        case "other":
            return _other(context, slip, _kinds(context))
        case _:
            return Reply("", (Replace(Message(context.words("practice.later"))),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    data = conversation.data
    match turn:
        case Chose("start"):
            return Begin("guided", {"id": data["id"], "tried": data["tried"]})
        case Chose("other"):
            return _other(context, data["tried"], data["kinds"])
        case _:
            return Reply("", (Replace(Message(context.words("practice.later"))),))


def _kinds(context: Context) -> str:
    kinds = context.team.kinds if context.team else agreed.USUAL_KINDS
    return " ".join(sorted(kinds))


def _drawn(context: Context, tried: str, kinds: str) -> list[Exercise]:
    """One, or none where the box holds nothing of the kind."""
    return offer.short(context, kinds.split(), tried)


def _posted(context: Context) -> Next:
    words = context.words
    drawn = _drawn(context, "", _kinds(context))
    if not drawn:
        return Reply("", ())
    slip = drawn[0]
    buttons = (
        Choice(f"teamcard/start/{slip.id}", words("teamcard.start")),
        Choice(f"teamcard/other/{slip.id}", words("teamcard.other")),
        Choice("teamcard/no", words("teamcard.no"), quiet=True),
    )
    card = Message(
        _told(context, slip),
        buttons,
        words("teamcard.title"),
        words("teamcard.nobody_counts"),
        preview=words("card.preview"),
        standing=True,
    )
    return Reply("", (Say(card),))


def _other(context: Context, tried: str, kinds: str) -> Next:
    """Another slip, for this person alone."""
    words, drawn = context.words, _drawn(context, tried, kinds)
    if not drawn:
        return Begin("practice", {"topic": "pause", "tried": tried})
    slip = drawn[0]
    buttons = choices(words, "teamcard", "start", "other", "no", quiet=("no",))
    seen = f"{tried} {slip.id}".strip()
    data = {"id": slip.id, "tried": seen, "kinds": kinds}
    card = Message(_told(context, slip), buttons, words("teamcard.title"))
    return Reply("offer", (Replace(card),), data)


def _told(context: Context, slip: Exercise) -> str:
    """With its first words: who only reads them has had a pause too. A question with answers to
    choose among waits until it is begun: they are not on this card."""
    words, strong = context.words, f"*{slip.title}*"
    title = words("guided.title", title=strong, length=length(words, slip))
    first = slip.steps[0]
    return title if isinstance(first, ChooseStep) else f"{title}\n\n{first.text}"


FLOW = Flow("teamcard", start, respond)
