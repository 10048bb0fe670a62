"""settings: the person's language and time zone, whether pictures move, and suggestions or not."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import get_args

from bot.core import zone
from bot.core.card import choices
from bot.core.context import Context, Motion, Suggest, zone_of
from bot.core.conversation import Conversation
from bot.core.effect import Effect, Keep, KeepMine, Replace, SetNudges
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Field, Form, Message, Option
from bot.core.turn import Chose, Submitted, Turn

MOTION, SUGGEST = get_args(Motion), get_args(Suggest)


def start(context: Context, data: Mapping[str, str]) -> Next:
    return _form(context, _now(context), frozenset())


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Submitted("save", sent):
            # A card from before a question was added says nothing about it.
            values = {"zone": _zone(context), "suggest": context.profile.suggest, **sent}
            wrong = _wrong(context, values)
            return _form(context, values, wrong) if wrong else _kept(context, values)
        case Chose("leave"):
            card = Message(context.words("settings.unchanged"))
            return Reply("", (Replace(card),))
        case _:
            return start(context, {})


def _now(context: Context) -> dict[str, str]:
    return {
        "language": context.profile.language or context.language,
        "zone": _zone(context),
        "motion": context.profile.motion,
        "suggest": context.profile.suggest,
    }


def _zone(context: Context) -> str:
    return context.profile.zone or context.zone.key


def _wrong(context: Context, values: Mapping[str, str]) -> frozenset[str]:
    """The fields whose answer is none."""
    good = {
        "language": values.get("language") in context.library.languages,
        "zone": zone_of(values["zone"]) is not None,
        "motion": values.get("motion") in MOTION,
        "suggest": values["suggest"] in SUGGEST,
    }
    return frozenset(field for field, fits in good.items() if not fits)


def _kept(context: Context, values: Mapping[str, str]) -> Next:
    """Whoever sent it from a window sees the window close; a card is rewritten."""
    words = context.library.words[values["language"]]
    before = {key: str(value) for key, value in asdict(context.profile).items()}
    profile = before | {id: values[id] for id in _now(context)}
    said = Replace(Message(words("settings.kept")), in_place=True)
    forgotten = _forgotten(context, values["suggest"])
    return Reply("", (Keep(profile), *_moved(context, values["zone"]), *forgotten, said))


def _forgotten(context: Context, suggest: str) -> tuple[Effect, ...]:
    """Without suggestions, nothing of what was finished is kept for them."""
    if suggest == "yes" or not context.mine.finished:
        return ()
    return (KeepMine(replace(context.mine, finished=())),)


def _moved(context: Context, zone: str) -> tuple[Effect, ...]:
    """The person's times are those of the place where they are."""
    nudges = context.nudges
    if nudges is None or nudges.zone == zone:
        return ()
    return (SetNudges(replace(nudges, zone=zone)),)


def _form(context: Context, values: Mapping[str, str], wrong: frozenset[str]) -> Next:
    words = context.words
    languages = context.library.lexicons.items()
    offered = {
        "language": tuple(Option(id, lexicon.name) for id, lexicon in languages),
        "zone": zone.options(zone_of(values["zone"]) or context.zone, context.now, words),
        "motion": tuple(Option(motion, words(f"settings.{motion}")) for motion in MOTION),
        "suggest": tuple(Option(wish, words(f"settings.suggest_{wish}")) for wish in SUGGEST),
    }
    fields = tuple(
        Field(
            id,
            words(f"settings.{id}"),
            options,
            values.get(id, ""),
            words("settings.choose_one") if id in wrong else "",
        )
        for id, options in offered.items()
    )
    buttons = choices(words, "settings", "save", "leave")
    form = Form(words("settings.title"), words("settings.about"), fields, buttons)
    return Reply("form", (Replace(form),))


FLOW = Flow("settings", start, respond)
