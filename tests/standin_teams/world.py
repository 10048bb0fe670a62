"""What everybody in the tenant sees, as plain data."""

import itertools
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

APP = "1a2b3c4d-0000-4000-8000-00000000beef"
SECRET = "stand-in-secret"
TENANT = "7e4a0000-1111-4222-8333-00000000cafe"
ROOM = "19:0f1e2d3c4b5a@thread.tacv2;messageid=1700000000001"
CHANNEL = ROOM.partition(";")[0]
"""A channel where Landa is; what is written there is written into this thread."""

Card = dict[str, Any]


@dataclass(slots=True)
class Shown:
    """One message of Landa's. versions: the cards it showed before, oldest first."""

    talk: str
    id: str
    card: Card
    summary: str = ""
    text: str = ""
    versions: list[Card] = field(default_factory=list)

    @property
    def buttons(self) -> list[Card]:
        return [part for part in parts(self.card) if part["type"] == "Action.Execute"]

    @property
    def labels(self) -> list[str]:
        return [button["title"] for button in self.buttons]

    @property
    def words(self) -> str:
        """All that can be read, for assertions."""
        read = (part.get("text", "") for part in parts(self.card))
        return "\n".join(filter(None, (self.text, *read)))


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next calls.

    kind  status, html, hang, reset (before it is taken), lost (taken, and the answer is lost).
    """

    kind: str
    status: int = 500
    code: str = "ServiceError"
    retry_after: str = ""
    seconds: float = 60.0


@dataclass(slots=True)
class Call:
    """method: POST, PUT, or CREATE."""

    method: str
    talk: str
    fields: dict[str, Any]
    at: float


@dataclass(frozen=True, slots=True)
class Ack:
    """status: 0 when nothing came in time. body: as it came; of a press, JSON."""

    status: int
    seconds: float
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def card(self) -> Card:
        """The one in a press's answer; empty where there is none."""
        body = self.body if isinstance(self.body, dict) else {}
        return body["value"] if str(body.get("type", "")).endswith("card.adaptive") else {}

    @property
    def said(self) -> str:
        """The words in a press's answer."""
        body = self.body if isinstance(self.body, dict) else {}
        return body["value"] if str(body.get("type", "")).endswith("activity.message") else ""


@dataclass
class World:
    """One tenant with a bot in it.

    added        people who have added Landa for themselves. reachable: members of its teams.
    blocked      people who have shut Landa out.
    connector_s  how long each call takes. login_s: a token.
    paced        whether too many calls are refused, and complained of.
    """

    app: str = APP
    secret: str = SECRET
    tenant: str = TENANT
    added: set[str] = field(default_factory=set)
    reachable: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    messages: list[Shown] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    complaints: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    connector_s: float = 0.0
    login_s: float = 0.0
    paced: bool = True

    def __post_init__(self) -> None:
        self._count = itertools.count(1_700_000_000_100)

    def number(self) -> str:
        return str(next(self._count))

    def fail(self, kind: str, times: int = 1, **how: Any) -> None:
        """Script faults for the next calls of the connector."""
        self.faults.extend(Fault(kind, **how) for _ in range(times))

    @staticmethod
    def talk(user: str) -> str:
        """The person's own chat with Landa."""
        return f"a:1{user}-with-landa"

    @staticmethod
    def id_of(user: str) -> str:
        return f"29:1{user}"

    def seen(self, user: str = "", *, room: str = "") -> list[Shown]:
        """What stands in the person's own chat, or in a room, oldest first."""
        talk = room or self.talk(user)
        return [shown for shown in self.messages if shown.talk == talk]

    def last(self, user: str) -> Shown:
        return self.seen(user)[-1]

    def now(self) -> float:
        return time.monotonic()


def parts(value: Any) -> Iterator[Card]:
    """Every element and action of a card, in order."""
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value
        for each in value.values():
            yield from parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from parts(each)
