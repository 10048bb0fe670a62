"""Notes that may share a write: what comes while one is under way goes with the next."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Generic, TypeVar

from bot.core.errors import StorageError
from bot.runtime.log import LOG

Note = TypeVar("Note")


class Together(Generic[Note]):
    """write: of many. start: runs it beside everything else. A write that fails is told, and its
    notes are forgotten.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Note]], Coroutine[Any, Any, None]],
        start: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._write, self._start = write, start
        self._notes: list[Note] = []
        self._writing = False

    def add(self, note: Note) -> None:
        self._notes.append(note)
        if not self._writing:
            self._writing = True
            self._start(self._write_on())

    async def _write_on(self) -> None:
        try:
            while self._notes:
                notes, self._notes = self._notes, []
                try:
                    await self._write(notes)
                except StorageError as fault:
                    LOG.error("outbox.storage", fault=str(fault))
        finally:
            self._writing = False
