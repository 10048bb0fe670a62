"""Whatever arrives that Slack did not send, or not like this, is refused in one line."""

import asyncio
import json
import socket
import time
from urllib.parse import urlencode

import aiohttp
import pytest

from adapters.slack import request
from tests.adapters.slack.conftest import Landa
from tests.adapters.slack.test_inbound import payload
from tests.soak.slack_fuzz import FORM, HEADERS, JSON, RAW
from tests.standin_slack import StandIn
from tests.standin_slack.payloads import sign

BODY = urlencode(payload("command_channel")).encode()


async def post(landa: Landa, body: bytes, headers: dict[str, str]) -> int:
    url = f"{landa.url}/slack/events"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers) as answer,
    ):
        assert "Traceback" not in await answer.text()
        return answer.status


async def signed(landa: Landa, slack: StandIn, body: bytes, kind: str) -> int:
    return await post(landa, body, {**sign(slack.secret, body, time.time()), "Content-Type": kind})


@pytest.mark.parametrize("kind", [JSON, FORM])
@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:24]))
async def test_unsigned(landa: Landa, raw: bytes, kind: str) -> None:
    """Without a signature nothing is even read."""
    assert await post(landa, raw, {"Content-Type": kind}) == 401
    assert landa.taken == []


@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:24]))
async def test_signed_but_broken(slack: StandIn, landa: Landa, raw: bytes) -> None:
    """A signed request that cannot be read, or is not as Slack describes it, is answered 400."""
    json_status = await signed(landa, slack, raw, JSON)
    form_status = await signed(landa, slack, raw, FORM)
    assert json_status in ((200, 400) if raw.startswith(b'{"type":{}}') else (400,))
    assert form_status in (200, 400)
    assert form_status == 400 or b"payload" not in raw
    assert landa.taken == []


@pytest.mark.parametrize(
    "change",
    [
        {"actions": []}, {"actions": {}}, {"actions": [1]}, {"actions": None}, {"user": 1},
        {"user": []}, {"team": 5}, {"team": {"id": 5}}, {"channel": None}, {"container": "x"},
        {"trigger_id": 1}, {"trigger_id": ""}, {"state": {"values": []}}, {"state": 1},
        {"state": {"values": {"a": {"b": 1}}}}, {"response_url": 1}, {"authorizations": [1]},
        {"enterprise": 1}, {"response_url": "x" * 4_000}, {"message": 1, "user": None},
    ],
    ids=str,
)  # fmt: skip
async def test_wrong_types(slack: StandIn, landa: Landa, change: dict[str, object]) -> None:
    """A press with a field of the wrong type is answered 400."""
    body = urlencode({"payload": json.dumps({**payload("press_ephemeral"), **change})}).encode()
    assert await signed(landa, slack, body, FORM) == 400
    assert landa.taken == []


@pytest.mark.parametrize("event", [None, [], 1, "x", {"type": "message", "channel_type": "im"}])
async def test_broken_events(slack: StandIn, landa: Landa, event: object) -> None:
    """An event without its parts is answered 400, and never sent again for that."""
    body = json.dumps({**payload("message_im"), "event": event}).encode()
    assert await signed(landa, slack, body, JSON) == 400


@pytest.mark.parametrize("kind", ["text/plain", "", "multipart/form-data", "application/xml", "x"])
async def test_other_kinds(slack: StandIn, landa: Landa, kind: str) -> None:
    """Only forms and JSON are read."""
    assert await signed(landa, slack, BODY, kind) == 400


CASES = [(name, value) for name, values in HEADERS.items() for value in values]


@pytest.mark.parametrize(("name", "value"), CASES)
async def test_headers(slack: StandIn, landa: Landa, name: str, value: str) -> None:
    """A timestamp or a signature that is not exactly right is refused, whatever it is."""
    headers = {**sign(slack.secret, BODY, time.time()), "Content-Type": FORM}
    assert await post(landa, BODY, {**headers, name: value}) == 401
    assert await post(landa, BODY, {k: v for k, v in headers.items() if k != name}) == 401


