"""What the operator sets, by environment or `.env`; every fault is told at once."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.errors import SettingsError
from bot.runtime.agreement import is_loopback, together
from bot.runtime.vault import new_key, parse_keys

NOTHING = SecretStr("")
NO_COUNTRY = "none"
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,4})?")
SLACK_API = "https://slack.com/api/"
SLACK_AUTHORIZE = "https://slack.com/oauth/v2/authorize"
TEAMS_OPENID = "https://login.botframework.com/v1/.well-known/openidconfiguration"
TEAMS_LOGIN = "https://login.microsoftonline.com"
_MICROSOFT = ("MicrosoftAppId", "MicrosoftAppPassword", "MicrosoftAppType", "MicrosoftAppTenantId")
_KEYS = {key.lower(): key for key in _MICROSOFT}
_ADDRESSES = ("public_url", "slack_api_url", "slack_authorize_url", "landa_teams_openid_url",
              "landa_teams_login_url", "landa_teams_service_url")  # fmt: skip
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Settings(BaseSettings):
    """One field for each key of `.env.example`, under the key's own name in lower case."""

    model_config = SettingsConfigDict(
        env_file=".env",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    database_url: str = "sqlite:///var/landa.db"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    public_url: str = ""

    slack_bot_token: SecretStr = NOTHING
    slack_signing_secret: SecretStr = NOTHING
    slack_app_token: SecretStr = NOTHING
    slack_api_url: str = SLACK_API
    slack_client_id: str = ""
    slack_client_secret: SecretStr = NOTHING
    slack_authorize_url: str = SLACK_AUTHORIZE

    microsoftappid: str = ""
    microsoftapppassword: SecretStr = NOTHING
    microsoftapptype: Literal["SingleTenant", "UserAssignedMSI", "MultiTenant"] = "SingleTenant"
    microsoftapptenantid: str = ""
    landa_teams_insecure: bool = False
    landa_teams_kit: Literal["botbuilder", "agents"] = "botbuilder"
    landa_teams_openid_url: str = TEAMS_OPENID
    landa_teams_login_url: str = TEAMS_LOGIN
    landa_teams_service_url: str = ""

    landa_secret_keys: SecretStr = NOTHING
    landa_locale: str = "sv"
    landa_timezone: str = "Europe/Stockholm"
    landa_country: str = "SE"
    landa_grace_days: int = Field(default=0, ge=0, le=30)
    landa_takeover: Annotated[int, Field(ge=1)] | Literal["never"] = 60
    landa_site: Path | None = None
    landa_packs: str = ""
    landa_heartbeat_url: SecretStr = NOTHING
    landa_preview: bool = False
    landa_preview_port: int = Field(default=8081, ge=1, le=65535)
    landa_log_level: Literal["debug", "info", "warning", "error"] = "info"
    landa_var: Path = Path("var")

    @field_validator(*_ADDRESSES)
    @classmethod
    def _web_address(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            raise ValueError("is not an address that begins with https://") from None
        if value and not sound:
            raise ValueError("is not an address that begins with https://")
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            raise ValueError("must begin with https:// (http:// is for this machine alone)")
        return value if value == SLACK_API else value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value.startswith(("postgres://", "postgresql://")):
            return "postgresql://" + value.split("://", 1)[1]
        _, found, path = value.partition("sqlite:///")
        if not found or not path or value != f"sqlite:///{path}":
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if path == ":memory:" or "?" in path:
            raise ValueError("must name a file and nothing else, such as sqlite:///var/landa.db")
        return value

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not value.get_secret_value().startswith("xoxb-"):
            raise ValueError("is not a bot token: those begin with xoxb-")
        return value

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not value.get_secret_value().startswith("xapp-"):
            raise ValueError("is not an app-level token: those begin with xapp-")
        return value

    @field_validator("microsoftappid", "microsoftapptenantid")
    @classmethod
    def _guid(cls, value: str) -> str:
        if value and not _GUID.fullmatch(value):
            raise ValueError("is not an id of Microsoft's: 32 letters and digits in five groups")
        return value

    @field_validator("landa_country")
    @classmethod
    def _country(cls, value: str) -> str:
        if value != NO_COUNTRY and not _COUNTRY.fullmatch(value):
            raise ValueError("is not a country, such as SE or DE-BY; none for no red days at all")
        return value

    @field_validator("landa_heartbeat_url")
    @classmethod
    def _heartbeat(cls, value: SecretStr) -> SecretStr:
        if value != NOTHING and not value.get_secret_value().startswith(("https://", "http://")):
            raise ValueError("is not an address that begins with https://")
        return value

    @field_validator("landa_timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("is not a time zone, such as Europe/Stockholm") from None
        return value

    @property
    def country(self) -> str:
        """As `redday.RedDays` wants it."""
        return "" if self.landa_country == NO_COUNTRY else self.landa_country

    @property
    def sqlite_path(self) -> Path | None:
        """The database file; None on PostgreSQL."""
        _, found, path = self.database_url.partition("sqlite:///")
        return Path(path) if found else None

    @property
    def slack(self) -> bool:
        return bool(self.slack_bot_token.get_secret_value()) or self.slack_several

    @property
    def slack_several(self) -> bool:
        """Whether each workspace installs Landa for itself."""
        return bool(self.slack_client_id)

    @property
    def slack_by_socket(self) -> bool:
        """Whether Landa calls Slack, so that Slack need not reach Landa."""
        return bool(self.slack_app_token.get_secret_value())

    @property
    def teams(self) -> bool:
        return bool(self.microsoftappid) or self.landa_teams_insecure

    @property
    def platforms(self) -> bool:
        """Whether Landa is anywhere but in the preview."""
        return self.slack or self.teams

    @property
    def preview(self) -> bool:
        """Whether the web preview runs: when asked for, or when nothing else would."""
        return self.landa_preview or not self.platforms

    @property
    def preview_alone(self) -> bool:
        """Nothing but the preview runs, on a port that only this machine reaches."""
        return not self.platforms and is_loopback(self.host)


def key_of(field: str) -> str:
    """As it stands in the environment."""
    return _KEYS.get(field, field.upper())


def read() -> Settings:
    """raises  SettingsError with one line for each fault; no line holds a value that was set."""
    try:
        settings = Settings()
    except ValidationError as wrong:
        raise SettingsError(
            tuple(
                f"{key_of(str(error['loc'][0]))}: {error['msg'].removeprefix('Value error, ')}"
                for error in wrong.errors()
            )
        ) from None
    except UnicodeDecodeError:
        raise SettingsError((".env: is not a text file in UTF-8.",)) from None
    if faults := tuple(together(settings)):
        raise SettingsError(faults)
    return settings


def secret_keys(settings: Settings) -> tuple[bytes, ...]:
    """The operator's keys, newest first. Where only the preview runs, one made for this machine;
    last among the operator's own, so that what was begun in the preview opens with them too.

    raises  SettingsError when this machine's key cannot be made or read.
    """
    keys, path = settings.landa_secret_keys.get_secret_value(), settings.landa_var / "secret.key"
    known = parse_keys(keys) if keys else ()
    if known and not path.exists():
        return known
    try:
        return (*known, *parse_keys(_own_key(path)))
    except (OSError, ValueError) as fault:
        why = f"LANDA_VAR: the key in secret.key cannot be used ({type(fault).__name__})."
    except SettingsError:
        why = "LANDA_VAR: secret.key holds no key. Put it back, or set LANDA_SECRET_KEYS."
    if known:
        return known
    raise SettingsError((why,))


def _own_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{new_key()}\n")
    return path.read_text(encoding="ascii").strip()
