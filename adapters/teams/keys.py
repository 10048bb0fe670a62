"""The keys that Microsoft signs its requests with: fetched when needed, but seldom."""

import asyncio
import base64
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import aiohttp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from adapters.fields import Body, MalformedError, id_of, mapping, text_of
from adapters.proxy import proxy_of
from bot.core.errors import LandaError

log = logging.getLogger("landa.teams")

FETCH_S = 5
AGE_S = 86_400
AGAIN_S = 60  # between two fetches for a key that nobody knows: anybody can name one
EMPTY_S = 5  # while there are no keys at all, nobody can come in
LIMIT = 1_048_576
MOST = 1_000
SMALLEST_BITS = 2_048


class NoKeysError(LandaError):
    """Microsoft's signing keys cannot be fetched, so that nobody can be let in."""


@dataclass(frozen=True, slots=True)
class Key:
    """endorsements: the channels that this key may speak for."""

    public: RSAPublicKey
    endorsements: frozenset[str]


class Keys:
    """url: of the OpenID document that names where the keys are."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url, self._session = url, session
        self._keys: dict[str, Key] = {}
        self._fetching: asyncio.Task[None] | None = None
        self._first: asyncio.Task[None] | None = None
        self._tried, self._fetched = float("-inf"), float("-inf")

    @property
    def known(self) -> bool:
        return bool(self._keys)

    def open(self) -> None:
        """The first ones are fetched unasked, and again until they are there."""
        self._first = asyncio.create_task(self._until_known())

    async def _until_known(self) -> None:
        while not self._keys:
            self._fetch_again(asyncio.get_running_loop().time())
            await asyncio.sleep(EMPTY_S if self._fetching is None else 0)
            if self._fetching:
                await asyncio.shield(self._fetching)

    async def find(self, id: str) -> Key | None:
        """None: no such key, as far as we have asked. raises  NoKeysError"""
        now = asyncio.get_running_loop().time()
        key = self._keys.get(id)
        if key is None or now - self._fetched > AGE_S:
            self._fetch_again(now)
        if key is None and self._fetching:
            # Shielded: the one who asked may be gone, others wait for the same answer.
            await asyncio.shield(self._fetching)
            key = self._keys.get(id)
        if not self._keys:
            raise NoKeysError
        return key

    async def close(self) -> None:
        under_way = [task for task in (self._first, self._fetching) if task]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    def _fetch_again(self, now: float) -> None:
        if self._fetching or now - self._tried < (AGAIN_S if self._keys else EMPTY_S):
            return
        self._tried = now
        self._fetching = asyncio.create_task(self._fetch())

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(FETCH_S):
                document = await self._get(self._url)
                self._keys = dict(_read(await self._get(self._keys_url(document))))
            self._fetched = asyncio.get_running_loop().time()
        except (aiohttp.ClientError, OSError, ValueError, RecursionError) as fault:
            log.warning("Microsoft's keys cannot be fetched: %s", type(fault).__name__)
        finally:
            self._fetching = None

    def _keys_url(self, document: Body) -> str:
        """raises  MalformedError where it leads away from where TLS protects it"""
        url = text_of(document, "jwks_uri")
        if not url.startswith(("https://", self._url.split("/v1/")[0] + "/")):
            raise MalformedError("jwks_uri")
        return url

    async def _get(self, url: str) -> Body:
        way = proxy_of(url)
        async with self._session.get(url, allow_redirects=False, proxy=way) as answer:
            answer.raise_for_status()
            raw = await answer.content.read(LIMIT)
            while len(raw) < LIMIT and (more := await answer.content.read(LIMIT)):
                raw += more
        return mapping(json.loads(raw), "document")


def _read(document: Body) -> Iterator[tuple[str, Key]]:
    """Those that can be used. raises  MalformedError when there are none."""
    entries = document.get("keys")
    if not isinstance(entries, list) or not entries:
        raise MalformedError("keys")
    found = False
    for entry in cast("list[object]", entries)[:MOST]:
        try:
            yield _key(mapping(entry, "key"))
            found = True
        except ValueError:
            continue
    if not found:
        raise MalformedError("keys")


def _key(entry: Body) -> tuple[str, Key]:
    """raises  ValueError"""
    if entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
        raise MalformedError("kty")
    modulus, exponent = _number(text_of(entry, "n")), _number(text_of(entry, "e"))
    public = RSAPublicNumbers(exponent, modulus).public_key()
    if public.key_size < SMALLEST_BITS:
        raise MalformedError("n")
    named = entry.get("endorsements")
    endorsements = cast("list[object]", named) if isinstance(named, list) else []
    spoken_for = frozenset(each for each in endorsements if isinstance(each, str))
    return id_of(entry, "kid"), Key(public, spoken_for)


def _number(text: str) -> int:
    """Of base64url without padding."""
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
