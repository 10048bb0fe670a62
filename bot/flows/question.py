"""question: a lead asks the team something, seen first as all will see it; now, or every week.

Who asks is shown. Nobody sees who answers, or presses anything: of that, nothing is kept.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.core import asking, offer
from bot.core.allow import may
from bot.core.asking import Question
from bot.core.card import choices, slips
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect, Post, Replace, Say, SetTeam
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Field, Form, Message
from bot.core.turn import Chose, Submitted, Turn

HOW_MANY = 3
WAYS = ("others", *asking.DECKS, "write", "schedule", "mine", "no")


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "topic" is "post" when a team is meant; without it, who is no lead of a team there
    gets questions for themselves."""
    if may(context, "post"):
        return _drawn(context, {"deck": asking.DECKS[0]})
    if data.get("topic") != "post":
        return Begin("practice", {"topic": "question"})
    return _refused(context)


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    data = conversation.data
    match turn:
        case Chose("set_up"):
            return Begin("team")
        case Chose("mine"):
            return Begin("practice", {"topic": "question"})
        case Chose("no"):
            return Reply("", (Replace(Message(context.words("practice.later"))),))
        case _ if not may(context, "post"):
            return _refused(context)
        case Submitted("look", values):
            return _written(context, values.get("text", ""), data)
        case Chose(choice):
            return _chosen(context, choice, data)
        case _:
            return _drawn(context, data)


def _chosen(context: Context, choice: str, data: Mapping[str, str]) -> Next:
    match choice:
        case "others":
            return _drawn(context, data)
        case "question" | "pride" | "work":
            return _drawn(context, {"deck": choice})
        case "write":
            return _form(context, "", data)
        case "weekly":
            return Begin("weekly", {"deck": data["deck"], "named": data["named"]})
        case "schedule":
            return Begin("weekly")
        case "now":
            return _posted(context, data)
        case "back":
            return _drawn(context, {"deck": data["deck"]})
        case slip if slip in context.exercises:
            return _preview(context, Question(data["deck"], slip))
        case _:
            return _drawn(context, data)


def _refused(context: Context) -> Next:
    words = context.words
    if not context.here:
        return Reply("", (Replace(Message(words("team.where"))),))
    if context.team is None:
        buttons = choices(words, "question", "set_up", "mine", "no", quiet=("no",))
        return _show(context, "refused", Message(words("question.no_team"), buttons))
    buttons = choices(words, "question", "mine", "no", quiet=("no",))
    return _show(context, "refused", Message(words("question.not_lead"), buttons))


def _drawn(context: Context, data: Mapping[str, str]) -> Next:
    """Three of a deck, with their words: they are chosen for those."""
    words, deck, tried = context.words, data["deck"], data.get("tried", "")
    drawn = offer.of_kind(context, deck, tried, HOW_MANY)
    listed = "\n\n".join(f"*{slip.title}*\n{asking.told(slip)}" for slip in drawn)
    left_out = {deck} if context.team and context.team.weekly else {deck, "schedule"}
    ways = choices(words, "question", *WAYS, quiet=("schedule", "mine", "no"))
    buttons = (*slips(drawn), *(way for way in ways if way.id not in left_out))
    card = Message(f"{words('question.which')}\n\n{listed}", buttons, words("question.title"))
    seen = " ".join([tried, *(slip.id for slip in drawn)]).strip()
    return _show(context, "choose", card, {"deck": deck, "tried": seen})


def _form(context: Context, text: str, data: Mapping[str, str], error: str = "") -> Next:
    words = context.words
    field = Field(
        "text",
        words("question.own"),
        value=text,
        error=words(f"question.wrong_{error}", most=str(asking.LONGEST)) if error else "",
        kind="lines",
        longest=asking.LONGEST,
        hint=words("question.own_hint"),
    )
    buttons = choices(words, "question", "look", "back", "no", quiet=("no",))
    form = Form(words("question.title"), words("question.own_about"), (field,), buttons)
    return _show(context, "write", form, {"deck": data["deck"]})


def _written(context: Context, text: str, data: Mapping[str, str]) -> Next:
    if wrong := asking.fault(context, text):
        return _form(context, text, data, wrong)
    return _preview(context, Question("question", own=asking.tidy(text)))


def _preview(context: Context, question: Question) -> Next:
    """The card as all will see it, below the question whether it is to be so."""
    words, shown = context.words, asking.card(context, question, context.name, first=True)
    if shown is None:
        return _drawn(context, {"deck": question.deck})
    buttons = choices(words, "question", "now", "weekly", "back", "no", quiet=("back", "no"))
    ask = Message(words("question.preview"), buttons, words("question.title"))
    data = {"deck": question.deck, "named": question.named}
    return _show(context, "preview", ask, data, Say(shown))


def _posted(context: Context, data: Mapping[str, str]) -> Next:
    team, question = context.team, replace(asking.named(data["named"]), deck=data["deck"])
    card = asking.card(context, question, context.name)
    if team is None or card is None:
        return _drawn(context, {"deck": data["deck"]})
    acted = SetTeam(replace(team, acted=context.now.date()))
    said = Replace(Message(context.words("question.posted")))
    return Reply("", (said, acted, Post(card, team.language)))


def _show(
    context: Context,
    step: str,
    card: Message | Form,
    data: Mapping[str, str] | None = None,
    *more: Effect,
) -> Next:
    kept = {"here": context.here, **(data or {})}
    return Reply(step, (Replace(card), *more), kept)


FLOW = Flow("question", start, respond)
