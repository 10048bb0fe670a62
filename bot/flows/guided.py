"""guided: plays one slip, step by step. A breathing slip is one card with a moving picture.

A step of the last kind ends by itself: its card is rewritten in place. One press
gives at most one such rewrite, so that nothing goes on by itself for long.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from bot.core import offer
from bot.core.card import choices, known, length
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect, KeepMine, Pause, Replace
from bot.core.exercise import AskStep, BreatheStep, ChooseStep, Exercise, SayStep, Step
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Breath, Choice, Message, Phase
from bot.core.mine import finishing
from bot.core.turn import Chose, PauseOver, Turn
from bot.core.words import Words


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "id" of the slip; "from": the flow it belongs to, "" when on its own; "tried": ids."""
    slip = context.exercises.get(data.get("id", ""))
    if slip is None:
        return Begin("menu", {"step": "old"})
    others = [each for each in data.get("tried", "").split() if each != slip.id]
    tried = " ".join((*others, slip.id))
    return _show(slip, 0, context, {"from": data.get("from", ""), "id": slip.id, "tried": tried})


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    data = conversation.data
    slip = context.exercises.get(data["id"])
    number = int(data["n"])
    if slip is None or number >= len(slip.steps):
        return Begin("menu", {"step": "old"})
    match turn:
        case Chose("next") | PauseOver():
            return _next(slip, number, context, data, by_itself=isinstance(turn, PauseOver))
        case Chose("other"):
            other = offer.short(context, offer.GROUNDED, data["tried"])[0]
            return Begin("guided", {"id": other.id, "from": data["from"], "tried": data["tried"]})
        case Chose("leave"):
            return _leave(context, data)
        case Chose("know"):
            return Begin("known", {**data, "back": "guided"})
        case Chose(answer):
            return _answered(slip, number, answer, context, data)
        case _:
            return _show(slip, number, context, data)


def _next(
    slip: Exercise, number: int, context: Context, data: Mapping[str, str], *, by_itself: bool
) -> Next:
    if number + 1 < len(slip.steps):
        return _show(slip, number + 1, context, data, by_itself=by_itself)
    ended = {"from": data["from"], "tried": data["tried"]}
    if context.profile.suggest == "no":
        return Begin("after", ended)
    return Begin("after", ended, (KeepMine(finishing(context.mine, slip.id)),))


def _leave(context: Context, data: Mapping[str, str]) -> Next:
    if data["from"] == "land":
        return Begin("after", {"from": "land", "tried": data["tried"]})
    return Reply("", (Replace(Message(context.words("guided.left"))),))


def _answered(
    slip: Exercise, number: int, answer: str, context: Context, data: Mapping[str, str]
) -> Next:
    """The reply to a fixed answer. Which one it was is not kept."""
    step = slip.steps[number]
    replies = {a.id: a.reply for a in step.answers} if isinstance(step, ChooseStep) else {}
    card = Message(
        replies.get(answer, step.text),
        choices(context.words, "guided", "next", "leave"),
        slip.title,
    )
    return Reply("play", (Replace(card),), data)


def _show(
    slip: Exercise,
    number: int,
    context: Context,
    data: Mapping[str, str],
    *,
    by_itself: bool = False,
) -> Next:
    step = slip.steps[number]
    card = _card(slip, number, step, context)
    if by_itself and isinstance(step, BreatheStep):
        card = replace(card, choices=(*choices(context.words, "guided", "next"), *card.choices))
    if number == 0:
        card = replace(card, choices=(*card.choices, *known(context.words)))
    effects: list[Effect] = [Replace(card)]
    last = number + 1 == len(slip.steps)
    timed = isinstance(step, BreatheStep) or (last and isinstance(step, SayStep))
    if timed and not by_itself:
        effects.append(Pause(step.seconds))
    return Reply("play", tuple(effects), {**data, "n": str(number)})


def _card(slip: Exercise, number: int, step: Step, context: Context) -> Message:
    words = context.words
    title = slip.title
    if number == 0:
        title = words("guided.title", title=slip.title, length=length(words, slip))
    match step:
        case BreatheStep(text, phases, times):
            rhythm = in_words(words, phases, times)
            picture = Breath(phases, times, rhythm, context.profile.motion == "moving")
            return Message(
                f"{text}\n\n{rhythm}",
                choices(words, "guided", "other", "leave"),
                title,
                words("guided.careful"),
                picture=picture,
            )
        case ChooseStep(text, _, answers):
            buttons = tuple(Choice(answer.id, answer.label) for answer in answers)
            return Message(text, (*buttons, *choices(words, "guided", "leave")), title)
        case AskStep(text):
            return Message(
                text, choices(words, "guided", "next", "leave"), title, words("guided.only_you")
            )
        case SayStep(text):
            return Message(text, choices(words, "guided", "next", "leave"), title)
        case _:
            assert_never(step)


def in_words(words: Words, phases: tuple[Phase, ...], times: int) -> str:
    """The rhythm as a sentence: "In 4 sekunder, ut 6 sekunder. Sex gånger."."""
    parts = [words.count(f"breath.{phase.move}", round(phase.seconds)) for phase in phases]
    sentence = ", ".join(parts)
    return words(
        "breath.rhythm",
        rhythm=sentence[:1].upper() + sentence[1:],
        times=words.count("breath.times", times),
    )


FLOW = Flow("guided", start, respond)
