"""What each person sees, kept in memory, and everybody who is watching it live."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.web.inbound import PEOPLE, ROOMS, Line, Room
from adapters.web.render import render
from bot.core.errors import DeliveryError
from bot.core.port import Outgoing

KEPT = 200
"""Entries in one room of one person; the oldest go first."""
REMEMBERED = 2000
"""Deliveries that are known again when they are tried twice."""
BEHIND = 500
"""Events a listener may lag behind; then it is cut off, and comes back for a fresh start."""
LANDA = "landa"

Event = tuple[str, dict[str, Any]]
"""(name, data) of a server-sent event."""
Listener = asyncio.Queue[Event | None]
"""None: there will be no more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One card or line in one person's view of a room.

    id       of the card when *card* is set: what an address names it by.
    version  1 when new, one more each time the card is rewritten.
    private  nobody else in the room sees it.
    """

    id: str
    room: Room
    author: str
    at: datetime
    version: int = 1
    private: bool = False
    text: str = field(default="", repr=False)
    card: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def for_all(self) -> bool:
        return self.room == "channel" and not self.private

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "room": self.room,
            "author": self.author,
            "at": self.at.isoformat(timespec="seconds"),
            "version": self.version,
            "private": self.private,
            "text": self.text,
            "card": self.card,
        }


class Log:
    """The rooms of everyone who is played. Called as `port.Deliver`."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.now = now
        self._rooms: dict[tuple[str, Room], dict[str, Entry]] = {
            (person, room): {} for person in PEOPLE for room in ROOMS
        }
        self._delivered: dict[str, None] = {}
        self._listeners: dict[str, set[Listener]] = {person: set() for person in PEOPLE}

    async def __call__(self, outgoing: Outgoing) -> None:
        """Put a card into its person's room, or into everybody's channel. The same *outgoing.id* is
        delivered once.

        raises  DeliveryError, permanent, for an address of nobody who is played.
        """
        if outgoing.id in self._delivered:
            return
        people, room = _where(outgoing)
        for person in people:
            self._put(person, self._entry(person, room, outgoing))
        self._delivered[outgoing.id] = None
        _drop_first(self._delivered, REMEMBERED)

    def _entry(self, person: str, room: Room, outgoing: Outgoing) -> Entry:
        for_all = bool(outgoing.address.get("all"))
        old = self._rooms[person, room].get(str(outgoing.address.get("card", "")))
        # A card that all see stays as it is: what one person is answered is a new one.
        rewritten = old if outgoing.replace and old and old.card and not old.for_all else None
        return Entry(
            id=rewritten.id if rewritten else outgoing.id,
            room=room,
            author=LANDA,
            at=self.now() if self.now else outgoing.since,
            version=rewritten.version + 1 if rewritten else 1,
            private=room == "channel" and not for_all,
            card=render(outgoing),
        )

    def write(self, line: Line, at: datetime) -> None:
        """Show typed words to those who see them. The same *line.id* is shown once."""
        private = line.room == "channel" and not line.for_team
        entry = Entry(line.id, line.room, line.person, at, private=private, text=line.text)
        for person in PEOPLE if line.for_team else (line.person,):
            if line.id not in self._rooms[person, line.room]:
                self._put(person, entry)

    def entries(self, person: str) -> list[dict[str, Any]]:
        """Both rooms of *person*, each in the order it was written."""
        return [entry.shown() for room in ROOMS for entry in self._rooms[person, room].values()]

    def listen(self, person: str) -> Listener:
        listener: Listener = asyncio.Queue()
        self._listeners[person].add(listener)
        return listener

    def leave(self, person: str, listener: Listener) -> None:
        self._listeners[person].discard(listener)

    def tell(self, event: Event, people: Iterable[str] = PEOPLE) -> None:
        """Give *event* to everybody who watches one of *people*."""
        for person in people:
            for listener in tuple(self._listeners[person]):
                if listener.qsize() < BEHIND:
                    listener.put_nowait(event)
                else:
                    self._cut_off(person, listener)

    def close(self) -> None:
        """Let every listener end."""
        for person, listeners in self._listeners.items():
            for listener in tuple(listeners):
                self._cut_off(person, listener)

    def _cut_off(self, person: str, listener: Listener) -> None:
        self.leave(person, listener)
        listener.put_nowait(None)

    def _put(self, person: str, entry: Entry) -> None:
        """Keep *entry*, and tell the others only that something new waits for *person*."""
        room = self._rooms[person, entry.room]
        room[entry.id] = entry
        _drop_first(room, KEPT)
        self.tell(("entry", entry.shown()), (person,))
        if entry.author == LANDA:
            self.tell(("waiting", {"person": person}), (p for p in PEOPLE if p != person))


def _where(outgoing: Outgoing) -> tuple[tuple[str, ...], Room]:
    """Who sees it, and in which of their rooms."""
    if outgoing.address.get("all") is True:
        return PEOPLE, "channel"
    person = outgoing.address.get("person")
    rooms: dict[object, Room] = {room: room for room in ROOMS}
    room = rooms.get(outgoing.address.get("room"))
    if not isinstance(person, str) or person not in PEOPLE or room is None:
        raise DeliveryError("the preview has no such room", permanent=True)
    return (person,), room


def _drop_first(kept: dict[str, Any], most: int) -> None:
    while len(kept) > most:
        del kept[next(iter(kept))]
