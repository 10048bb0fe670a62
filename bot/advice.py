"""What became of cards that could not be delivered: why, and what somebody can do about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.platforms import advice_of
from bot.runtime.settings import Settings
from bot.runtime.store.people import SHUT
from bot.runtime.store.statements import TOO_OLD

OURS: Mapping[str, str] = {
    "unreadable": "sealed with a key that is missing: put it back, last in LANDA_SECRET_KEYS",
    TOO_OLD: "nobody could deliver them within a day: was Landa stopped, or the platform away?",
    "fault": "a fault of Landa's own: look for delivery.fault in the log, and please report it",
}
FINE: Mapping[str, str] = {SHUT: "their people want nothing of Landa's, and are left in peace"}
UNKNOWN = "the log of that time may say more"


@dataclass(frozen=True, slots=True)
class Told:
    """sound: nothing is to be done."""

    text: str
    sound: bool


def told(given_up: Mapping[str, int], settings: Settings) -> Iterator[Told]:
    """One line for each reason, those that somebody must look at first."""
    advice, calm = advice_of(settings)
    fine = {**FINE, **calm}
    for reason, count in sorted(given_up.items(), key=lambda each: (each[0] in fine, each)):
        cards = "1 card" if count == 1 else f"{count} cards"
        if reason in fine:
            yield Told(f"{cards} of this week not delivered: {reason} ({fine[reason]})", sound=True)
            continue
        why = {**advice, **OURS}.get(reason, UNKNOWN)
        yield Told(f"{cards} of this week not delivered: {reason}. To do: {why}", sound=False)
