"""Nothing leaks: not to a log, not through the environment, not to another platform's name."""

import logging

import polib
import pytest

from bot.core.errors import DeliveryError
from bot.core.library import Library
from bot.core.message import Message
from bot.runtime.content.catalogs import CATALOGS
from tests.adapters.teams.conftest import Landa, outgoing, running
from tests.standin_teams import SECRET, StandIn


async def test_nothing_a_person_writes_is_logged(
    teams: StandIn, landa: Landa, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even at DEBUG does a word, an id, a name, a token or a secret reach a log."""
    caplog.set_level(logging.DEBUG)
    for name in ("urllib3", "asyncio"):  # as `bot.runtime.log` has it
        caplog.set_level(logging.WARNING, name)
    landa.card = Message("kanariefågel")
    await teams.say("anna", "kanariefågel")
    await teams.mention("anna", "kanariefågel")
    await landa.platform.deliver(outgoing(Message("kanariefågel"), landa.taken[0]))
    teams.fail("html")
    with pytest.raises(DeliveryError):
        await landa.platform.deliver(outgoing(Message("kanariefågel"), landa.taken[0]))
    await teams.post(b'{"kanariefagel')
    teams.blocked.add("anna")
    with pytest.raises(DeliveryError):
        await landa.platform.deliver(outgoing(Message("kanariefågel"), landa.taken[0]))
    for word in ("kanarie", "29:1", "Andersson", SECRET, *teams.tokens, teams.bearer()):
        assert word not in caplog.text


async def test_the_way_out(teams: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that goes out takes the proxy that the environment names, where NO_PROXY does
    not say otherwise.
    """
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with running(teams) as landa:
        await teams.say("anna", "hej")
        await landa.platform.deliver(outgoing(Message("Ett"), landa.taken[0]))
        assert teams.last("anna").words == "Ett"
        taken = landa.taken[0]
    monkeypatch.setenv("NO_PROXY", "")
    async with running(teams) as landa:
        assert (await teams.say("anna", "hej"))[-1].status == 503  # the keys cannot be fetched
        with pytest.raises(DeliveryError):
            await landa.platform.deliver(outgoing(Message("Två"), taken))
    assert len(teams.seen("anna")) == 1


def test_no_other_platform_is_named(library: Library) -> None:
    """What people read in Teams names no other place to chat. What is Slack's own, may."""
    for path in CATALOGS.glob("*/LC_MESSAGES/landa.po"):
        named = {
            entry.msgid
            for entry in polib.pofile(str(path))
            if "slack" in " ".join([entry.msgstr, *entry.msgstr_plural.values()]).lower()
        }
        assert {key for key in named if not key.startswith(("slack.", "preview."))} == set()
    told = repr([*library.exercises["sv"].values(), *library.exercises["en"].values()])
    assert "slack" not in told.lower()
