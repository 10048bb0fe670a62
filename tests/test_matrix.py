"""Whatever names somebody, tried by somebody else, on every platform: nothing comes of it.

What a person's own client can choose is refused: buttons, windows, forms. What the platform says
(who acts, where, to which address an answer goes) is believed, since it is signed; but it opens
nothing of anybody else's, and shows nobody what others have.
"""

import random
from pathlib import Path

import pytest

from bot.core.library import Library
from bot.runtime.store import Store
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.vault import Vault
from tests.matrix import guesses, nothing_comes_of
from tests.matrix import slack as on_slack
from tests.matrix import teams as on_teams
from tests.matrix import web as on_web

FEW = 12
"""Guesses, each of them in every kind of request. `tests/soak/test_guesses.py` sends thousands."""


async def slack(library: Library, path: Path, most: int) -> int:
    """How many guesses were sent."""
    async with on_slack.stage(library, SqliteStore(path)) as stage:
        ours, *others = stage.families
        given = stage.tokens(ours.people, ours.room)
        theirs = [token for family in others for token in stage.tokens(family.people, family.room)]
        tries = list(stage.tries(ours, tuple(others)))
        told = await nothing_comes_of(stage, tries)
        assert {
            "block_actions user.id",
            "command user_id",
            "view_submission view.id",
        } <= told.kinds.keys()
        mates = stage.tokens((ours.mate,))
        assert mates
        more = [*stage.elsewhere(ours, others[1]), *stage.forged(mates)]
        within = list(stage.within(ours, [*theirs, *mates]))
        assert any("invited/come" in each.what for each in within)
        await nothing_comes_of(stage, [*more, *within])
        wrong = guesses(given, theirs, random.Random(7), most)
        return (await nothing_comes_of(stage, stage.forged(wrong))).forged


async def teams(library: Library, store: Store, vault: Vault, most: int) -> int:
    async with on_teams.stage(library, store, vault) as stage:
        ours, *others = on_teams.FAMILIES
        given = stage.tokens(ours, ours.people)
        theirs = [token for family in others for token in stage.tokens(family, family.people)]
        tries = list(stage.tries(others))
        mates = stage.tokens(ours, (ours.mate,), rooms=False)
        told = await nothing_comes_of(stage, tries)
        assert {
            "message from.id",
            "invoke replyToId",
            "message channelData.tenant.id",
        } <= told.kinds.keys()
        await nothing_comes_of(stage, [*stage.elsewhere(), *stage.forged(mates)])
        wrong = guesses(given, theirs, random.Random(7), most)
        return (await nothing_comes_of(stage, stage.forged(wrong))).forged


async def page(library: Library, store: Store, vault: Vault, most: int) -> int:
    async with on_web.stage(library, store, vault) as stage:
        me, *others = on_web.PEOPLE
        given, theirs = stage.tokens(me), stage.tokens(*others)
        assert len(theirs) > len(others)
        await nothing_comes_of(stage, list(stage.tries()))
        wrong = guesses(given, theirs, random.Random(7), most)
        return (await nothing_comes_of(stage, stage.forged(wrong))).forged


async def test_on_slack(library: Library, sqlite_path: Path) -> None:
    """Each name in each kind of request is exchanged for another's, of the same workspace and of
    another, and what was given to us is changed in every way: nobody's rows change, nobody sees
    anything of others', and no button works that was not made for whoever presses it."""
    assert await slack(library, sqlite_path, FEW) >= 5 * FEW


async def test_on_teams(library: Library, sqlite_store: Store, vault: Vault) -> None:
    """The same for each kind of activity, and for what clients send that know no new buttons."""
    assert await teams(library, sqlite_store, vault, FEW) >= 4 * FEW


async def test_on_the_page(library: Library, sqlite_store: Store, vault: Vault) -> None:
    """The same for what the preview's page sends."""
    assert await page(library, sqlite_store, vault, FEW) >= 2 * FEW


async def test_a_door_that_stands_open_is_seen(
    library: Library, sqlite_store: Store, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where buttons are believed whoever presses them, it shows at once: this is no decoration."""
    monkeypatch.setattr(Vault, "is_mac", lambda *_: True)
    with pytest.raises(AssertionError):
        await page(library, sqlite_store, vault, FEW)
