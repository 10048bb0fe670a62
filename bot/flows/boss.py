"""boss: a lead names the team's boss, and who is named says yes to being asked, or no more.

Nobody is named in the channel, and Landa writes to nobody who has not said yes by their own press.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.core import volunteering
from bot.core.allow import may
from bot.core.card import choices
from bot.core.colleague import Colleague
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Dismiss, Effect, Post, Replace, SetTeam, Volunteer, Withdraw
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Card, Choice, Field, Form, Message, Signed
from bot.core.team import Team
from bot.core.turn import Chose, Submitted, Turn

ACCOUNT = re.compile(r"[\w.+'-]{1,64}(?:@[\w.-]{1,190})?")
LONGEST = 255
Values = Mapping[str, str]


def start(context: Context, data: Values) -> Next:
    """data: "topic": "name" for a lead who wants to say who it is; "accept" when somebody pressed
    the card in the channel."""
    words, topic = context.words, data.get("topic", "")
    if not context.here:
        return Begin("people")
    if topic == "name":
        return _naming(context, {"account": _named(context)}, "") if _leads(context) else _team()
    if mine := _mine(context):
        told = volunteering.in_words(context, mine, "boss.you_can")
        buttons = choices(words, "boss", "change", "leave", "done", quiet=("leave", "done"))
        return _show(context, Message(told, buttons, words("boss.title")))
    if may(context, "accept"):
        if not context.reachable:
            return _end(context, "alone")
        buttons = choices(words, "boss", "yes", "no")
        return _show(context, Message(words("boss.about"), buttons, words("boss.title")))
    return _end(context, "not_you") if topic == "accept" else Begin("company", {"topic": "boss"})


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    mine = _mine(context)
    willing = context.reachable and (mine is not None or may(context, "accept"))
    match turn:
        case Chose("yes" | "change") if willing:
            return _form(context, volunteering.answers(context, mine or _before(context)))
        case Submitted("save", values) if willing:
            return _accepted(context, values)
        case Submitted("name", values):
            return _kept(context, values) if _leads(context) else _team()
        case Chose("leave") if mine:
            return _left(context, mine)
        case Chose("no" | "keep" | "done"):
            return _end(context, "as_it_is")
        case _:
            return start(context, {})


def _mine(context: Context) -> Colleague | None:
    return context.boss if context.boss and context.boss.id == context.me else None


def _before(context: Context) -> Colleague | None:
    """Who was a colleague to be asked goes on with the same hours."""
    return next((each for each in context.colleagues if each.id == context.me), None)


def _leads(context: Context) -> bool:
    return may(context, "name")


def _named(context: Context) -> str:
    """Whom the team has named, whether they have said yes or not."""
    return context.boss.account if context.boss else context.team.boss if context.team else ""


def _team() -> Next:
    return Begin("team")


def _naming(context: Context, values: Values, wrong: str) -> Next:
    words = context.words
    field = Field(
        "account",
        words("boss.account"),
        value="" if wrong else values.get("account", ""),
        error=words(wrong) if wrong else "",
        kind="account",
        optional=True,
        longest=LONGEST,
        hint=words("boss.hint"),
    )
    buttons = choices(words, "boss", "name", "keep")
    return _show(context, Form(words("boss.title"), words("boss.naming"), (field,), buttons))


def _kept(context: Context, values: Values) -> Next:
    team, account = context.team, values.get("account", "").strip()
    if account and not _fits(context, account):
        return _naming(context, values, "boss.no_account")
    if team is None or account == _named(context):
        return _end(context, "unchanged")
    gone = (Dismiss(context.boss.id),) if context.boss else ()
    kept = SetTeam(replace(team, boss=account, acted=context.now.date()))
    if not account:
        return _end(context, "nobody", kept, *gone)
    return _end(context, "named", kept, *gone, Post(_asking(context, team), team.language))


def _fits(context: Context, account: str) -> bool:
    """Where people type it, it is the address that they sign in with."""
    return bool(ACCOUNT.fullmatch(account)) and (bool(context.account) or "@" in account)


def _asking(context: Context, team: Team) -> Message:
    words = context.library.words[team.language]
    return Message(
        words("boss.is_it_you"),
        (Choice("boss/accept", words("boss.it_is_me")),),
        words("boss.title"),
        words("boss.nothing_yet"),
        standing=True,
    )


def _form(context: Context, values: Values, *, checked: bool = False) -> Next:
    title = context.words("boss.title")
    return _show(context, volunteering.form(context, title, values, checked=checked))


def _accepted(context: Context, values: Values) -> Next:
    """The channel sees who it is, by the platform's own name of them."""
    made, team = volunteering.made(context, values), context.team
    if made is None:
        return _form(context, values, checked=True)
    yes = Volunteer(replace(made, boss=True, account=_named(context)))
    if _mine(context) or team is None:
        return _end(context, "kept", yes)
    words = context.library.words[team.language]
    line = Message(words("boss.line"), signed=Signed(words("asked.from"), context.name))
    kept = SetTeam(replace(team, boss=""))
    return _end(context, "kept", yes, kept, Post(line, team.language))


def _left(context: Context, mine: Colleague) -> Next:
    """The team still knows who its boss is, and Landa writes to them no more."""
    team = context.team
    named = (SetTeam(replace(team, boss=mine.account)),) if team else ()
    return _end(context, "left", Withdraw(everywhere=False), *named)


def _show(context: Context, card: Card) -> Next:
    return Reply("show", (Replace(card),), {"here": context.here})


def _end(context: Context, key: str, *more: Effect) -> Next:
    return Reply("", (Replace(Message(context.words(f"boss.{key}"))), *more))


FLOW = Flow("boss", start, respond, careful=True)
