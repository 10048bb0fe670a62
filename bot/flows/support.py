"""support: numbers to people who answer; also after crisis words. Nobody is told."""

from collections.abc import Mapping

from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Link, Message
from bot.core.turn import Chose, Turn


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "step" is "crisis" when somebody wrote words that frighten."""
    words = context.words
    opening = words("support.crisis") if data.get("step") == "crisis" else words("support.opening")
    text = "\n\n".join([opening, numbers(context), words("support.not_on_call")])
    buttons = choices(words, "support", "land", "done")
    return Reply("show", (Replace(Message(text, buttons, links=calls(context))),))


def numbers(context: Context) -> str:
    """The support lines and, where the operator has named it, the occupational health service."""
    lines = [line.label for line in context.support]
    site = context.site
    if site.health_phone or site.health_name:
        told = " ".join(part for part in (site.health_name, site.health_phone) if part)
        lines.append(context.words("support.health", health=told))
    return "\n".join(lines)


def calls(context: Context) -> tuple[Link, ...]:
    """The same numbers, to be pressed on a telephone."""
    phones = [(line.phone, line.phone) for line in context.support]
    if context.site.health_phone:
        phones.append((context.words("support.health_short"), context.site.health_phone))
    return tuple(
        Link(
            context.words("support.call", whom=whom),
            f"tel:{''.join(c for c in phone if c in '+0123456789')}",
        )
        for whom, phone in phones
    )


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("land"):
            return Begin("land")
        case Chose("done"):
            return Reply("", (Replace(Message(context.words("support.closed"))),))
        case _:
            return start(context, {})


FLOW = Flow("support", start, respond)
