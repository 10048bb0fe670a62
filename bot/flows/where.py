"""where: a colleague is told where the person is and until when, in words that are seen first; and
afterwards that all is well. If the time passes, only the person hears of it.

What has been told is kept nowhere: the buttons on the person's own cards carry whom it was, and
in which team's place.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.core.card import choices, less
from bot.core.colleague import Colleague
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Inform, Remind, Replace, Say, Unremind
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Choice, Message, Signed
from bot.core.nudge import zone_named
from bot.core.turn import Chose, Turn
from bot.core.wanted import time_in_words
from bot.core.words import Words

REMINDER = "where"
PLACES = ("visit", "meeting", "out")
TIMES = {"m30": 30, "h1": 60, "m90": 90, "h2": 120, "h3": 180}
USUAL = "h1"
MORE = timedelta(minutes=30)
STEP = timedelta(minutes=5)
MOST = 5

Wish = Literal["well", "back"]


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "topic": "well", "back" or "more", pressed on a card of the person's own, and after a
    dot whom it is about; "step" is "due" when the time has passed."""
    wish, _, about = data.get("topic", "").partition(".")
    match wish:
        case _ if data.get("step") == "due":
            return _due(context, about)
        case "well" | "back":
            return _over(context, wish, about)
        case "more":
            return _longer(context, about)
        case _:
            return _preview(context, {})


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    data = conversation.data
    match turn:
        case Chose("no"):
            return Reply("", (Replace(Message(context.words("practice.later"))),))
        case Chose("send"):
            return _send(context, data)
        case Chose("whom" | "place" | "time" as what):
            return _ask(context, what, data)
        case Chose(place) if place in PLACES:
            return _preview(context, {**data, "place": place})
        case Chose(wait) if wait in TIMES:
            return _preview(context, {**data, "until": _after(context, wait).isoformat()})
        case Chose(id):
            return _preview(context, {**data, "to": id})
        case _:
            return _preview(context, data)


def _there(context: Context) -> list[Colleague]:
    """Those who can be told now; who comes first is another one each day."""
    free = (
        each
        for each in context.colleagues
        if each.id != context.me and each.can_be_asked(context.now)
    )
    return sorted(free, key=lambda each: int(each.id, 16) ^ context.variety)


def _after(context: Context, wait: str) -> datetime:
    """A moment that is easily said: whole five minutes."""
    at = context.now + timedelta(minutes=TIMES[wait])
    return at + (datetime.min.replace(tzinfo=UTC) - at) % STEP


def _preview(context: Context, data: Mapping[str, str]) -> Next:
    words = context.words
    if not context.here:
        return _end(context, "where")
    if not context.reachable:
        return _end(context, "alone")
    there = _there(context)
    if not there:
        return _end(context, "nobody")
    to = next((each for each in there if each.id == data.get("to")), there[0])
    place, until = data.get("place", PLACES[0]), _until(context, data)
    shown = _says(context, to, place, until)
    ways = choices(words, "where", *_WAYS, quiet=("no",))
    card = Message(
        f"{words('where.preview', name=to.name)}\n\n*{shown}*",
        ways if len(there) > 1 else less(ways, "whom"),
        note=words("where.only", name=to.name),
        signed=_from(context, to),
    )
    kept = {"here": context.here, "to": to.id, "place": place, "until": until.isoformat()}
    return Reply("preview", (Replace(card),), kept)


_WAYS = ("send", "whom", "place", "time", "no")


def _until(context: Context, data: Mapping[str, str]) -> datetime:
    until = datetime.fromisoformat(data["until"]) if "until" in data else context.now
    return until if until > context.now else _after(context, USUAL)


def _ask(context: Context, what: str, data: Mapping[str, str]) -> Next:
    words = context.words
    match what:
        case "whom":
            buttons = tuple(Choice(each.id, each.name) for each in _there(context)[:MOST])
        case "place":
            buttons = choices(words, "where", *PLACES)
        case _:
            buttons = tuple(
                Choice(wait, words("where.until", time=_told(context, _after(context, wait))))
                for wait in TIMES
            )
    card = Message(words(f"where.which_{what}"), (*buttons, *choices(words, "where", "no")))
    return Reply("preview", (Replace(card),), data)


