"""The preview's own time: moved forward by hand, and then everything happens that fell due."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.runtime.clock import Clock
from bot.runtime.outbox import Outbox

STEP_S = 60


@dataclass(slots=True)
class MovableClock:
    """zone: the one that the people who are played live in."""

    zone: ZoneInfo
    clock: Clock | None = None
    outbox: Outbox | None = None
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        """Aware, in *zone*."""
        return datetime.now(self.zone) + self.ahead

    def now_utc(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def forward(self, seconds: int) -> None:
        """Minute by minute: everything happens at its time, and nothing is too late."""
        while seconds > 0:
            self.ahead += timedelta(seconds=min(seconds, STEP_S))
            seconds -= STEP_S
            if self.clock and self.outbox:
                await self.clock.tick()
                await self.outbox.settled()
