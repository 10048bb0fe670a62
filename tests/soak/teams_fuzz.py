"""Throws broken activities at /api/messages, and counts what comes back."""

import asyncio
import json
import random
import string
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any

import aiohttp

from tests.soak.slack_fuzz import STRANGE
from tests.standin_teams import StandIn
from tests.standin_teams.login import signed

PAYLOADS = Path(__file__).parents[1] / "adapters" / "teams" / "payloads"
AT_ONCE = 16
RAW = (
    *(b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b"[" * 5_000, b'{"a":' * 5_000, b"NaN"),
    *(b"\0", b'{"type":"message"}', b'{"type":"invoke","name":"adaptiveCard/action"}', b"{}{}"),
    *(b'{"type":{}}', b'{"serviceUrl":1}', b"[[[]]]", b'{"type":"message","type":"invoke"}'),
)
BEARERS = (
    "",
    "x",
    "Bearer",
    "Bearer ",
    "Bearer x.y.z",
    "Basic eA==",
    "Bearer \xe5",
    "bearer  ",
)


async def fuzz(teams: StandIn, count: int, seed: int) -> dict[str, Any]:
    """Send *count* requests, the same ones for the same seed.

    return  statuses: how often each came. accepted: requests without a good token that were
            answered with less than 400. broken: answers of 500, and connections lost.
            examples: up to ten of what was accepted or broken.
    """
    rng = random.Random(seed)
    statuses: Counter[int] = Counter()
    examples: list[str] = []
    accepted = broken = 0
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        for start in range(0, count, AT_ONCE):
            some = [_request(rng, teams) for _ in range(min(AT_ONCE, count - start))]
            answers = await asyncio.gather(*(_send(session, teams.landa, *one) for one in some))
            for (good, body, _), status in zip(some, answers, strict=True):
                let_in, lost = not good and 0 < status < 400, status in (0, 500)
                statuses[status] += 1
                accepted += let_in
                broken += lost
                if let_in or lost:
                    examples.append(f"{status} {body[:300]!r}")
    return {
        "sent": count,
        "statuses": dict(statuses),
        "accepted": accepted,
        "broken": broken,
        "examples": examples[:10],
    }


Request = tuple[bool, bytes, str]


def _request(rng: random.Random, teams: StandIn) -> Request:
    """Whether the token is good, the body, the Authorization header."""
    good = f"Bearer {teams.bearer()}"
    match rng.choice(("field",) * 8 + ("raw", "raw", "bearer", "flip", "claims")):
        case "raw":
            return True, rng.choice((*RAW, rng.randbytes(rng.randrange(300)))), good
        case "bearer":
            return False, _body(rng, teams, 0), rng.choice(BEARERS)
        case "flip":
            at = rng.randrange(len(good) - 30)
            return False, _body(rng, teams, 0), good[:at] + rng.choice("AzZ_-. ") + good[at:]
        case "claims":
            claims: dict[str, Any] = teams.claims()
            claims[rng.choice(("exp", "aud", "iss", "serviceurl"))] = deepcopy(rng.choice(BAD))
            return False, _body(rng, teams, 0), f"Bearer {signed(claims)}"
        case _:
            return True, _body(rng, teams, rng.randrange(1, 5)), good


BAD: tuple[Any, ...] = (0, -1, "", "x", [], {}, 10**30, [None], {"a": 1}, "1a2b")


def _body(rng: random.Random, teams: StandIn, changes: int) -> bytes:
    """One of the recorded payloads with an id of its own, and so many strange values in it."""
    body = json.loads(rng.choice(sorted(PAYLOADS.glob("*.json"))).read_text(encoding="utf-8"))
    body["id"] = "".join(rng.choices(string.ascii_letters, k=20))
    body["serviceUrl"] = teams.service_url
    body["recipient"] = {"id": f"28:{teams.app}", "name": "Landa"}
    for _ in range(changes):
        _change(body, rng)
    return json.dumps(body).encode()


def _change(part: Any, rng: random.Random) -> None:
    """Put something strange somewhere, or leave something out."""
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        if not keys:
            return
        key = rng.choice(keys)
        if isinstance(part[key], dict | list) and part[key] and rng.random() < 0.7:
            part = part[key]
        elif rng.random() < 0.2:
            del part[key]
            return
        else:
            part[key] = deepcopy(rng.choice(STRANGE))
            return


async def _send(
    session: aiohttp.ClientSession, base_url: str, _: bool, body: bytes, bearer: str
) -> int:
    """The status; 0 when the connection was lost."""
    headers = {"Content-Type": "application/json", "Authorization": bearer}
    try:
        async with session.post(f"{base_url}/api/messages", data=body, headers=headers) as answer:
            await answer.read()
            return answer.status
    except (aiohttp.ClientError, TimeoutError):
        return 0
