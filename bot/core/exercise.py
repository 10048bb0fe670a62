"""A slip from the box, in one language."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.core.message import Phase

KINDS = (
    "breathing",
    "grounding",
    "body",
    "pause",
    "before",
    "after",
    "kindness",
    "question",
    "pride",
    "work",
    "company",
    "home",
    "knowledge",
)
LIGHT = ("question", "pride", "work", "knowledge")
"""Kinds that are read and thought about: nothing has to be come down from after them."""
ASKING = ("question", "pride", "work")
"""Kinds to think about or to talk about. They are never answered to Landa."""
OF_THEIR_MOMENT = ("before", "after", "home", "knowledge")
"""Kinds that are asked for by name when their moment has come; the box is drawn without them."""
CIRCLES = ("green", "blue", "red-green")
EVIDENCE = ("E1", "E2", "P")
PLACES = ("desk", "car", "restroom", "corridor", "outside", "home")
NEEDS = ("hearing", "sight", "hands", "walking", "standing", "company", "water")


@dataclass(frozen=True, slots=True)
class SayStep:
    """Read and do. seconds: reading and doing together."""

    text: str
    seconds: int


@dataclass(frozen=True, slots=True)
class BreatheStep:
    """Breathe along: *phases* in order, *times* times."""

    text: str
    phases: tuple[Phase, ...]
    times: int

    @property
    def seconds(self) -> int:
        return round(sum(phase.seconds for phase in self.phases) * self.times)


@dataclass(frozen=True, slots=True)
class AskStep:
    """A question to think about. It is never answered to Landa."""

    text: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Answer:
    id: str
    label: str
    reply: str


@dataclass(frozen=True, slots=True)
class ChooseStep:
    """A question with fixed answers, each with its own short reply. Nothing is kept."""

    text: str
    seconds: int
    answers: tuple[Answer, ...]


Step = SayStep | BreatheStep | AskStep | ChooseStep


@dataclass(frozen=True, slots=True)
class Exercise:
    """seconds: of all steps together, as declared. why: what is known about it, in one sentence."""

    id: str
    kind: str
    seconds: int
    circle: str
    evidence: str
    sources: tuple[str, ...]
    where: tuple[str, ...]
    requires: tuple[str, ...]
    title: str
    why: str
    steps: tuple[Step, ...] = field(repr=False)

    @property
    def minutes(self) -> int:
        """Whole minutes, at least 1, to be shown; a half is rounded up."""
        return max(1, (self.seconds + 30) // 60)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text with the key it stands under in its file."""
        yield "title", self.title
        yield "why", self.why
        for number, step in enumerate(self.steps, 1):
            yield f"steps[{number}]", step.text
            if isinstance(step, ChooseStep):
                for answer in step.answers:
                    yield f"options.{answer.id}.label", answer.label
                    yield f"options.{answer.id}.reply", answer.reply