def _send(context: Context, data: Mapping[str, str]) -> Next:
    to = next((each for each in _there(context) if each.id == data.get("to")), None)
    until = datetime.fromisoformat(data["until"])
    if to is None or until <= context.now:
        return _preview(context, data)
    card = _card(context, to, _says(context, to, data["place"], until))
    return _told_until(context, to, until, "sent", card)


def _told_until(context: Context, to: Colleague, until: datetime, key: str, card: Message) -> Next:
    """Tell, and come back to the person, and to nobody else, when the time has passed."""
    words, about = context.words, f"{to.id}.{context.here}"
    sent = Message(
        words(f"where.{key}", name=to.name, time=_told(context, until)),
        _ways(words, about, "well", "back"),
        standing=True,
    )
    later = Remind(REMINDER, f"where.{about}", until)
    return Reply("", (Replace(sent), Inform(to.id, card), later))


def _due(context: Context, about: str) -> Next:
    words = context.words
    card = Message(
        words("where.due"),
        _ways(words, about, "well", "more"),
        preview=words("card.preview"),
        standing=True,
    )
    return Reply("", (Say(card),))


def _over(context: Context, wish: Wish, about: str) -> Next:
    """Whoever was told hears that it is over, if they still say yes."""
    to = _known(context, about)
    if to is None:
        gone = Message(context.words(f"where.{wish}_gone"))
        return Reply("", (Replace(gone), Unremind(REMINDER)))
    words = _words(context, to)
    card = _card(context, to, words(f"where.says_{wish}"), why=False)
    said = Message(context.words(f"where.{wish}_said", name=to.name))
    return Reply("", (Replace(said), Inform(to.id, card), Unremind(REMINDER)))


def _longer(context: Context, about: str) -> Next:
    to, until = _known(context, about), context.now + MORE
    if to is None:
        return Reply("", (Replace(_text(context, "more_gone")),))
    said = _words(context, to)("where.says_more", time=_theirs(context, to, until))
    return _told_until(context, to, until, "more_said", _card(context, to, said, why=False))


def _known(context: Context, about: str) -> Colleague | None:
    id = about.partition(".")[0]
    return next((each for each in context.colleagues if each.id == id), None)


def _ways(words: Words, about: str, *ids: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"where/{id}.{about}", words(f"where.{id}")) for id in ids)


def _card(context: Context, to: Colleague, text: str, *, why: bool = True) -> Message:
    """For whoever is told. Nothing has to be answered, and the way to say never again is there."""
    words = _words(context, to)
    return Message(
        text,
        (Choice("invited/never", words("invited.never"), quiet=True),),
        note=words("where.why") if why else "",
        preview=words("card.preview"),
        standing=True,
        signed=_from(context, to),
    )


def _says(context: Context, to: Colleague, place: str, until: datetime) -> str:
    words = _words(context, to)
    return words(f"where.says_{place}", time=_theirs(context, to, until))


def _theirs(context: Context, to: Colleague, at: datetime) -> str:
    """The time where they are."""
    zone = zone_named(to.zone)
    return _clock(_words(context, to), at.astimezone(zone), context.now.astimezone(zone))


def _told(context: Context, at: datetime) -> str:
    return _clock(context.words, at.astimezone(context.zone), context.local_now)


def _clock(words: Words, at: datetime, now: datetime) -> str:
    """ "14:30"; with the day where it is another. Both in the same zone."""
    return f"{at:%H:%M}" if at.date() == now.date() else time_in_words(words, at, now)


def _words(context: Context, to: Colleague) -> Words:
    return context.library.words.get(to.language, context.words)


def _from(context: Context, to: Colleague) -> Signed:
    return Signed(_words(context, to)("asked.from"), context.name)


def _text(context: Context, key: str, name: str = "") -> Message:
    return Message(context.words(f"where.{key}", name=name))


def _end(context: Context, key: str) -> Next:
    return Reply("", (Replace(_text(context, key)),))


FLOW = Flow("where", start, respond)