@pytest.mark.parametrize(
    ("late", "status"), [(0, 200), (298, 200), (-298, 200), (302, 401), (-302, 401), (10**6, 401)]
)
async def test_age(slack: StandIn, landa: Landa, late: int, status: int) -> None:
    """A signature is good for five minutes, either way."""
    headers = sign(slack.secret, BODY, time.time() - late)
    assert await post(landa, BODY, {**headers, "Content-Type": FORM}) == status


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b + b" ",
        lambda b: b[:-1],
        lambda b: b.upper(),
        lambda b: b"",
        lambda b: b + b"&x=1",
    ],
)
async def test_another_body(slack: StandIn, landa: Landa, change: object) -> None:
    """A signature belongs to exactly the bytes that were signed."""
    headers = {**sign(slack.secret, BODY, time.time()), "Content-Type": FORM}
    assert await post(landa, change(BODY), headers) == 401  # type: ignore[operator]


async def test_other_secrets(slack: StandIn, landa: Landa) -> None:
    """Another app's secret opens nothing, nor does an upper-case copy of the right signature."""
    for secret in ("", slack.secret + "x", slack.secret.upper(), slack.token):
        headers = sign(secret, BODY, time.time())
        assert await post(landa, BODY, {**headers, "Content-Type": FORM}) == 401
    headers = sign(slack.secret, BODY, time.time())
    upper = {**headers, "X-Slack-Signature": headers["X-Slack-Signature"].upper()}
    assert await post(landa, BODY, {**upper, "Content-Type": FORM}) == 401


@pytest.mark.parametrize(("length", "status"), [(2**20, 400), (2**20 + 1, 413), (5 * 2**20, 413)])
async def test_size(slack: StandIn, landa: Landa, length: int, status: int) -> None:
    """Up to one mebibyte is read, and not one byte more, whether announced or in chunks."""
    body = b"x=" + b"y" * (length - 2)
    assert await signed(landa, slack, b"payload=" + body[8:], FORM) == status

    async def chunks() -> object:
        for start in range(0, length, 65_536):
            yield body[start : start + 65_536]

    async with aiohttp.ClientSession() as session:
        url = f"{landa.url}/slack/events"
        async with session.post(url, data=chunks(), headers={"Content-Type": FORM}) as answer:
            assert answer.status == (401 if status == 400 else 413)


async def test_packed(slack: StandIn, landa: Landa) -> None:
    """A packed body is refused unread: a small one could unpack to a huge one."""
    headers = {**sign(slack.secret, BODY, time.time()), "Content-Type": FORM}
    assert await post(landa, BODY, {**headers, "Content-Encoding": "gzip"}) == 400


@pytest.mark.parametrize("signature", [b"\xff\xfe", b"v0=\xe5\xe4\xf6", b"v0=\xc3\xa5"])
async def test_bytes_in_headers(landa: Landa, signature: bytes) -> None:
    """Bytes that are no text in a header are refused like any other wrong signature."""
    host, port = landa.url.removeprefix("http://").split(":")
    stamp = str(int(time.time())).encode()
    sent = (
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n"
        b"Content-Type: application/json\r\nX-Slack-Request-Timestamp: " + stamp +
        b"\r\nX-Slack-Signature: " + signature + b"\r\n\r\n{}"
    )  # fmt: skip
    reader, writer = await asyncio.open_connection(host, int(port), family=socket.AF_INET)
    writer.write(sent)
    answer = await reader.read()
    writer.close()
    assert answer.startswith((b"HTTP/1.1 401", b"HTTP/1.1 400"))


async def test_slow_bodies(slack: StandIn, landa: Landa, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not come is not waited for longer than Slack would wait."""
    monkeypatch.setattr(request, "READ_S", 0.1)

    async def slowly() -> object:
        yield b"payload="
        await asyncio.sleep(5)

    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{landa.url}/slack/events", data=slowly()) as answer,
    ):
        assert answer.status == 408
