"""meeting: the box on the table. Anybody in the channel draws, one slip at a time, and all see it.

No lead is needed, and no slip is written down. How far down the box they are is kept with the
team, so that none comes again before it is empty; where no team is, it stands in the newest card.
"""

from collections.abc import Mapping

from bot.core import asking, deck, ownslips
from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect, KeepDrawn, Pause, Post, Replace
from bot.core.exercise import AskStep, Exercise, SayStep
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Choice, Message
from bot.core.turn import Chose, PauseOver, Turn
from bot.core.words import Words

KINDS = (*asking.DECKS, "body")
"""Of slips that a few people around a table can share."""
LONGEST_EXERCISE_S = 120
TABLE, OWN = "table", "own-"
TIME_S = 120
TOP = "top"
"""How far down the box they are who have not drawn yet."""


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "topic" of a card in the channel: "draw/" and how far down the box is; "time"."""
    words = context.words
    what, _, far = data.get("topic", "").partition("/")
    match what:
        case _ if not context.here:
            return Reply("", (Replace(Message(words("team.where"))),))
        case "draw":
            return _drawn(context, far) if _newest(context, far) else _older(context)
        case "time":
            return Reply(
                "time",
                (_post(context, Message(_team_words(context)("meeting.begun"))), Pause(TIME_S)),
            )
        case "":
            buttons = choices(words, "meeting", "put", "no", quiet=("no",))
            card = Message(words("meeting.about"), buttons, words("meeting.title"))
            return Reply("ask", (Replace(card),), {"here": context.here})
        case _:
            return Begin("menu", {"step": "old"})


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    words = context.words
    match turn:
        case PauseOver():
            return Reply("", (_post(context, Message(_team_words(context)("meeting.over"))),))
        case Chose("put") if context.here:
            said = Replace(Message(words("meeting.stands")))
            return Reply("", (said, _post(context, _table(context))))
        case Chose("anyway") if context.here:
            return _drawn(context, "", Replace(Message(words("meeting.lies_there"))))
        case Chose("no"):
            return Reply("", (Replace(Message(words("practice.later"))),))
        case _:
            return start(context, {})


def _table(context: Context) -> Message:
    words = _team_words(context)
    return Message(
        words("meeting.table"),
        (Choice(f"meeting/draw/{_far(_kept(context))}", words("meeting.draw")),),
        words("meeting.title"),
        words("meeting.kept_nowhere"),
        preview=words("card.preview"),
        standing=True,
    )


def _kept(context: Context) -> deck.Piles:
    return context.team.piles if context.team else {}


def _newest(context: Context, far: str) -> bool:
    """Whether nobody has drawn since that card; where no team is, each card is its own."""
    return context.team is None or far in ("", _far(context.team.piles))


def _older(context: Context) -> Next:
    """Two may press at once, and a hand twice: one slip at a time lies on the table."""
    buttons = choices(context.words, "meeting", "anyway", "no", quiet=("no",))
    card = Message(context.words("meeting.already"), buttons)
    return Reply("older", (Replace(card),), {"here": context.here})


def _drawn(context: Context, far: str, *said: Effect) -> Next:
    words, known = _team_words(context), context.library.exercises[_language(context)]
    own = {f"{OWN}{slip.id}": slip for slip in ownslips.approved(context)}
    box = {TABLE: [*(id for id, slip in known.items() if _is_shared(slip)), *own]}
    begun = deck.number(context.here, context.local_now.date().isoformat())
    drawn, piles = deck.draw(box, _kept(context) if context.team else _piles(far), begun, 1)
    if not drawn:
        return Begin("menu", {"step": "old"})
    if written := own.get(drawn[0]):
        kind, title, text = written.kind, words("meeting.own"), written.text
    else:
        slip = known[drawn[0]]
        kind, title, text = slip.kind, slip.title, asking.told(slip)
    pride = words("asked.nameless") if kind == "pride" else ""
    card = Message(
        text,
        (
            Choice(f"meeting/draw/{_far(piles)}", words("meeting.next")),
            Choice("meeting/time", words("meeting.time")),
        ),
        title,
        f"{pride} {words('meeting.aloud')}".strip(),
        preview=words("card.preview"),
        standing=True,
    )
    kept = (KeepDrawn(piles),) if context.team else ()
    return Reply("", (*said, _post(context, card), *kept))


def _is_shared(slip: Exercise) -> bool:
    """Read out, it is whole: nothing to choose, and no rhythm to follow on a screen."""
    if slip.kind not in KINDS or not all(
        isinstance(each, SayStep | AskStep) for each in slip.steps
    ):
        return False
    return slip.kind in asking.DECKS or slip.seconds <= LONGEST_EXERCISE_S


def _far(piles: deck.Piles) -> str:
    pile = piles.get(TABLE)
    return f"{pile.seed:x}.{pile.mark:x}" if pile else TOP


def _piles(far: str) -> deck.Piles:
    """How far down they are; at the top where nothing says so."""
    seed, _, mark = far.partition(".")
    try:
        return {TABLE: deck.Pile(int(seed, 16), int(mark, 16))}
    except ValueError:
        return {}


def _language(context: Context) -> str:
    return context.team.language if context.team else context.language


def _team_words(context: Context) -> Words:
    return context.library.words[_language(context)]


def _post(context: Context, card: Message) -> Post:
    return Post(card, _language(context))


FLOW = Flow("meeting", start, respond, careful=True)
