"""The shape of a conversation: where it starts, and how it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect
from bot.core.turn import Turn


@dataclass(frozen=True, slots=True)
class Reply:
    """A flow's answer. step: where the person is now; empty: at rest, the flow has ended."""

    step: str
    effects: tuple[Effect, ...]
    data: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True)
class Begin:
    """Go on in another flow, in the same turn. data: see that flow's `start`.

    effects  what comes first; the other flow sees the nudges and `Mine` as they then are.
    """

    flow: str
    data: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    effects: tuple[Effect, ...] = ()


Next = Reply | Begin
Start = Callable[[Context, Mapping[str, str]], Next]
Respond = Callable[[Conversation, Turn, Context], Next]


@dataclass(frozen=True, slots=True)
class Flow:
    """name: as in lexicons and stored conversations. careful: a guessed word asks first.

    holds  on its own cards' presses it is shown `Context.held`.
    """

    name: str
    start: Start
    respond: Respond
    careful: bool = False
    holds: bool = False
