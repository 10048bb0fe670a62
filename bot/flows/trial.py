"""trial: how it looks when Landa speaks first, in the person's own chat. Sent when asked for."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Keep, Replace, Say
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Choice, Message
from bot.core.turn import Turn
from bot.flows import overview


def start(context: Context, data: Mapping[str, str]) -> Next:
    words, profile = context.words, replace(context.profile, trial="shown")
    preview = words("card.preview")
    card = Message(
        f"{words('trial.here')}\n\n{words('trial.only_yes')}",
        (
            Choice("practice/pause", words("land.pause")),
            Choice("settings", words("menu.settings"), quiet=True),
        ),
        note=words("trial.preview", preview=preview),
        preview=preview,
        standing=True,
    )
    kept = Keep({key: str(value) for key, value in asdict(profile).items()})
    anew = Replace(overview.page(replace(context, profile=profile)), in_place=True)
    return Reply("", (kept, Say(card, home=True), anew))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    return start(context, {})


FLOW = Flow("trial", start, respond)
