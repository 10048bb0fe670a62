"""Microsoft's keys: whatever comes in their place, nobody waits long and nobody gets in by it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from adapters.teams import keys as keys_of
from adapters.teams.keys import Keys, NoKeysError
from tests.standin_teams.login import jwk

FIRST = jwk("first", ["msteams"])
Answer = Any


class Microsoft:
    """Answers with what it is told to."""

    def __init__(self) -> None:
        self.document: Answer = None
        self.keys: Answer = {"keys": [FIRST]}
        self.asked = 0
        self.slow_s = 0.0

    async def openid(self, request: web.Request) -> web.Response:
        self.asked += 1
        await asyncio.sleep(self.slow_s)
        named = {"jwks_uri": f"http://{request.host}/v1/keys"}
        return _answer(named if self.document is None else self.document)

    async def jwks(self, _: web.Request) -> web.Response:
        return _answer(self.keys)


def _answer(what: Answer) -> web.Response:
    if isinstance(what, int):
        return web.Response(status=what, headers={"Location": "/v1/keys"})
    raw = what if isinstance(what, bytes) else json.dumps(what).encode()
    return web.Response(body=raw, content_type="application/json")


@pytest.fixture
async def microsoft() -> AsyncIterator[tuple[Microsoft, Keys]]:
    there = Microsoft()
    app = web.Application()
    app.router.add_get("/v1/openid", there.openid)
    app.router.add_get("/v1/keys", there.jwks)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        keys = Keys(f"http://127.0.0.1:{runner.addresses[0][1]}/v1/openid", session)
        yield there, keys
        await keys.close()
    await runner.cleanup()


Both = tuple[Microsoft, Keys]


async def test_found(microsoft: Both) -> None:
    """A key is found with the channels that it may speak for, and asked for once."""
    there, keys = microsoft
    found = await asyncio.gather(*(keys.find("first") for _ in range(50)))
    assert {key.endorsements for key in found if key} == {frozenset({"msteams"})}
    assert there.asked == 1


DOCUMENTS: list[Answer] = [
    *(500, 404, 302, b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000),
    *({}, {"jwks_uri": 1}, {"jwks_uri": ""}, {"jwks_uri": "http://example.org/keys"}),
    *({"jwks_uri": "file:///etc/passwd"}, {"jwks_uri": "ftp://example.org"}),
]
SETS: list[Answer] = [
    *(500, 302, b"{", {"keys": {}}, {"keys": []}, {"keys": [1, None, []]}, {}),
    *({"keys": [{**FIRST, "kty": "EC"}]}, {"keys": [{**FIRST, "n": "AQAB"}]}),
    *({"keys": [{**FIRST, "e": ""}]}, {"keys": [{**FIRST, "n": 5}]}),
    *({"keys": [{**FIRST, "kid": ""}]}, {"keys": [{**FIRST, "use": "enc"}]}),
    {"keys": [{**FIRST, "n": "!!"}]},
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: repr(one)[:30])
async def test_no_document(microsoft: Both, document: Answer) -> None:
    """A document that is none gives no keys, and leads nowhere else."""
    there, keys = microsoft
    there.document = document
    with pytest.raises(NoKeysError):
        await keys.find("first")


@pytest.mark.parametrize("answer", SETS, ids=lambda one: repr(one)[:40])
async def test_no_keys(microsoft: Both, answer: Answer) -> None:
    """Keys that are none are no keys."""
    there, keys = microsoft
    there.keys = answer
    with pytest.raises(NoKeysError):
        await keys.find("first")


async def test_good_ones_among_bad_ones(microsoft: Both) -> None:
    """One broken key does not take the good ones with it; endorsements that are none are none."""
    there, keys = microsoft
    there.keys = {"keys": [{"kty": "RSA"}, 5, {**FIRST, "endorsements": "msteams"}]}
    key = await keys.find("first")
    assert key is not None
    assert key.endorsements == frozenset()


async def test_old_ones_do_until_new_ones_are_there(
    microsoft: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day later the keys are fetched again, and nobody waits for it, nor is shut out by it."""
    there, keys = microsoft
    assert await keys.find("first")
    monkeypatch.setattr(keys_of, "AGE_S", 0)
    monkeypatch.setattr(keys_of, "AGAIN_S", 0)
    there.document = 500
    for _ in range(3):
        async with asyncio.timeout(0.5):
            assert await keys.find("first")
        await asyncio.sleep(0.05)
    assert there.asked > 1


async def test_one_that_does_not_answer(microsoft: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """Microsoft's silence is waited for a bounded time."""
    there, keys = microsoft
    there.slow_s = 30
    monkeypatch.setattr(keys_of, "FETCH_S", 0.1)
    async with asyncio.timeout(3):
        with pytest.raises(NoKeysError):
            await keys.find("first")


async def test_whoever_asked_may_leave(microsoft: Both) -> None:
    """Somebody who hangs up while the keys are fetched takes them from nobody."""
    there, keys = microsoft
    there.slow_s = 0.2
    asking = asyncio.create_task(keys.find("first"))
    await asyncio.sleep(0.05)
    asking.cancel()
    assert await keys.find("first")
    assert there.asked == 1
