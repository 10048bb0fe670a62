"""Small pieces that cards are made of."""

from dataclasses import replace

from bot.core.context import Context
from bot.core.exercise import Exercise
from bot.core.message import Choice
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


def listing(words: Words, exercises: list[Exercise]) -> str:
    """The slips as lines to choose from, with their length."""
    return "\n".join(
        words("card.slip", title=slip.title, length=length(words, slip)) for slip in exercises
    )
