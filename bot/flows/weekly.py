"""weekly: a lead has a question asked every week; lets it rest, begins it again, or ends it."""

from collections.abc import Mapping
from dataclasses import replace

from bot.core import agreed, asking, wanted
from bot.core.allow import may
from bot.core.asking import Question
from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Post, Replace, SetTeam
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.form import again
from bot.core.message import Field, Form, Message, Option, Signed
from bot.core.team import Team, Weekly
from bot.core.turn import Chose, Submitted, Turn

OPTIONS = ("new", "same")
WAYS = ("rest", "again", "end", "leave")


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "named": what is to be asked, as in `asking.named`, and its "deck"; without them, what
    is set is shown."""
    team = context.team
    if team is None or not may(context, "post"):
        return Begin("question", {"topic": "post"})
    if "named" in data:
        question = _question(data)
        return _form(context, question, asking.usual(question))
    if team.weekly is None:
        return Begin("question", {"topic": "post"})
    return _summary(context, team)


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    team, data = context.team, conversation.data
    if team is None or not may(context, "post"):
        return Begin("question", {"topic": "post"})
    match turn:
        case Submitted("plan", values):
            return _planned(context, team, _question(data), values)
        case Chose("rest"):
            return _told(context, asking.rested(team), "rested")
        case Chose("again"):
            return _told(context, asking.taken_on(context, team), "back")
        case Chose("end"):
            return _told(context, replace(asking.rested(team), weekly=None), "ended")
        case Chose("leave"):
            return Reply("", (Replace(Message(context.words("team.unchanged"))),))
        case _:
            return start(context, data)


def _question(data: Mapping[str, str]) -> Question:
    return replace(asking.named(data["named"]), deck=data["deck"])


def _summary(context: Context, team: Team) -> Next:
    words, weekly = context.words, team.weekly
    if weekly is None:
        return Begin("question", {"topic": "post"})
    text = words("weekly.is_set", **asking.when(words, weekly), what=_what(context, team))
    if first := asking.first(context, team):
        text = f"{text} {words('weekly.next', day=wanted.day_in_words(words, first.date()))}"
    else:
        text = f"{text} {words('weekly.rests')}"
    left_out = "rest" if asking.rests(team) else "again"
    ways = choices(words, "weekly", *WAYS, quiet=("end", "leave"))
    buttons = tuple(way for way in ways if way.id != left_out)
    return _show(context, Message(text, buttons, words("weekly.title")), {})


def _what(context: Context, team: Team) -> str:
    """What comes: out of which deck, or which one."""
    weekly = team.weekly
    if weekly is None or weekly.deck:
        deck = weekly.deck if weekly else asking.DECKS[0]
        return context.words(f"weekly.of_{deck}")
    question = Question(slip=weekly.slip, own=weekly.text)
    return asking.text_of(context, question, team.language) or ""


def _form(
    context: Context, question: Question, values: Mapping[str, str], *, checked: bool = False
) -> Next:
    words = context.words
    wrong = asking.faults(question, values) if checked else frozenset[str]()
    days = tuple(Option(day, words(f"team.day_{day}")) for day in agreed.WEEK)
    which = tuple(Option(each, words(f"weekly.{each}")) for each in OPTIONS)
    fields = [
        Field("day", words("weekly.day"), days, hint=words("team.red_days")),
        Field("time", words("team.time"), kind="time"),
    ]
    if not question.own:
        fields.append(Field("which", words("weekly.which"), which))
    shown = tuple(
        replace(
            each,
            value=again(values.get(each.id, ""))
            if each.kind == "time"
            else values.get(each.id, ""),
            error=words(f"weekly.wrong_{each.id}") if each.id in wrong else "",
        )
        for each in fields
    )
    buttons = choices(words, "weekly", "plan", "leave")
    form = Form(words("weekly.title"), words("weekly.about"), shown, buttons)
    return _show(context, form, {"deck": question.deck, "named": question.named})


def _planned(context: Context, team: Team, question: Question, values: Mapping[str, str]) -> Next:
    if asking.faults(question, values):
        return _form(context, question, values, checked=True)
    return _told(context, asking.planned(context, team, question, values), "planned")


def _told(context: Context, team: Team, name: str) -> Next:
    """Keep *team*, and say so to all, with the name of whoever decided it."""
    before, words = team.weekly or (context.team and context.team.weekly), context.words
    if before is None:
        return Begin("question", {"topic": "post"})
    first = asking.first(context, team)
    day = wanted.day_in_words(words, first.date()) if first else ""
    said = Replace(Message(words(f"weekly.{name}", day=day)))
    kept = SetTeam(replace(team, acted=context.now.date()))
    return Reply("", (said, kept, Post(_line(context, team, before, name), team.language)))


def _line(context: Context, team: Team, weekly: Weekly, name: str) -> Message:
    words = context.library.words[team.language]
    return Message(
        words(f"weekly.line_{name}", **asking.when(words, weekly)),
        signed=Signed(words("asked.from"), context.name),
    )


def _show(context: Context, card: Message | Form, data: Mapping[str, str]) -> Next:
    return Reply("show", (Replace(card),), {"here": context.here, **data})


FLOW = Flow("weekly", start, respond)
