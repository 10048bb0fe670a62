"""company: the person asks a colleague, or their boss, for company, in words they have seen."""

from collections.abc import Mapping
from datetime import timedelta

from bot.core import contacts
from bot.core.allow import may
from bot.core.card import choices, less
from bot.core.colleague import Colleague, Invitation
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect, Invite, Remind, Replace, Say, TakeBack, Unremind
from bot.core.flow import Flow, Next, Reply
from bot.core.message import CHAT, Choice, Link, Message, Signed
from bot.core.turn import Chose, Turn
from bot.core.words import Words

SILENCE = timedelta(minutes=10)
REMINDER = "ask"
"""The reminder that comes when nobody has answered. Nobody else is asked by itself."""
MOST, WORDINGS = 5, 3


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "topic": "boss" to ask the boss; "next", "back" or "no", pressed on a card about an
    invitation; "step" is "silent" when it was not answered for a while."""
    asked = context.invitation if _mine(context.invitation) else None
    match data.get("topic", "").partition(".")[0], data.get("step"):
        case _, "silent":
            return _silent(context, asked) if asked else _gone(context)
        case "boss", _:
            return _boss(context)
        case "next", _:
            return _choose(context, asked.tried) if asked else _end(context, "over")
        case "back" | "no" as wish, _:
            known = asked and (wish == "no" or not asked.answered)
            key = "taken_back" if known else "over"
            return _end(context, key, *((TakeBack(), Unremind(REMINDER)) if known else ()))
        case _:
            return _choose(context, ())


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    data = conversation.data
    tried = tuple(data.get("tried", "").split())
    if not isinstance(turn, Chose) or not context.here:
        return _choose(context, tried)
    match turn.choice:
        case "no" | "done":
            return _end(context, "not_now")
        case "colleague":
            return _choose(context, tried)
        case "others":
            return _choose(context, (*tried, *data.get("shown", "").split()))
        case "send" | "reword" as wish:
            to = _found(context, data.get("to", ""))
            if to is None:
                return _choose(context, tried)
            wording = int(data["wording"])
            if wish == "send":
                return _send(context, to, wording, tried)
            return _preview(context, to, wording % WORDINGS + 1, tried)
        case id:
            to = _found(context, id)
            return _preview(context, to, 1, tried) if to else _choose(context, tried)


def _mine(invitation: Invitation | None) -> bool:
    return invitation is not None and invitation.part == "asker"


def _found(context: Context, id: str) -> Colleague | None:
    boss = (context.boss,) if context.boss and _free(context, context.boss) else ()
    return next((each for each in (*_there(context, ()), *boss) if each.id == id), None)


def _free(context: Context, each: Colleague) -> bool:
    return each.id != context.me and each.can_be_asked(context.now)


def _there(context: Context, tried: tuple[str, ...]) -> list[Colleague]:
    """Those who can be asked now; who comes first is another one each day."""
    free = (each for each in context.colleagues if each.id not in tried and _free(context, each))
    return sorted(free, key=lambda each: int(each.id, 16) ^ context.variety)


def _choose(context: Context, tried: tuple[str, ...]) -> Next:
    words = context.words
    if not may(context, "choose"):
        return _lines(context, "where")
    if not context.reachable:
        return _lines(context, "alone")
    there = _there(context, tried)
    if not there:
        return _lines(context, "nobody_more" if tried else "nobody")
    shown = there[:MOST]
    people = tuple(Choice(each.id, each.name) for each in shown)
    ways = choices(words, "company", "others", "no", quiet=("no",))
    card = Message(words("company.whom"), (*people, *ways[len(there) <= MOST :]))
    seen = {"tried": " ".join(tried), "shown": " ".join(each.id for each in shown)}
    return Reply("choose", (Replace(card),), {"here": context.here, **seen})


def _boss(context: Context) -> Next:
    """Who has not said yes is written to by the person alone, in an ordinary chat."""
    boss, words = context.boss, context.words
    if not context.here:
        return _lines(context, "where")
    if boss and boss.id == context.me:
        return _choose(context, ())
    if boss and _free(context, boss):
        return _preview(context, boss, 1, ()) if context.reachable else _lines(context, "alone")
    named = context.team.boss if context.team and not boss else ""
    ways = choices(words, "company", "colleague", "done")
    if not named:
        text = words("company.boss_busy" if boss else "company.boss_nobody")
        card = Message(text, ways)
    else:
        asking = words("company.words_1")
        chat = Link(words("company.chat"), f"{CHAT}{named}", asking)
        strong = f"*{asking}*"
        card = Message(words("company.boss_chat", words=strong), ways, links=(chat,))
    return Reply("boss", (Replace(card),), {"here": context.here})


def _lines(context: Context, key: str) -> Next:
    """Nobody can be asked here: those who always answer."""
    text = f"{context.words(f'company.{key}')}\n\n{contacts.numbers(context)}"
    buttons = choices(context.words, "company", "done")
    return Reply("lines", (Replace(Message(text, buttons, links=contacts.calls(context))),))


def _preview(context: Context, to: Colleague, wording: int, tried: tuple[str, ...]) -> Next:
    words = context.words
    message = _asking(context, to, wording)
    text = f"{words('company.preview', name=to.name)}\n\n*{message}*"
    ways = choices(words, "company", "send", "reword", "colleague", "no", quiet=("no",))
    buttons = less(ways, "" if to.boss else "colleague")
    card = Message(
        text, buttons, note=words("company.no_why", name=to.name), signed=_from(context, to)
    )
    data = {"to": to.id, "wording": str(wording), "tried": " ".join(tried), "here": context.here}
    return Reply("preview", (Replace(card),), data)


def _asking(context: Context, to: Colleague, wording: int) -> str:
    words = _words(context, to.language)
    return words(f"company.words_{wording}")


def _from(context: Context, to: Colleague) -> Signed:
    return Signed(_words(context, to.language)("asked.from"), context.name)


def _words(context: Context, language: str) -> Words:
    return context.library.words.get(language, context.words)


def _send(context: Context, to: Colleague, wording: int, tried: tuple[str, ...]) -> Next:
    """What is sent is the same text, with the ways to answer. Its preview says nothing."""
    words, key = _words(context, to.language), context.key
    ways = choices(words, "invited", "come", "soon", "cannot", "never", quiet=("never",))
    card = Message(
        _asking(context, to, wording),
        tuple(Choice(f"invited/{way.id}.{key}", way.label, way.quiet) for way in ways),
        note=words("invited.why_boss" if to.boss else "invited.why"),
        preview=words("card.preview"),
        standing=True,
        signed=_from(context, to),
    )
    sent = Message(
        context.words("company.sent", name=to.name),
        (Choice(f"company/back.{key}", context.words("company.back")),),
        standing=True,
    )
    later = Remind(REMINDER, f"company.{key}", context.now + SILENCE)
    return Reply("", (Replace(sent), Invite(to.id, card, (*tried, to.id)), later))


def _silent(context: Context, asked: Invitation) -> Next:
    words = context.words
    ways = choices(words, "company", "next", "back")
    card = Message(
        words("company.silent", name=asked.asked),
        tuple(Choice(f"company/{way.id}.{asked.id}", way.label) for way in ways),
        preview=words("card.preview"),
        standing=True,
    )
    return Reply("", (Say(card),))


def _gone(context: Context) -> Next:
    """Who was asked can be asked no more; that, nobody is told."""
    words = context.words
    card = Message(words("company.unanswered"), preview=words("card.preview"), standing=True)
    return Reply("", (Say(card),))


def _end(context: Context, key: str, *more: Effect) -> Next:
    return Reply("", (Replace(Message(context.words(f"company.{key}"))), *more))


FLOW = Flow("company", start, respond, careful=True)
