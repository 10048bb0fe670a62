"""No faster than Teams allows: whoever would be, waits; nobody waits for anybody else."""

import asyncio
from collections import deque

from bot.core.errors import DeliveryError

# learn.microsoft.com, "Optimize your bot with rate limiting in Teams", read 2026-11:
# so many calls in so many seconds, for each conversation, and for each tenant
CONVERSATION = ((7, 1.0), (8, 2.0), (60, 30.0), (1_800, 3_600.0))
TENANT = ((30, 1.0),)
MARGIN = 1.05  # calls take unequally long on their way
LONGEST_S = 8.0  # under what the outbox gives a try; it has a longer breath
MOST = 20_000
"""So many conversations are remembered; those that are over go first."""

Limits = tuple[tuple[int, float], ...]


class Window:
    """When the newest calls were made, so that no window of time holds too many."""

    def __init__(self, limits: Limits) -> None:
        self._limits = tuple((count, each_s * MARGIN) for count, each_s in limits)
        self._calls: deque[float] = deque(maxlen=max(count for count, _ in limits))

    def free_at(self, now: float) -> float:
        """The first moment, not before *now*, at which one more is allowed."""
        calls = self._calls
        over = (calls[-count] + each for count, each in self._limits if len(calls) >= count)
        return max(over, default=now)

    def take(self, at: float) -> None:
        self._calls.append(at)

    def is_over(self, now: float) -> bool:
        return not self._calls or now - self._calls[-1] > max(each for _, each in self._limits)


class Pace:
    """One for each process: several processes share the limits only by being told 429."""

    def __init__(self) -> None:
        self._talks: dict[str, Window] = {}
        self._tenants: dict[str, Window] = {}

    async def wait(self, talk: str, tenant: str) -> None:
        """Returns when one more call is allowed in both; it counts from then on.

        raises  DeliveryError where that takes too long
        """
        window = self._window(self._talks, talk, CONVERSATION)
        shared = self._window(self._tenants, tenant, TENANT)
        clock = asyncio.get_running_loop().time
        while (wait_s := max(window.free_at(clock()), shared.free_at(clock())) - clock()) > 0:
            if wait_s > LONGEST_S:
                raise DeliveryError("too many in one chat")
            await asyncio.sleep(wait_s)
        window.take(clock())
        shared.take(clock())

    def _window(self, windows: dict[str, Window], name: str, limits: Limits) -> Window:
        if name not in windows:
            if len(windows) >= MOST:
                self._forget(windows)
            windows[name] = Window(limits)
        return windows[name]

    def _forget(self, windows: dict[str, Window]) -> None:
        now = asyncio.get_running_loop().time()
        for name in [name for name, window in windows.items() if window.is_over(now)]:
            del windows[name]
