"""A team's boss in a Slack workspace: chosen among people, and asked once they have said yes."""

from pathlib import Path

from bot.core.library import Library
from bot.runtime.vault import Vault
from tests.adapters.slack.whole import ANNA, BO, ROOM, Landa, landa
from tests.standin_slack import StandIn

EVA = "U0EVA0001"


class Acts:
    """What people do, each later than a double press."""

    def __init__(self, slack: StandIn, running: Landa) -> None:
        self.slack, self.running = slack, running

    async def say(self, user: str, text: str) -> str:
        await self.slack.command(user, text, ROOM)
        return await self.seen(user)

    async def press(self, user: str, label: str) -> str:
        await self.running.later(6)
        assert (await self.slack.press(user, label)).status == 200
        return await self.seen(user)

    async def send(self, user: str, **chosen: str) -> str:
        assert (await self.slack.submit(user, chosen)).status == 200
        return await self.seen(user)

    async def seen(self, user: str) -> str:
        await self.running.settled()
        return repr(self.slack.last(user).blocks)


async def test_only_the_one_who_was_chosen_can_say_yes(
    tmp_path: Path, library: Library, vault: Vault
) -> None:
    """A lead chooses among people; nobody hears of it, and nobody else accepts; then a question
    arrives in their own chat, and until then the way to an ordinary chat is shown."""
    async with StandIn() as slack:
        slack.joined.add(ROOM)
        async with landa(slack, tmp_path / "landa.db", library, vault) as running:
            act = Acts(slack, running)
            await act.say(EVA, "team")
            await act.press(EVA, "Ställ in")
            await act.send(EVA)
            await act.say(EVA, "team")
            await act.press(EVA, "Teamets chef")
            assert "users_select" in repr(slack.windows[EVA].said)
            await act.send(EVA, account=BO)
            for_all = [each for each in slack.messages if not each.only]
            assert [each.channel for each in for_all] == [ROOM, ROOM]
            assert BO not in repr(for_all)
            assert f"slack://user?team={slack.team}&amp;id={BO}" in await act.say(ANNA, "chef")
            assert "nämnt som chef" in await act.press(ANNA, "Det är jag")
            await act.press(BO, "Det är jag")
            await act.press(BO, "Ja, fråga mig gärna")
            await act.send(BO, name="Bo", first="08:00", last="17:00")
            await act.say(ANNA, "chef")
            assert "på väg till Bo" in await act.press(ANNA, "Skicka")
            await act.running.settled()
            asked = slack.last(BO, slack.dm(BO))
            assert asked.labels == [
                "Jag kommer",
                "Om en stund",
                "Kan inte nu",
                "Fråga mig inte mer",
            ]
            assert asked.text == library.words["sv"]("card.preview")
            await act.press(BO, "Jag kommer")
            assert "Bo kommer." in await act.seen(ANNA)
        assert slack.complaints == []
