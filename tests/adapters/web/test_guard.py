"""Who may come in, and what is refused."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from .fake import JSON, FakeLanda, act

ROUTES = (
    "/",
    "/preview/log?person=anna",
    "/preview/events?person=anna",
    "/preview/static/preview.css",
)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "landa.example"},
        {"Host": "localhost.evil.example:8000"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "192.168.1.5:8000"},
        {"Host": "0.0.0.0:8000"},
        {"Host": "localhost:80@evil.example"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"X-Forwarded-For": "10.0.0.1"},
        {"X-Forwarded-Host": "localhost"},
        {"X-Forwarded-Proto": "https"},
        {"Forwarded": "for=10.0.0.1"},
    ],
)
async def test_only_this_computer_comes_in(client: TestClient, path: str, headers: dict) -> None:
    """Another host, another origin, or a request passed on by a proxy gets one plain sentence."""
    response = await client.get(path, headers=headers)
    assert response.status == 403
    assert await response.text() == "refused sv"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]", "[::1]:80"]
)
async def test_this_computer_comes_in_by_each_of_its_names(client: TestClient, host: str) -> None:
    """localhost, 127.0.0.1 and [::1] are all this computer, on any port."""
    assert (await client.get("/", headers={"Host": host})).status == 200


async def test_a_neighbour_on_the_network_stays_outside(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calling oneself localhost is not enough: the connection must come from this computer."""
    monkeypatch.setattr(web.BaseRequest, "remote", "192.168.1.7")
    assert (await client.get("/", headers={"Host": "localhost"})).status == 403


@pytest.mark.parametrize("path", ["/preview/act", "/preview/forward"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json"},
        {"Content-Type": "application/json", "Sec-Fetch-Site": "none"},
        {"Content-Type": "text/plain", "Sec-Fetch-Site": "same-origin"},
        {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"},
        {**JSON, "Origin": "https://evil.example"},
        {**JSON, "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_only_the_page_itself_acts(
    client: TestClient, landa: FakeLanda, path: str, headers: dict
) -> None:
    """No other page can act for somebody, with a form or with a script."""
    body = json.dumps(act(text="/landa", step=60))
    assert (await client.post(path, data=body, headers=headers)).status == 403
    assert landa.inbounds == []
    assert landa.clock.forwarded == []


async def test_the_page_may_act_by_its_origin_alone(client: TestClient, landa: FakeLanda) -> None:
    """A browser that sends no Sec-Fetch-Site is known by its Origin."""
    origin = str(client.make_url("/")).rstrip("/")
    headers = {"Content-Type": "application/json", "Origin": origin}
    body = json.dumps(act(text="/landa"))
    assert (await client.post("/preview/act", data=body, headers=headers)).status == 200
    assert len(landa.inbounds) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b"[" * 30_000,
        b"1" * 6000,
        json.dumps(act(text="")).encode(),
        json.dumps(act(person="eve", text="hej")).encode(),
        json.dumps(act(text="half \ud83d")).encode(),
        json.dumps(act(token="t")).encode(),
        json.dumps({"step": 61}).encode(),
        json.dumps({"step": True}).encode(),
        json.dumps({"step": [60]}).encode(),
        json.dumps({"step": -60}).encode(),
    ],
)
@pytest.mark.parametrize("path", ["/preview/act", "/preview/forward"])
async def test_what_cannot_be_read_is_the_senders_fault(
    client: TestClient, landa: FakeLanda, path: str, body: bytes
) -> None:
    """A body that makes no sense is answered 400, and nothing happens."""
    response = await client.post(path, data=body, headers=JSON)
    assert response.status == 400
    assert landa.inbounds == []
    assert landa.clock.forwarded == []


async def test_a_body_may_be_64_kb(client: TestClient) -> None:
    """A long body is cut short, whether it tells its length or not."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 1024

    for data in (b" " * (64 * 1024 + 1), chunks()):
        assert (await client.post("/preview/act", data=data, headers=JSON)).status == 413


@pytest.mark.parametrize("path", ["/preview/log", "/preview/events", "/preview/log?person=eve"])
async def test_somebody_must_be_played(client: TestClient, path: str) -> None:
    """Nothing is shown to nobody."""
    assert (await client.get(path)).status == 400


@pytest.mark.parametrize("name", ["nothing.js", "index.html", "..%2Fapp.py", "%2e%2e%2fapp.py"])
async def test_only_the_pages_own_files_are_served(client: TestClient, name: str) -> None:
    """No other file of the computer can be fetched."""
    response = await client.get(f"/preview/static/{name}")
    assert response.status == 404
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_runs_nothing_of_others(client: TestClient) -> None:
    """The page allows no inline script or style, no frame around it, and leaves no trace."""
    response = await client.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    text = await response.text()
    assert "style=" not in text
    assert "http://" not in text
    assert "https://" not in text


async def test_the_rest_of_the_application_is_left_alone(landa: FakeLanda) -> None:
    """The preview guards its own routes and no others."""

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_get("/health", health)
    landa.preview.mount(app, landa, landa.clock)
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/health", headers={"Host": "landa.example"})
        assert (response.status, "Content-Security-Policy" in response.headers) == (200, False)
