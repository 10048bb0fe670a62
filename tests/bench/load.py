"""Signed slash commands from a few clients at once, as fast as they are answered.

python -m tests.bench.load PORT PATH SECRET SECONDS CLIENTS    prints one line of JSON
"""

import asyncio
import hashlib
import hmac
import json
import sys
import time
from urllib.parse import urlencode

PEOPLE = 500
FIELDS = {
    "token": "t",
    "team_id": "T1",
    "team_domain": "team",
    "channel_id": "D1",
    "channel_name": "directmessage",
    "command": "/landa",
    "text": "",
    "api_app_id": "A1",
    "is_enterprise_install": "false",
}


def signed(path: str, secret: bytes, number: int) -> bytes:
    """One request as bytes. Every one is another delivery, of one of a few hundred people."""
    body = urlencode(
        {
            **FIELDS,
            "user_id": f"U{number % PEOPLE}",
            "user_name": "x",
            "response_url": "https://hooks.slack.com/commands/T1/1/x",
            "trigger_id": f"{time.time_ns()}.{number}",
        }
    ).encode()
    stamp = str(int(time.time()))
    mac = hmac.digest(secret, b"v0:%b:%b" % (stamp.encode(), body), hashlib.sha256).hex()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
        f"application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={mac}\r\n\r\n"
    )
    return head.encode() + body


async def client(port: int, path: str, secret: bytes, until: float, start: int) -> list[float]:
    """The seconds each answer took. Anything but 200 ends the run."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took: list[float] = []
    number = start
    while time.perf_counter() < until:
        request = signed(path, secret, number)
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        took.append(time.perf_counter() - began)
        number += 16
    writer.close()
    return took


async def run(
    port: int, path: str, secret: bytes, seconds: float, clients: int
) -> dict[str, float]:
    began = time.perf_counter()
    results = await asyncio.gather(
        *(client(port, path, secret, began + seconds, number) for number in range(clients))
    )
    lasted = time.perf_counter() - began
    took = sorted(one for result in results for one in result)
    return {
        "per_s": len(took) / lasted,
        "p50_ms": took[len(took) // 2] * 1000,
        "p99_ms": took[int(len(took) * 0.99)] * 1000,
    }


if __name__ == "__main__":
    port, path, secret, seconds, clients = sys.argv[1:]
    figures = asyncio.run(run(int(port), path, secret.encode(), float(seconds), int(clients)))
    sys.stdout.write(json.dumps(figures) + "\n")
