"""Slack gives tokens by one method: for a code when somebody installs, then for each refresh."""

from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.config import OAuth
from adapters.slack.failure import api_error
from adapters.slack.fields import Body, MalformedError, id_of, mapping
from bot.core.errors import LandaError
from bot.core.installation import Installation

LONGEST = 4_096


class AccessError(LandaError):
    """Slack gave no token. reason: its own word for why, or the kind of the fault."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Slack gives no token: {reason}")
        self.reason = reason


async def access(client: AsyncWebClient, oauth: OAuth, fields: dict[str, str]) -> Body:
    """raises  AccessError"""
    who = b64encode(f"{oauth.client_id}:{oauth.client_secret}".encode()).decode()
    try:
        answer: Any = await client.api_call(  # pyright: ignore[reportUnknownMemberType]
            "oauth.v2.access", data=fields, headers={"Authorization": f"Basic {who}"}
        )
        return mapping(answer.data, "answer")
    except SlackApiError as error:
        raise AccessError(api_error(error).reason) from None
    except (aiohttp.ClientError, OSError, AttributeError, TypeError, ValueError) as error:
        raise AccessError(type(error).__name__) from None


def installed(answer: Body, at: datetime) -> Installation:
    """raises  AccessError where the answer is not as Slack describes it"""
    try:
        enterprise, team = _id(answer, "enterprise"), _id(answer, "team")
        if answer.get("is_enterprise_install") is True:
            team = ""
        if (not team and not enterprise) or answer.get("token_type") != "bot":
            raise AccessError("unreadable answer")
        token, refresh, expires_at = tokens(answer, at)
        return Installation(
            team,
            enterprise,
            token,
            id_of(answer, "bot_user_id"),
            tuple(_word(answer, "scope").split(",")),
            at,
            refresh,
            expires_at,
        )
    except MalformedError:
        raise AccessError("unreadable answer") from None


def tokens(answer: Body, at: datetime) -> tuple[str, str, datetime | None]:
    """The token, its refresh token and its end. raises  MalformedError"""
    lasts = answer.get("expires_in")
    if lasts is None:
        return _word(answer, "access_token"), "", None
    if not isinstance(lasts, int) or not 0 < lasts < 10**9:
        raise MalformedError("expires_in")
    ends = at + timedelta(seconds=lasts)
    return _word(answer, "access_token"), _word(answer, "refresh_token"), ends


def _id(answer: Body, name: str) -> str:
    """ "" where Slack says null."""
    part = answer.get(name)
    return id_of(mapping(part, name), "id") if part is not None else ""


def _word(answer: Body, name: str) -> str:
    """One printable word: a token goes into a header."""
    value = answer.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise MalformedError(name)
    if not (value.isascii() and value.isprintable()):
        raise MalformedError(name)
    return value
