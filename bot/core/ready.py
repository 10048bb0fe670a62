"""What whoever runs Landa has to say of a workplace before a team begins there: who helps."""

from collections.abc import Iterator

from bot.core.card import choices
from bot.core.context import Context
from bot.core.message import Choice, Message
from bot.core.site import Part

HOW = {True: "done", False: "left"}


def lines(context: Context) -> Iterator[str]:
    """A line for each part, done or left, and where what is left is written."""
    for part, said in context.site.parts.items():
        if said:
            yield _line(context, part, said=said)
    yield from left(context)


def left(context: Context) -> Iterator[str]:
    """The same of what is left; nothing when all is said."""
    for part in context.site.missing:
        yield _line(context, part, said=False)
    if context.site.missing:
        yield context.words("overview.site_file")


def _line(context: Context, part: Part, *, said: bool) -> str:
    words = context.words
    return words(f"overview.{HOW[said]}", what=words(f"overview.site_{part}"))


def first(context: Context) -> Message | None:
    """The card that comes before a team can begin; None when all is said."""
    if not context.site.missing:
        return None
    words = context.words
    told = "\n".join(lines(context))
    again = Choice("set_up", words("team.look_again"))
    buttons = (again, *choices(words, "team", "no"))
    return Message(f"{words('team.first')}\n\n{told}", buttons, words("team.title"))
