"""Small pieces that cards are made of."""

from bot.core.exercise import Exercise
from bot.core.message import Choice
from bot.core.words import Words


def choices(words: Words, flow: str, *ids: str, quiet: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    """One button for each id, its label under "<flow>.<id>" in the catalog."""
    return tuple(Choice(id, words(f"{flow}.{id}"), id in quiet) for id in ids)


def slips(exercises: list[Exercise]) -> tuple[Choice, ...]:
    """One button for each slip; its id is the choice."""
    return tuple(Choice(exercise.id, exercise.title) for exercise in exercises)


def listing(words: Words, exercises: list[Exercise]) -> str:
    """The slips as lines to choose from, with their length in whole minutes."""
    return "\n".join(
        words("card.slip", title=slip.title, length=words.count("card.minutes", slip.minutes))
        for slip in exercises
    )
