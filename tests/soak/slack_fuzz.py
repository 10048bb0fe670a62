"""Throws broken requests at /slack/events, and counts what comes back."""

import asyncio
import json
import random
import string
import time
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.standin_slack.payloads import sign

PAYLOADS = Path(__file__).parents[1] / "adapters" / "slack" / "payloads"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
AT_ONCE = 16
STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, "", "x", "\0", "\ud800", "\u202e", "a" * 5_000),
    *([], {}, [None], [[]], {"id": None}, {"id": 1}, {"": {}}, [{"type": "button"}], "Ⅷ", "U0 01"),
)
HEADERS = {
    "X-Slack-Request-Timestamp": (
        *(
            "",
            " ",
            "abc",
            "-1",
            "0",
            "1.5",
            "1e9",
            "１７９５４５８４８６",
            "9" * 40,
            "0x10",
            "+1",
            "1_0",
        ),
        *("nan", "inf", "²"),
    ),
    "X-Slack-Signature": (
        *(
            "",
            "v0=",
            "v0",
            "v1=" + "0" * 64,
            "v0=" + "0" * 64,
            "v0=" + "å" * 32,
            "\u2028",
            "x" * 4_000,
        ),
        *("v0=" + "F" * 64, "=", "v0=" + "g" * 64),
    ),
}
RAW = (
    *(b"", b"{", b"[]", b"null", b"1", b'"x"', b"payload=", b"payload=%5B%5D", b"payload=null"),
    *(b"payload={", b"\xff\xfe", b"payload=%ff", b"[" * 5_000, b'{"a":' * 5_000, b"&" * 5_000),
    *(b"a=1&" * 500, b'{"type":"event_callback","event":null}', b"\0", b'{"type":{}}', b"NaN"),
    *(b'{"team":1}', b'{"authorizations":[[[]]]}', b'{"event":[],"type":"event_callback"}'),
)


async def fuzz(base_url: str, signing_secret: str, count: int, seed: int) -> dict[str, Any]:
    """Send *count* requests, the same ones for the same seed.

    return  statuses: how often each came. accepted: requests without a valid signature that
            were answered with less than 400. broken: answers 500, and connections lost.
            examples: up to ten of what was accepted or broken.
    """
    rng = random.Random(seed)
    statuses: Counter[int] = Counter()
    examples: list[str] = []
    accepted = broken = 0
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        for start in range(0, count, AT_ONCE):
            some = [_request(rng, signing_secret) for _ in range(min(AT_ONCE, count - start))]
            answers = await asyncio.gather(*(_send(session, base_url, *one) for one in some))
            for (what, signed, body, _), status in zip(some, answers, strict=True):
                statuses[status] += 1
                accepted += not signed and 0 < status < 400
                broken += status in (0, 500)
                if (not signed and 0 < status < 400) or status in (0, 500):
                    examples.append(f"{status} {what} {body[:200]!r}")
    return {
        "sent": count,
        "statuses": dict(statuses),
        "accepted": accepted,
        "broken": broken,
        "examples": examples[:10],
    }


Request = tuple[str, bool, bytes, dict[str, str]]


def _request(rng: random.Random, secret: str) -> Request:
    """What was done, whether the signature is valid, the body, the headers."""
    kind, body = _body(rng)
    headers = {**sign(secret, body, time.time()), "Content-Type": kind}
    match rng.choice(("field", "field", "field", "raw", "header", "flip", "other secret", "bare")):
        case "field":
            kind, body = _body(rng, change=True)
            headers = {**sign(secret, body, time.time()), "Content-Type": kind}
            return "field", True, body, headers
        case "raw":
            body = rng.choice((*RAW, rng.randbytes(rng.randrange(300))))
            headers = sign(secret, body, time.time()) if rng.random() < 0.7 else {}
            kind = rng.choice((JSON, FORM, "text/plain", "", "application/json; charset=utf-7"))
            return "raw", bool(headers), body, {**headers, "Content-Type": kind}
        case "header":
            name = rng.choice(tuple(HEADERS))
            return "header", False, body, {**headers, name: rng.choice(HEADERS[name])}
        case "flip":
            at = rng.randrange(len(body))
            flipped = bytes([body[at] ^ (1 << rng.randrange(8))])
            return "flip", False, body[:at] + flipped + body[at + 1 :], headers
        case "other secret":
            late = rng.choice((0, 330, -330, 10**9))
            other = secret if late else secret + "x"
            return "signature", False, body, {**headers, **sign(other, body, time.time() - late)}
        case _:
            left_out = rng.choice(tuple(HEADERS))
            return "bare", False, body, {k: v for k, v in headers.items() if k != left_out}


def _body(rng: random.Random, *, change: bool = False) -> tuple[str, bytes]:
    """One of the recorded payloads as Slack sends it, with ids of its own."""
    path = rng.choice(sorted(PAYLOADS.glob("*.json")))
    body = json.loads(path.read_text())
    for key in ("trigger_id", "event_id"):
        if key in body:
            body[key] = "".join(rng.choices(string.ascii_letters, k=20))
    for _ in range(rng.randrange(1, 4) if change else 0):
        _change(body, rng)
    if body.get("type") in ("event_callback", "url_verification"):
        return JSON, json.dumps(body).encode()
    if "actions" in body:
        return FORM, urlencode({"payload": json.dumps(body)}).encode()
    return FORM, urlencode(body, errors="replace").encode()


def _change(part: Any, rng: random.Random) -> None:
    """Put something strange somewhere, or leave something out."""
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        if not keys:
            return
        key = rng.choice(keys)
        if isinstance(part[key], dict | list) and part[key] and rng.random() < 0.6:
            part = part[key]
        elif rng.random() < 0.2:
            del part[key]
            return
        else:
            part[key] = deepcopy(rng.choice(STRANGE))
            return


async def _send(
    session: aiohttp.ClientSession,
    base_url: str,
    what: str,
    signed: bool,
    body: bytes,
    headers: dict[str, str],
) -> int:
    """The status; 0 when the connection was lost."""
    try:
        async with session.post(f"{base_url}/slack/events", data=body, headers=headers) as answer:
            await answer.read()
            return answer.status
    except (aiohttp.ClientError, TimeoutError):
        return 0
