"""Who may come in: one good token among many bad ones, whichever kit looks at it."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from adapters.teams.keys import Keys
from adapters.teams.kit import Claims
from tests.adapters.teams.conftest import Landa, running
from tests.standin_teams import APP, StandIn
from tests.standin_teams.login import ENDORSED, signed
from tests.standin_teams.payloads import message

OTHER_TENANT = "00000000-0000-4000-8000-000000000001"
OTHER_APP = "00000000-0000-4000-8000-000000000002"
Token = Callable[[StandIn], str]
Change = dict[str, Any]


def with_(**claims: Any) -> Token:
    return lambda teams: signed(teams.claims(**claims))


def ago(seconds: int) -> int:
    return int(time.time()) - seconds


def unsigned(teams: StandIn) -> str:
    return jwt.encode(teams.claims(), None, "none", {"kid": "first"})


def by_public_key(teams: StandIn) -> str:
    """An old trick: the public key, which everybody has, taken as a shared secret."""
    head, claims = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "HS256", "kid": "first", "typ": "JWT"}, teams.claims())
    )
    return f"{head}.{claims}.{base64.urlsafe_b64encode(b'x' * 32).decode().rstrip('=')}"


def cut(teams: StandIn) -> str:
    return signed(teams.claims()).rpartition(".")[0]


def changed(teams: StandIn) -> str:
    """Other claims under the same signature."""
    head, _, mark = signed(teams.claims()).split(".")
    other = base64.urlsafe_b64encode(json.dumps(teams.claims(exp=ago(-7200))).encode()).decode()
    return f"{head}.{other.rstrip('=')}.{mark}"


TOKENS: dict[str, Token] = {
    "none at all": lambda _: "",
    "another scheme": lambda teams: f"Basic {signed(teams.claims())}",
    "an empty one": lambda _: "Bearer ",
    "garbage": lambda _: "garbage",
    "three dots": lambda _: "a.b.c",
    "not ascii": lambda _: "Bearer t\xf6ken",
    "cut off": cut,
    "changed": changed,
    "another audience": with_(aud=OTHER_APP),
    "an empty audience": with_(aud=""),
    "no audience": with_(aud=None),
    "several audiences": with_(aud=[APP, OTHER_APP]),
    "another issuer": with_(iss="https://sts.windows.net/somebody/"),
    "no issuer": with_(iss=None),
    "another key under a known id": lambda teams: signed(
        teams.claims(), key="strange", kid="first"
    ),
    "an unknown key": lambda teams: signed(teams.claims(), key="strange"),
    "no key id": lambda teams: jwt.encode(
        teams.claims(), "secret-that-is-long-enough-for-hs256", "HS256"
    ),
    "an empty key id": lambda teams: signed(teams.claims(), kid=""),
    "over": with_(exp=ago(3600), nbf=ago(7200)),
    "not begun": with_(nbf=ago(-3600), exp=ago(-7200)),
    "no end": with_(exp=None),
    "an end that is no number": with_(exp="soon"),
    "no end in sight": with_(exp=ago(-400 * 86_400)),
    "alg none": unsigned,
    "alg none, signed": lambda teams: unsigned(teams) + "x",
    "the public key as a secret": by_public_key,
    "another service": with_(serviceurl="https://smba.trafficmanager.net/emea/"),
    "no service": with_(serviceurl=None),
    "a key for other channels": lambda teams: signed(teams.claims(), key="second"),
}
BODIES: dict[str, Change] = {
    "no service url": {"serviceUrl": None},
    "another service url": {"serviceUrl": "https://smba.trafficmanager.net/amer/"},
    "a service url in the clear": {"serviceUrl": "http://smba.trafficmanager.net/teams/"},
    "a service url of nobody's": {"serviceUrl": "https://smba.trafficmanager.net.example.org/"},
    "a service url with a name": {"serviceUrl": "https://smba.trafficmanager.net@example.org/"},
    "another channel": {"channelId": "webchat"},
    "no channel": {"channelId": None},
    "another tenant": {"channelData": {"tenant": {"id": OTHER_TENANT}}},
    "no tenant": {"channelData": {}},
    "a tenant that is no id": {"channelData": {"tenant": {"id": [OTHER_TENANT]}}},
    "no channel data": {"channelData": None},
    "two tenants": {"conversation": {"tenantId": OTHER_TENANT, "id": "a:1"}},
}  # fmt: skip


async def refused(teams: StandIn, landa: Landa, body: Any, token: str) -> None:
    """401 or 403, nothing taken, and not a word about why."""
    ack = await teams.post(body, token)
    assert ack.status in (401, 403), ack
    assert ack.body == ""
    assert landa.taken == []
    assert teams.calls == []


@pytest.mark.parametrize("name", TOKENS)
async def test_a_bad_token(teams: StandIn, either: Landa, name: str) -> None:
    """Nobody comes in with a token that is not Microsoft's, not for us, or not for now."""
    teams.login.published["second"] = ["webchat"]
    await refused(
        teams, either, message(teams, "anna", "hej", teams.service_url), TOKENS[name](teams)
    )


