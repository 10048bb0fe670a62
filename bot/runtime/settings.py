"""What the operator sets, by environment or `.env`; every fault is told at once."""

import os
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.errors import SettingsError
from bot.runtime.vault import new_key, parse_keys

NOTHING = SecretStr("")
SLACK_API = "https://slack.com/api/"
SLACK_AUTHORIZE = "https://slack.com/oauth/v2/authorize"


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

    landa_secret_keys: SecretStr = NOTHING
    landa_locale: str = "sv"
    landa_timezone: str = "Europe/Stockholm"
    landa_site: Path | None = None
    landa_preview: bool = False
    landa_preview_port: int = Field(default=8081, ge=1, le=65535)
    landa_log_level: Literal["debug", "info", "warning", "error"] = "info"
    landa_var: Path = Path("var")

    @field_validator("public_url", "slack_api_url", "slack_authorize_url")
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

    @field_validator("landa_timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("is not a time zone, such as Europe/Stockholm") from None
        return value

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
    def preview(self) -> bool:
        """Whether the web preview runs: when asked for, or when nothing else would."""
        return self.landa_preview or not self.slack

    @property
    def preview_alone(self) -> bool:
        """Nothing but the preview runs, on a port that only this machine reaches."""
        return not self.slack and is_loopback(self.host)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read() -> Settings:
    """raises  SettingsError with one line for each fault; no line holds a value that was set."""
    try:
        settings = Settings()
    except ValidationError as wrong:
        raise SettingsError(
            tuple(
                f"{str(error['loc'][0]).upper()}: {error['msg'].removeprefix('Value error, ')}"
                for error in wrong.errors()
            )
        ) from None
    except UnicodeDecodeError:
        raise SettingsError((".env: is not a text file in UTF-8.",)) from None
    if faults := tuple(_together(settings)):
        raise SettingsError(faults)
    return settings


def _together(settings: Settings) -> Iterator[str]:
    """What is wrong with settings that are right one by one."""
    if settings.slack_client_secret.get_secret_value() and not settings.slack_client_id:
        yield "SLACK_CLIENT_ID: is needed together with SLACK_CLIENT_SECRET."
    else:
        yield from _several(settings) if settings.slack_several else _single(settings)
    keys = settings.landa_secret_keys.get_secret_value()
    if settings.slack and not keys:
        yield (
            "LANDA_SECRET_KEYS: is needed as soon as real people use Landa. "
            "Make one with: landa new-key"
        )
    if keys:
        try:
            parse_keys(keys)
        except SettingsError as wrong:
            yield from wrong.faults
    if settings.slack and settings.preview and settings.port == settings.landa_preview_port:
        yield "LANDA_PREVIEW_PORT: is the same as PORT."
    if settings.landa_site and not settings.landa_site.is_file():
        yield "LANDA_SITE: there is no such file."


def _single(settings: Settings) -> Iterator[str]:
    signed = bool(settings.slack_signing_secret.get_secret_value())
    if settings.slack and not (signed or settings.slack_by_socket):
        yield (
            "SLACK_SIGNING_SECRET: is needed together with SLACK_BOT_TOKEN, or SLACK_APP_TOKEN "
            "for Socket Mode. Both stand under Basic Information in your Slack app."
        )
    if (signed or settings.slack_by_socket) and not settings.slack:
        yield (
            "SLACK_BOT_TOKEN: is needed together with SLACK_SIGNING_SECRET or SLACK_APP_TOKEN. "
            "It stands under OAuth & Permissions in your Slack app."
        )


def _several(settings: Settings) -> Iterator[str]:
    for key, value in (
        ("SLACK_CLIENT_SECRET", settings.slack_client_secret.get_secret_value()),
        ("SLACK_SIGNING_SECRET", settings.slack_signing_secret.get_secret_value()),
        ("PUBLIC_URL", settings.public_url),
    ):
        if not value:
            yield f"{key}: is needed together with SLACK_CLIENT_ID."
    for key, token in (
        ("SLACK_BOT_TOKEN", settings.slack_bot_token),
        ("SLACK_APP_TOKEN", settings.slack_app_token),
    ):
        if token.get_secret_value():
            yield f"{key}: is for one workspace, SLACK_CLIENT_ID for several. Set only one of them."


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
