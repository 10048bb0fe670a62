"""One whole conversation, by requests and by Socket Mode: people see the same."""

import re
from pathlib import Path

from bot.core.library import Library
from bot.runtime.vault import Vault
from tests.adapters.slack.whole import ANNA, BO, CLOSED, ROOM, Landa, landa
from tests.standin_slack import Shown, StandIn


async def talk(slack: StandIn, landa: Landa) -> None:
    """Every way in and every kind of answer."""
    slack.joined.add(ROOM)
    assert (await slack.command(ANNA, "", ROOM)).card is not None
    await slack.press(ANNA, "Hitta fotfästet")
    await landa.settled()
    await landa.later(600)
    await slack.press(ANNA, "Klar för nu", None)
    await landa.settled()
    assert (await slack.command(BO, "inställningar")).card is None
    await landa.settled()
    assert (await slack.submit(BO, {"language": "English"})).status == 200
    await landa.settled()
    await slack.open_home(BO)
    await landa.settled()
    await slack.press_home(BO, "Settings")
    await landa.settled()
    await slack.close(BO)
    await slack.press_home(BO, "Send me a sample")
    await landa.settled()
    await slack.press(BO, "Settings")
    await landa.settled()
    await slack.submit(BO, {"language": "Svenska"})
    await landa.settled()
    await slack.say(BO, "paus")
    await landa.settled()
    await slack.say(BO, "jag orkar inte leva längre")
    await landa.settled()
    await slack.mention(ANNA, "andas", ROOM)
    await landa.settled()
    await slack.mention(ANNA, "paus", CLOSED)
    await landa.settled()
    await slack.shortcut(ANNA)
    await landa.settled()
    heavy = slack.put(Shown(ROOM, slack.ts(), "kanariefågel", [], author=BO))
    await slack.message_shortcut(ANNA, heavy)
    await landa.settled()
    await slack.command(BO, "stopp", CLOSED)
    await landa.settled()


def seen(slack: StandIn) -> list[object]:
    """All that anybody sees, and what it said before; without what is different by nature."""
    views = [*slack.windows.values(), *slack.pages.values()]
    return [
        *(
            (
                one.channel,
                one.only,
                one.author,
                one.text,
                neutral(one.blocks),
                neutral(one.versions),
            )
            for one in slack.messages
        ),
        *(
            (one.user, one.open, one.errors, neutral(one.said), neutral(one.before))
            for one in views
        ),
    ]


def neutral(part: object) -> str:
    """Tokens and the ids of rows are new each time."""
    named = re.sub(r"card-[0-9a-f]{32}", "card", repr(part))
    return re.sub(r"'(value|action_id|ts|private_metadata)': '[^']*'", r"'\1': ''", named)


async def test_the_same_by_both_ways(tmp_path: Path, library: Library, vault: Vault) -> None:
    """Command, press, form, words, mention and shortcuts show the same cards by both ways in."""
    shown: list[list[object]] = []
    for by_socket in (False, True):
        async with StandIn() as slack:
            slack.by_socket = by_socket
            async with landa(slack, tmp_path / f"{by_socket}.db", library, vault) as running:
                await talk(slack, running)
            assert slack.complaints == []
            assert slack.sockets.opened == by_socket
            assert not any("kanariefågel" in str(call.fields) for call in slack.calls)
            shown.append(seen(slack))
    assert shown[0] == shown[1]
    assert len(shown[0]) >= 14
