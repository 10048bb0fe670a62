"""Small pieces that cards are made of."""

from dataclasses import replace

from bot.core.context import Context
from bot.core.exercise import ASKING, Exercise
from bot.core.message import Choice, Message
from bot.core.words import Words

SHOWN_IN_MINUTES_S = 55


def choices(
    words: Words,
    flow: str,
    *ids: str,
    quiet: tuple[str, ...] = (),
    spoken: tuple[str, ...] = (),
) -> tuple[Choice, ...]:
    """One button for each id, its label under "<flow>.<id>" in the catalog; what is read aloud of
    those that are *spoken* under "<flow>.<id>_spoken".
    """
    return tuple(
        Choice(
            id,
            words(f"{flow}.{id}"),
            id in quiet,
            words(f"{flow}.{id}_spoken") if id in spoken else "",
        )
        for id in ids
    )


def less(buttons: tuple[Choice, ...], *hidden: str) -> tuple[Choice, ...]:
    """*buttons* without those that lead nowhere now."""
    return tuple(button for button in buttons if button.id not in hidden)


def standing(flow: str, buttons: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """*buttons* as on a card that stands: each begins *flow*, with its id as the topic."""
    return tuple(replace(button, id=f"{flow}/{button.id}") for button in buttons)


def kept(context: Context) -> dict[str, str]:
    """What a flow remembers, so that it knows the team also in a talk with Landa alone."""
    return {"here": context.here} if context.here else {}


def slips(exercises: list[Exercise]) -> tuple[Choice, ...]:
    """One button for each slip; its id is the choice."""
    return tuple(Choice(exercise.id, exercise.title) for exercise in exercises)


def length(words: Words, exercise: Exercise) -> str:
    """How long a slip takes, in seconds up to a minute, then in whole minutes."""
    if exercise.seconds < SHOWN_IN_MINUTES_S:
        return words.count("card.seconds", exercise.seconds)
    return words.count("card.minutes", exercise.minutes)


def known(words: Words) -> tuple[Choice]:
    """The way to what is known about a slip. Its id is "know"."""
    return (Choice("know", words("known.what"), quiet=True),)


def kind(words: Words, exercise: Exercise) -> str:
    """ "andning · 1 minut" """
    return words("card.kind", kind=words(f"kind.{exercise.kind}"), length=length(words, exercise))


def whole(words: Words, exercise: Exercise) -> Message:
    """A slip as it lies in the hand, before anything has begun, without choices.

    Of those that ask, all of it; of the others, how they begin.
    """
    asks = exercise.kind in ASKING
    steps = exercise.steps if asks else exercise.steps[:1]
    text = "\n\n".join((kind(words, exercise), *(step.text for step in steps)))
    return Message(text, title=exercise.title, note=words("guided.only_you") if asks else "")


def fan(words: Words, exercises: list[Exercise]) -> str:
    """Slips that were drawn, as lines to choose from, with their kind and length."""
    return "\n".join(
        words("card.drawn", title=slip.title, kind=kind(words, slip)) for slip in exercises
    )


def listing(words: Words, exercises: list[Exercise]) -> str:
    """The slips as lines to choose from, with their length."""
    return "\n".join(
        words("card.slip", title=slip.title, length=length(words, slip)) for slip in exercises
    )
