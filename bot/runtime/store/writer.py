"""Writes to one SQLite file in groups: statements on the event loop, the disk in a thread.

A statement only touches memory and takes microseconds; what takes long is the commit,
which waits for the disk. Each hop to a thread costs more than a statement, so a group
hops once. What arrives while one commit is on its way shares the next one.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from bot.core.errors import StorageError

GROUP_MOST = 64
BUSY_S = 15.0
"""How long a write waits for another process before it fails."""
LOOK_AGAIN_S = 0.01

Work = Callable[[sqlite3.Connection], Any]
_Job = tuple[Work, "asyncio.Future[Any]", bool]


class GroupWriter:
    """connection: in autocommit mode, with no busy timeout, used by nobody else."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: list[_Job] = []
        self._woken = asyncio.Event()
        self._lasting = True
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._task = asyncio.create_task(self._write_on())

    async def write(self, work: Work, *, lasting: bool = True) -> Any:
        """The result of *work*, once it is on the disk.

        work    quick, and safe to be run again: a group that fails is tried one by one.
        lasting False: it may be undone by a power cut, unless something lasting is written later.
        raises  StorageError when it could not be written; then nothing of it is.
        """
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done, lasting))
        self._woken.set()
        return await done

    async def close(self) -> None:
        """Finish what waits, and leave one tidy file."""
        with suppress(StorageError):
            await self.write(lambda _: None)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        with suppress(sqlite3.Error):
            await self._off_loop(
                lambda: self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            )
        self._disk.shutdown()
        self._connection.close()

    async def _write_on(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            while self._waiting:
                group, self._waiting = self._waiting[:GROUP_MOST], self._waiting[GROUP_MOST:]
                await self._write_group(group)

    async def _write_group(self, group: list[_Job]) -> None:
        """One transaction for all; if it fails, one for each, so that one fault stays one."""
        try:
            self._last(wanted=any(lasting for *_, lasting in group))
            await self._begin()
        except sqlite3.Error as fault:
            _fail(group, fault)
            return
        try:
            results = [work(self._connection) for work, *_ in group]
            await self._off_loop(lambda: self._connection.execute("COMMIT"))
        except Exception as fault:  # the writer must live; who asked gets the fault
            self._undo()
            if len(group) == 1:
                _fail(group, fault)
                return
            for one in group:
                await self._write_group([one])
        else:
            for (_, done, _), result in zip(group, results, strict=True):
                if not done.done():
                    done.set_result(result)

    def _last(self, *, wanted: bool) -> None:
        """Whether a commit waits until the log is on the disk. The log keeps its order."""
        if wanted != self._lasting:
            self._connection.execute(f"PRAGMA synchronous={'FULL' if wanted else 'NORMAL'}")
            self._lasting = wanted

    def _undo(self) -> None:
        if self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    async def _begin(self) -> None:
        """Take the write lock, looking again while another process holds it."""
        until = asyncio.get_running_loop().time() + BUSY_S
        while True:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as fault:
                late = asyncio.get_running_loop().time() > until
                if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY or late:
                    raise
                await asyncio.sleep(LOOK_AGAIN_S)
            else:
                return

    async def _off_loop(self, job: Callable[[], Any]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._disk, job)


def _fail(group: list[_Job], fault: Exception) -> None:
    for _, done, _ in group:
        if not done.done():
            done.set_exception(StorageError(type(fault).__name__))
