"""settings: the person's language, and whether pictures move."""

from collections.abc import Mapping

from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Keep, Replace
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Field, Form, Message, Option
from bot.core.turn import Chose, Submitted, Turn

MOTION = ("moving", "still")


def start(context: Context, data: Mapping[str, str]) -> Next:
    return _form(
        context,
        {
            "language": context.profile.language or context.language,
            "motion": context.profile.motion,
        },
        frozenset(),
    )


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Submitted("save", values):
            wrong = {
                field
                for field, known in _options(context).items()
                if values.get(field) not in known
            }
            return _form(context, values, frozenset(wrong)) if wrong else _kept(context, values)
        case Chose("leave"):
            return Reply("", (Replace(Message(context.words("settings.unchanged"))),))
        case _:
            return start(context, {})


def _options(context: Context) -> dict[str, tuple[str, ...]]:
    return {"language": context.library.languages, "motion": MOTION}


def _kept(context: Context, values: Mapping[str, str]) -> Next:
    words = context.library.words[values["language"]]
    # The time zone is chosen elsewhere, with the times it is for.
    chosen = {"language": values["language"], "motion": values["motion"]}
    profile = {**chosen, "zone": context.profile.zone}
    return Reply("", (Keep(profile), Replace(Message(words("settings.kept")))))


def _form(context: Context, values: Mapping[str, str], wrong: frozenset[str]) -> Next:
    words = context.words
    labels = {
        "language": {lang: lexicon.name for lang, lexicon in context.library.lexicons.items()},
        "motion": {motion: words(f"settings.{motion}") for motion in MOTION},
    }
    fields = tuple(
        Field(
            id,
            words(f"settings.{id}"),
            tuple(Option(*pair) for pair in options.items()),
            values.get(id, ""),
            words("settings.choose_one") if id in wrong else "",
        )
        for id, options in labels.items()
    )
    buttons = choices(words, "settings", "save", "leave")
    form = Form(words("settings.title"), words("settings.about"), fields, buttons)
    return Reply("form", (Replace(form),))


FLOW = Flow("settings", start, respond)
