"""What every person sees, as plain data."""

import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "im:history",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "users.info": "users:read",
}
"""What each method needs. docs.slack.dev, read 2026-11"""
OTHER_SCOPES = ("app_mentions:read", "chat:write.public", "commands", "im:history")
USES, AGE_S = 5, 1_800  # of a response_url. docs.slack.dev, read 2026-11


@dataclass(slots=True)
class Shown:
    """One message. only: the one person who sees it, when it is ephemeral.

    versions  what it said before, oldest first.
    """

    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    only: str = ""
    author: str = "landa"
    versions: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)

    def rewrite(self, text: str, blocks: list[dict[str, Any]]) -> None:
        self.versions.append((self.text, self.blocks))
        self.text, self.blocks = text, blocks

    @property
    def elements(self) -> list[dict[str, Any]]:
        return elements_of(self.blocks)

    @property
    def labels(self) -> list[str]:
        return [element["text"]["text"] for element in self.elements]

    @property
    def words(self) -> str:
        """All that stands in the blocks, for assertions."""
        return "\n".join(words_of(self.blocks))


@dataclass(slots=True)
class ResponseUrl:
    channel: str
    user: str
    original: Shown | None
    made: float
    uses: int = 0


@dataclass(eq=False, slots=True)
class Fault:
    """What goes wrong with the next call of a method.

    kind  ratelimited, error, status, html, text, hang, slow, reset_before, reset_after.
    team  "" for whichever comes next.
    """

    kind: str
    code: str = "internal_error"
    status: int = 500
    retry_after: str | None = None
    seconds: float = 60.0
    team: str = ""


@dataclass(slots=True)
class Call:
    """teams: whose token it had, or whose response_url it went to. fault: what it met."""

    method: str
    fields: dict[str, Any]
    at: float
    teams: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Ack:
    """status: 0 when nothing came within three seconds. card: that came with the answer."""

    status: int
    seconds: float
    card: Shown | None = None
    body: str = ""
    headers: dict[str, str] | None = None


@dataclass(slots=True)
class Trigger:
    """What somebody did, and what it may open."""

    user: str
    at: float
    used: bool = False


@dataclass(slots=True)
class Grant:
    """What a bot token opens. teams: the workspaces it is good for.

    ends  when it has had its time; None for one that lasts.
    """

    teams: tuple[str, ...]
    ends: float | None = None
    revoked: bool = False


@dataclass(slots=True)
class Site:
    """A workspace, or an organisation with its workspaces, where Landa may be installed."""

    team: str
    enterprise: str = ""
    teams: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return not self.team


@dataclass
class World:
    """One workspace. branches of it are others. people that are `missing` cannot be written to.

    joined     channels that Landa is in. public: where it may post uninvited.
    outside    (channel, person) who is not in there.
    ack_s      how long an acknowledgement is waited for.
    pace_s     the least time between two messages into one channel; 0 for no such limit.
    each_s     between two messages in one workspace, after a burst of 20; 0 for no such limit.
    taken      when each message was taken, and in which workspace.
    grants     bot tokens by their text. refreshes, codes: what may be exchanged for one.
    homes      which workspace an id belongs to; without an entry, to none in particular.
    approving  "next": where the person on the authorize page says yes; without it, they say no.
    used       whose token each call had. strays: calls with another workspace's token.
    lives_s    how long tokens live; 0 for good.
    triggers   what people did, by its trigger_id. people: what is different about somebody.
    scopes     what the single token may do.
    looks_s    how long Slack looks at a file before a card may show it.
    unreachable  beginnings of addresses that Slack cannot fetch pictures from.
    burst      messages into one channel before `pace_s` counts.
    minute     the most messages into one workspace within a minute; 0 for no such limit.
    """

    url: str = ""
    team: str = "T0LANDA01"
    team_name: str = "Socialtjänsten"
    bot: str = "B0LANDA01"
    bot_user: str = "U0LANDA01"
    app: str = "A0LANDA01"
    token: str = "xoxb-stand-in"
    app_token: str = "xapp-stand-in"
    secret: str = "stand-in-secret"
    clock: Callable[[], float] = time.time
    messages: list[Shown] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=dict)
    urls: dict[str, ResponseUrl] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    public: set[str] = field(default_factory=set)
    outside: set[tuple[str, str]] = field(default_factory=set)
    ack_s: float = 3.0
    pace_s: float = 0.0
    posted: dict[str, deque[float]] = field(default_factory=dict)
    each_s: float = 0.0
    crowded: dict[str, float] = field(default_factory=dict)
    taken: list[tuple[str, float]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    enterprise: str = ""
    grants: dict[str, Grant] = field(default_factory=dict)
    refreshes: dict[str, Site] = field(default_factory=dict)
    codes: dict[str, tuple[Site, str]] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    approving: dict[str, Site] = field(default_factory=dict)
    used: list[tuple[str, ...]] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    client_id: str = "1.2"
    client_secret: str = "stand-in-client-secret"
    lives_s: int = 0
    triggers: dict[str, Trigger] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    scopes: set[str] = field(default_factory=lambda: {*SCOPES.values(), *OTHER_SCOPES})
    looks_s: float = 0.0
    unreachable: set[str] = field(default_factory=set)
    burst: int = 1
    minute: int = 0
    minutes: dict[str, deque[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._count = itertools.count(1)

    def number(self) -> int:
        return next(self._count)

    def trigger(self, user: str, tail: str) -> str:
        """The id of something that *user* does now."""
        id = f"{self.number()}.1234567890.{tail * 16}"
        self.triggers[id] = Trigger(user, self.clock())
        return id

    def ts(self) -> str:
        return f"{int(self.clock())}.{self.number():06d}"

    def fail(self, method: str, kind: str, **how: Any) -> None:
        """Script a fault for the next call of *method*, or of "response_url"."""
        self.faults.setdefault(method, deque()).append(Fault(kind, **how))

    def fault(self, method: str, teams: tuple[str, ...] = ()) -> Fault | None:
        """The next one that is meant for *method* in one of *teams*."""
        queue = self.faults.get(method, deque())
        for fault in queue:
            if not fault.team or fault.team in teams:
                queue.remove(fault)
                return fault
        return None

    def dm(self, user: str) -> str:
        """The person's own chat with Landa."""
        return f"D{user[1:]}"

    def seen(self, user: str, channel: str = "") -> list[Shown]:
        """What *user* sees there, oldest first; of everything without a channel."""
        dm = self.dm(user)
        return [
            shown
            for shown in self.messages
            if shown.channel == (channel or shown.channel)
            and (shown.only == user or not shown.only)
            and (shown.channel == dm or not shown.channel.startswith("D") or shown.only == user)
        ]

    def last(self, user: str, channel: str = "") -> Shown:
        return self.seen(user, channel)[-1]

    def put(self, shown: Shown) -> Shown:
        self.messages.append(shown)
        return shown

    def response_url(self, base: str, channel: str, user: str, original: Shown | None) -> str:
        path = f"/actions/{self.team}/{self.number()}/stand-in"
        self.urls[path] = ResponseUrl(channel, user, original, self.clock())
        return base + path


def elements_of(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What can be pressed, in the order in which it stands."""
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [element for row in rows for element in row]


def words_of(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part[key] for key in ("text", "alt_text") if isinstance(part.get(key), str)]
        return own + [word for value in part.values() for word in words_of(value)]
    return [word for value in part for word in words_of(value)] if isinstance(part, list) else []
