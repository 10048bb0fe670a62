"""What a conversation leaves behind: where it goes on in another card, the one before says no more
than that it is over.
"""

from dataclasses import replace

from bot.core.conversation import Conversation
from bot.core.effect import Finish, Replace, Say
from bot.core.engine import Outcome
from bot.core.message import Form, Message
from bot.core.turn import Inbound
from bot.core.words import Words


def leaving(before: Conversation, outcome: Outcome, inbound: Inbound, words: Words) -> Outcome:
    """*outcome*, with the card that is left behind, and knowing the card that it goes on in.

    Only for cards that last, see `bot.core.turn.Place`.
    """
    shown = [effect for effect in outcome.effects if isinstance(effect, Say | Replace)]
    if not shown:
        return outcome
    address, effects, after = inbound.place.address, outcome.effects, outcome.conversation
    if before.card and before.card["card"] != address.get("card"):
        left = {**before.card, "left": True}
        effects = (*effects, Finish(Message(words("card.finished")), left))
    if after.flow and address.get("lasting") and _tells(shown[-1]):
        after = replace(after, card=address)
    if effects is outcome.effects and after is outcome.conversation:
        return outcome
    return replace(outcome, conversation=after, effects=effects)


def _tells(effect: Say | Replace) -> bool:
    """A card with a way to people stays as it is: nobody loses a number by writing thanks."""
    return isinstance(effect, Replace) and (isinstance(effect.card, Form) or not effect.card.links)
