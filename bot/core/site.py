"""Who helps at a workplace, as whoever runs Landa there has said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Part = Literal["health", "incident", "safety", "on_call"]


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody at the workplace who can be called. when: in words, such as "nights"; or empty."""

    name: str
    phone: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What holds where a person is: in their team, or else in their workspace, or everywhere.

    none    parts of which it is said that there are none. What is empty and not said to be none,
            nobody has thought of yet.
    closed  days off.
    """

    health_name: str = ""
    health_phone: str = ""
    incident_url: str = ""
    safety_rep: str = ""
    safety_rep_phone: str = ""
    on_call: tuple[OnCall, ...] = ()
    none: frozenset[Part] = frozenset()
    closed: frozenset[date] = field(default=frozenset(), repr=False)

    @property
    def parts(self) -> Mapping[Part, bool]:
        """Each part, in the order it is told; whether it has been said."""
        there: dict[Part, bool] = {
            "health": bool(self.health_name or self.health_phone),
            "incident": bool(self.incident_url),
            "safety": bool(self.safety_rep or self.safety_rep_phone),
            "on_call": bool(self.on_call),
        }
        return {part: said or part in self.none for part, said in there.items()}

    @property
    def missing(self) -> tuple[Part, ...]:
        return tuple(part for part, said in self.parts.items() if not said)
