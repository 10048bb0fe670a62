"""What should happen after a turn. The runtime commits it, and only then acts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.message import Card


@dataclass(frozen=True, slots=True)
class Say:
    """Send a new card to the person."""

    card: Card = field(repr=False)


@dataclass(frozen=True, slots=True)
class Replace:
    """Rewrite the card that this turn came from; where there is none, send a new one."""

    card: Card = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pause:
    """Wake this conversation with PauseOver after *seconds*, unless a turn comes first."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Remember how the person wants Landa to be. profile: a `context.Profile`, as plain values."""

    profile: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settle:
    """Remember where the person can be reached alone, as `Inbound.home` says."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Take away everything that is kept about the person. Cards of this turn still go out."""


Effect = Say | Replace | Pause | Keep | Settle | Forget
