"""A day in a Slack workspace, without an account: Landa as it is, before the strict stand-in.

`make demo-slack` prints what each person sees, in the order in which they see it.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.runtime import content
from bot.runtime.schema import prepare_sqlite
from bot.runtime.vault import Vault
from tests.adapters.slack.whole import Landa, landa
from tests.standin_slack import Shown, StandIn

NAMES = {"U0ANNA001": "Anna", "U0BO00001": "Bo", "U0CIA0001": "Cia"}
ANNA, BO, CIA = NAMES
ZONE = ZoneInfo("Europe/Stockholm")
ROOM = "C0ENHET01"


@dataclass
class Day:
    """told: lines for a person to read."""

    slack: StandIn
    landa: Landa
    told: list[str] = field(default_factory=list)
    _known: dict[int, int] = field(default_factory=dict)
    _views: set[str] = field(default_factory=set)

    async def act(self, what: str, doing: Awaitable[object]) -> None:
        self.told += ["", f"{self.landa.time.now.astimezone(ZONE):%H:%M}  {what}"]
        await doing
        await self.landa.settled()
        self._look()

    async def later(self, minutes: int) -> None:
        """Time goes by minute by minute, and what comes by itself comes."""
        for _ in range(minutes):
            await self.landa.later(60)
            before = len(self.told)
            self._look()
            if len(self.told) > before:
                clock = f"{self.landa.time.now.astimezone(ZONE):%H:%M}  (by itself)"
                self.told[before:before] = ["", clock]

    def _look(self) -> None:
        for shown in self.slack.messages:
            if shown.author == "landa" and self._known.get(id(shown)) != len(shown.versions):
                self._known[id(shown)] = len(shown.versions)
                self._tell(_whom(shown), shown.words)
        views = (*self.slack.windows.values(), *self.slack.pages.values())
        for view in views:
            name = view.id + view.hash
            if view.open and name not in self._views:
                self._views.add(name)
                kind = {"home": "Home", "modal": "window"}[view.said["type"]]
                self._tell(f"{NAMES[view.user]}'s {kind}", view.words)

    def _tell(self, where: str, words: str) -> None:
        first, *rest = [line for line in words.splitlines() if line.strip()]
        self.told += [f"       {where}: {first}", *(f"           {line}" for line in rest)]


def _whom(shown: Shown) -> str:
    if shown.only:
        return f"{NAMES[shown.only]}, for their eyes only"
    if shown.channel.startswith("C"):
        return "all in the channel"
    return next(f"{name}'s chat" for id, name in NAMES.items() if id[1:] == shown.channel[1:])


async def live(day: Day) -> None:
    slack, act = day.slack, day.act
    slack.joined.add(ROOM)
    await act("Anna opens Landa's Home", slack.open_home(ANNA))
    await act("Anna asks for a sample", slack.press_home(ANNA, "Skicka ett prov till mig"))
    await act("Bo writes /landa team in the channel", slack.command(BO, "team", ROOM))
    await act("Bo presses Ställ in", slack.press(BO, "Ställ in"))
    await act("Bo keeps the window as it is", slack.submit(BO))
    await act("Cia writes /landa inställningar", slack.command(CIA, "inställningar"))
    await act("Cia wants English", slack.submit(CIA, {"language": "English"}))
    await day.later(60)
    await act("Cia begins the team's pause", slack.press(CIA, "Starta"))
    await act("Anna comes from a visit: /landa", slack.command(ANNA))
    await act("Anna presses Lugna kroppen", slack.press(ANNA, "Lugna kroppen"))
    await day.later(2)
    await act("Anna is done", slack.press(ANNA, "Klar för nu"))
    await act("Bo writes @Landa paus in the channel", slack.mention(BO, "paus", ROOM))
    await act("Anna writes to Landa: sluta", slack.say(ANNA, "sluta"))


async def played(tell: Callable[[str], None]) -> None:
    """raises  AssertionError when Slack would have refused something."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "landa.db"
        prepare_sqlite(path)
        async with StandIn() as slack:
            library, vault = content.read().library, Vault(b"p" * 32, AESGCM(b"r" * 32))
            async with landa(slack, path, library, vault) as running:
                day = Day(slack, running)
                await live(day)
            assert slack.complaints == []
    for line in day.told:
        tell(line)


if __name__ == "__main__":
    asyncio.run(played(print))
