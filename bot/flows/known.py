"""known: what is known about a slip, and where from. It says plainly how little that may be."""

from collections.abc import Mapping

from bot.core.card import choices, less
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.exercise import Exercise
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.library import Source
from bot.core.message import Link, Message
from bot.core.turn import Chose, Turn

NO_STUDY = "practice"
"""The source of what has none: that it is practice is said already."""


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "id" of the slip; "back": the flow to go back to, which is begun with all of the data,
    and "step": "slip"."""
    slip = context.exercises.get(data.get("id", ""))
    if slip is None:
        return Begin("menu", {"step": "old"})
    return Reply("told", (Replace(_told(context, slip)),), data)


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    data = conversation.data
    match turn:
        case Chose("save"):
            return Begin("mine", {"step": "save", "id": data["id"]})
        case Chose("back"):
            return Begin(data["back"], {**data, "step": "slip"})
        case _:
            return start(context, data)


def _told(context: Context, slip: Exercise) -> Message:
    words = context.words
    sources = context.library.sources
    found = [sources[key] for key in slip.sources if key in sources and key != NO_STUDY]
    text = "\n\n".join((slip.why, words(f"known.{slip.evidence}"), _cited(context, found)))
    buttons = choices(words, "known", "back", "save", quiet=("save",))
    hidden = ("save",) if slip.id in context.mine.saved else ()
    return Message(text.strip(), less(buttons, *hidden), slip.title, links=_links(context, found))


def _cited(context: Context, found: list[Source]) -> str:
    lines = "\n".join(f"• {source.text}" for source in found)
    return f"{context.words.count('known.sources', len(found))}\n{lines}" if found else ""


def _links(context: Context, found: list[Source]) -> tuple[Link, ...]:
    """To those that can be read, numbered where there are several."""
    urls = [source.url for source in found if source.url]
    if len(urls) == 1:
        return (Link(context.words("known.read"), urls[0]),)
    return tuple(
        Link(context.words("known.read_one", n=str(number)), url)
        for number, url in enumerate(urls, 1)
    )


FLOW = Flow("known", start, respond)
