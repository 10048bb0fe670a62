"""The preview's time goes forward by hand, and nothing is skipped."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.library import Library
from bot.core.turn import Picked
from bot.runtime.playtime import MovableClock
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.runtime.asked import BY_ITSELF
from tests.runtime.parts import Small

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAYS = 3


class Playing(Small):
    """Its time is the preview's."""

    play: MovableClock

    def begin(self) -> None:
        super().begin()
        self.play = MovableClock(STOCKHOLM, self.clock, self.outbox)

    @property
    def now(self) -> datetime:  # type: ignore[override]
        return self.play.now_utc() if "play" in self.__dict__ else datetime.now(STOCKHOLM)

    @now.setter
    def now(self, _: Any) -> None:
        """Only the preview moves it."""


async def test_some_days_go_by(library: Library, store: Store, vault: Vault) -> None:
    """Moved forward by three days, a slot has spoken on each of its days, at its own time."""
    small = Playing(library, store, vault, flows=BY_ITSELF)
    await small.take(Picked("wish", "ask"))
    at: list[datetime] = []
    small.answers = lambda _: at.append(small.play.now())
    began = small.play.now()
    await small.play.forward(DAYS * 86_400)
    days = {(began + timedelta(days=n)).date() for n in range(1, DAYS)}
    assert {when.date() for when in at} >= {day for day in days if day.isoweekday() < 6}
    assert {(when.hour, when.minute) for when in at} == {(10, 0)}
    assert all(when.isoweekday() < 6 for when in at)
    assert len(at) == len({when.date() for when in at})
