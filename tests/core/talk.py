"""One person's conversation on the pure core: no store, no clock, no platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.core.context import Context, Profile
from bot.core.conversation import Conversation, from_json, to_json
from bot.core.effect import (
    ClearNudges,
    Keep,
    KeepMine,
    Pause,
    Remind,
    Replace,
    Say,
    SetNudges,
    Unremind,
)
from bot.core.engine import respond
from bot.core.library import Library
from bot.core.message import Card
from bot.core.mine import Mine
from bot.core.nudge import Nudges
from bot.core.play import Flows, Outcome
from bot.core.turn import (
    Chose,
    Commanded,
    NudgeDue,
    PauseOver,
    Reminded,
    Said,
    Submitted,
    Turn,
)
from bot.flows import FLOWS

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@dataclass
class Talk:
    """profile: as the person has chosen; written by `Keep`. pauses: serials that were set.

    nudges, reminders  what is still to come by itself.
    """

    library: Library
    language: str = "sv"
    flows: Flows = field(default_factory=lambda: FLOWS)
    conversation: Conversation = field(default_factory=Conversation)
    profile: Profile = field(default_factory=Profile)
    now: datetime = START
    variety: int = 0
    pauses: list[int] = field(default_factory=list)
    nudges: Nudges | None = None
    reminders: dict[str, Remind] = field(default_factory=dict)
    reachable: bool = True
    mine: Mine = field(default_factory=Mine)

    def take(self, turn: Turn) -> Outcome:
        """Every turn starts from what JSON has kept."""
        before = from_json(to_json(self.conversation), self.conversation.serial)
        held = self.profile.language or before.language or self.language
        context = Context(
            self.now,
            self.library,
            held,
            self.profile,
            variety=self.variety,
            nudges=self.nudges,
            reachable=self.reachable,
            mine=self.mine,
        )
        outcome = respond(before, turn, context, self.flows)
        self.conversation = outcome.conversation
        self.nudges = outcome.nudges or self.nudges
        for effect in outcome.effects:
            match effect:
                case Keep(profile):
                    self.profile = Profile(**profile)
                case KeepMine(mine):
                    self.mine = mine
                case Pause():
                    self.pauses.append(outcome.conversation.serial)
                case SetNudges(nudges):
                    self.nudges = nudges
                case ClearNudges():
                    self.nudges, self.reminders = None, {}
                case Remind(id):
                    self.reminders[id] = effect
                case Unremind(id):
                    self.reminders.pop(id, None)
                case _:
                    pass
        return outcome

    def ring(self) -> list[Outcome]:
        """Everything that is still to come, at once: an hour is as good as another."""
        until = self.now + timedelta(hours=1)
        slots = self.nudges.slots if self.nudges else ()
        turns = [NudgeDue(slot.id, self.now, until) for slot in slots]
        asked = [Reminded(each.id, each.kind, self.now, until) for each in self.reminders.values()]
        self.reminders = {}
        return [self.take(turn) for turn in (*turns, *asked)]

    def command(self, words: str = "") -> Outcome:
        return self.take(Commanded(words))

    def say(self, text: str) -> Outcome:
        return self.take(Said(text))

    def press(self, choice: str, serial: int | None = None) -> Outcome:
        """On the newest card; quicker than nobody: six seconds after the turn before."""
        self.wait(6)
        return self.take(Chose(choice, self.serial if serial is None else serial))

    def submit(self, choice: str, values: Mapping[str, str]) -> Outcome:
        return self.take(Submitted(choice, values, self.serial))

    def wake(self, serial: int | None = None) -> Outcome:
        return self.take(PauseOver(self.serial if serial is None else serial))

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @property
    def serial(self) -> int:
        return self.conversation.serial


def cards(outcome: Outcome) -> list[Card]:
    return [effect.card for effect in outcome.effects if isinstance(effect, Say | Replace)]


def text(outcome: Outcome) -> str:
    return "\n".join(card.text for card in cards(outcome))