@pytest.mark.parametrize("name", BODIES)
async def test_a_token_for_something_else(teams: StandIn, either: Landa, name: str) -> None:
    """A good token opens nothing but what it speaks for, in a tenant that is served."""
    body = {**message(teams, "anna", "hej", teams.service_url), **BODIES[name]}
    claimed = teams.claims()
    if isinstance(body["serviceUrl"], str) and "example" in body["serviceUrl"]:
        claimed["serviceurl"] = body["serviceUrl"]  # even where token and body agree
    await refused(teams, either, body, signed(claimed))


async def test_the_good_one(teams: StandIn, either: Landa) -> None:
    """Exactly the good one comes in."""
    (ack,) = await teams.say("anna", "hej")
    assert (ack.status, len(either.taken)) == (200, 1)


async def test_between_two_clocks(teams: StandIn, either: Landa) -> None:
    """Clocks may differ by a few minutes, as Microsoft says."""
    token = signed(teams.claims(exp=ago(120), nbf=ago(-120)))
    ack = await teams.post(message(teams, "anna", "hej", teams.service_url), token)
    assert ack.status == 200


async def test_for_how_long(teams: StandIn, either: Landa, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that was good is not looked at again for five minutes, nor longer than it lasts."""
    body = message(teams, "anna", "hej", teams.service_url)
    token = signed(teams.claims(exp=ago(-60)))
    looked: list[str] = []
    kit = either.platform._kit
    look = kit.claims

    async def counted(token: str, keys: Keys) -> Claims:
        looked.append(token)
        return await look(token, keys)

    monkeypatch.setattr(kit, "claims", counted)
    for _ in range(3):
        assert (await teams.post(body, token)).status == 200
    assert len(looked) == 1
    gate = either.gate
    (until,) = (until for _, until in gate._trusted.values())
    assert until <= time.time() + 60
    gate._trusted.clear()
    assert (await teams.post(body, token)).status == 200
    assert len(looked) == 2


async def test_a_repetition(teams: StandIn, either: Landa) -> None:
    """The same request again, from Teams or from somebody who listened, has the same id: what
    comes of it is decided where that is known, and there it does nothing.
    """
    body = message(teams, "anna", "hej", teams.service_url)
    assert [(await teams.post(body)).status for _ in range(3)] == [200] * 3
    assert len({inbound.id for inbound in either.taken}) == 1


async def test_a_new_key(teams: StandIn, either: Landa) -> None:
    """A key that Microsoft has just begun to use is found at the first request it signs."""
    body = message(teams, "anna", "hej", teams.service_url)
    assert (await teams.post(body)).status == 200
    teams.login.published = {"second": ENDORSED}
    keys = either.platform._keys
    assert keys is not None
    keys._tried = float("-inf")  # a minute has passed
    assert (await teams.post(body, signed(teams.claims(), key="second"))).status == 200
    # The old one is worth nothing any more, for tokens that have not been looked at of late.
    assert (await teams.post(body, signed(teams.claims(nbf=ago(61))))).status == 403


async def test_unknown_keys_cost_nothing(teams: StandIn, either: Landa) -> None:
    """However many keys are named that nobody knows, Microsoft is asked once a minute."""
    body = message(teams, "anna", "hej", teams.service_url)
    assert (await teams.post(body)).status == 200
    asked = teams.login.asked
    for number in range(50):
        token = signed(teams.claims(), key="strange", kid=f"nobody-{number}")
        assert (await teams.post(body, token)).status == 403
    assert teams.login.asked - asked <= 1
    assert (await teams.post(body)).status == 200


async def test_nobody_to_ask(teams: StandIn) -> None:
    """Without Microsoft's keys nobody comes in; Landa says that it is not ready, and asks on."""
    teams.login.down = True
    async with running(teams) as landa:
        body = message(teams, "anna", "hej", teams.service_url)
        assert (await teams.post(body)).status == 503
        assert not landa.platform.ready
        assert landa.taken == []
        teams.login.down = False
        keys = landa.platform._keys
        assert keys is not None
        keys._tried = float("-inf")
        assert (await teams.post(body)).status == 200
        assert landa.platform.ready


@pytest.mark.parametrize("kit", ["botbuilder", "agents"])
async def test_many_tenants(teams: StandIn, kit: str) -> None:
    """A bot that belongs to many serves each of them, and keeps their people apart."""
    async with running(teams, kit=kit, app_type="MultiTenant", tenant="") as landa:
        for tenant in (teams.tenant, OTHER_TENANT):
            body = message(teams, "anna", "hej", teams.service_url)
            body["channelData"] = {"tenant": {"id": tenant}}
            body["conversation"]["tenantId"] = tenant
            assert (await teams.post(body)).status == 200
        assert len({inbound.person for inbound in landa.taken}) == 2


async def test_nothing_is_told(
    teams: StandIn, either: Landa, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator reads in one line that a request was refused; never a token, a trace, a name."""
    body = message(teams, "anna", "hemligheten", teams.service_url)
    for name, token in TOKENS.items():
        if "ascii" not in name:
            await teams.post(body, token(teams))
    ours = [record for record in caplog.records if record.name == "landa.teams"]
    assert len(ours) >= len(TOKENS) - 1
    assert all(record.exc_info is None for record in caplog.records)
    told = " ".join(record.getMessage() for record in ours)
    assert not [part for part in ("eyJ", "anna", "hemlig", APP) if part in told]
