"""What the operator has decided about Slack, and the clients made of it."""

import logging
from dataclasses import dataclass, field

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.proxy import proxy_of
from adapters.slack.manifest import BACK
from adapters.slack.url import origin
from bot.core.errors import SettingsError

TIMEOUT = aiohttp.ClientTimeout(total=10)
AUTHORIZE = "https://slack.com/oauth/v2/authorize"


@dataclass(frozen=True, slots=True)
class OAuth:
    """For several workspaces. public_url: where browsers reach Landa."""

    client_id: str
    client_secret: str = field(repr=False)
    public_url: str
    authorize_url: str = AUTHORIZE

    @property
    def redirect_url(self) -> str:
        return f"{self.public_url}{BACK}"


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """api_url: where Slack's methods are.

    pictures   Landa's public address, from where Slack can fetch them; "" where there is none.
    app_token  chooses Socket Mode. Slack then sends nothing to a public address, so there is
               none to protect, and no signing secret is needed.
    oauth      instead of a bot token: each workspace that installs Landa has its own.
    """

    bot_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    api_url: str = "https://slack.com/api/"
    pictures: str = ""
    app_token: str = field(default="", repr=False)
    oauth: OAuth | None = None

    def __post_init__(self) -> None:
        """raises SettingsError: an empty secret would let everybody sign."""
        faults: list[str] = []
        if not self.bot_token.strip() and not self.oauth:
            faults.append("SLACK_BOT_TOKEN is missing")
        if self.oauth and (self.bot_token or self.app_token):
            faults.append("SLACK_CLIENT_ID takes the place of SLACK_BOT_TOKEN and SLACK_APP_TOKEN")
        if self.app_token and not self.app_token.startswith("xapp-"):
            faults.append("SLACK_APP_TOKEN is not an app-level token: those begin with xapp-")
        if not self.app_token and not self.signing_secret.strip():
            faults.append("SLACK_SIGNING_SECRET is missing (or SLACK_APP_TOKEN, for Socket Mode)")
        if not origin(self.api_url):
            faults.append("SLACK_API_URL is not an address of the web")
        if faults:
            raise SettingsError(tuple(faults))


def client_of(config: SlackConfig) -> AsyncWebClient:
    client = AsyncWebClient(
        token=config.bot_token or None,
        base_url=config.api_url,
        # At DEBUG the kit logs what is sent.
        logger=quiet("landa.slack.sdk", logging.WARNING),
        # The outbox decides about new tries: one in here could send a card twice.
        retry_handlers=[],
    )
    client.proxy = proxy_of(config.api_url)
    return client


def quiet(name: str, level: int) -> logging.Logger:
    """The kit asks the logger itself for its level, and takes none for DEBUG."""
    logger = logging.getLogger(name)
    logger.setLevel(level)
    return logger
