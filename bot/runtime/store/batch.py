"""Asks one statement for all who ask at the same moment: one way there and back, one flush."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

MOST = 64

Args = Sequence[Any]
Ask = Callable[[list[Args]], Awaitable[list[Any]]]
_Job = tuple[Args, "asyncio.Future[Any]"]


class Batch:
    """ask      gives one row for each set of arguments, or fails as a whole.
    apart    the faults after which each is asked by itself, so that one fault stays one.
    order    where the argument stands that fixes the order of locks, the same in every process.
    """

    def __init__(self, ask: Ask, apart: type[Exception], order: int) -> None:
        self._ask, self._apart, self._order = ask, apart, order
        self._waiting: list[_Job] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, args: Args) -> Any:
        """The row for *args*. What arrives while one batch is under way shares the next one."""
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((args, done))
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await done

    async def _run(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._answer(sorted(group, key=lambda job: job[0][self._order]))
        finally:
            self._task = None

    async def _answer(self, group: list[_Job]) -> None:
        try:
            rows = await self._ask([args for args, _ in group])
        except Exception as fault:
            if len(group) > 1 and isinstance(fault, self._apart):
                for one in group:
                    await self._answer([one])
                return
            for _, done in group:
                if not done.done():
                    done.set_exception(fault)
            return
        for (_, done), row in zip(group, rows, strict=True):
            if not done.done():
                done.set_result(row)
