"""What is wrong with settings that are right one by one."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING

from bot.core.errors import SettingsError
from bot.runtime.vault import parse_keys

if TYPE_CHECKING:
    from bot.runtime.settings import Settings


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def together(settings: "Settings") -> Iterator[str]:
    """One sentence for each fault; no sentence holds a value that was set."""
    if settings.slack_client_secret.get_secret_value() and not settings.slack_client_id:
        yield "SLACK_CLIENT_ID: is needed together with SLACK_CLIENT_SECRET."
    else:
        yield from _several(settings) if settings.slack_several else _single(settings)
    yield from _teams(settings)
    keys = settings.landa_secret_keys.get_secret_value()
    if (settings.slack or settings.microsoftappid) and not keys:
        yield (
            "LANDA_SECRET_KEYS: is needed as soon as real people use Landa. "
            "Make one with: landa new-key"
        )
    if keys:
        try:
            parse_keys(keys)
        except SettingsError as wrong:
            yield from wrong.faults
    if settings.platforms and settings.preview and settings.port == settings.landa_preview_port:
        yield "LANDA_PREVIEW_PORT: is the same as PORT."
    if settings.landa_site and not settings.landa_site.is_file():
        yield "LANDA_SITE: there is no such file."


def _single(settings: "Settings") -> Iterator[str]:
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


def _several(settings: "Settings") -> Iterator[str]:
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


def _teams(settings: "Settings") -> Iterator[str]:
    password = settings.microsoftapppassword.get_secret_value()
    if settings.landa_teams_insecure:
        if settings.microsoftappid:
            yield "LANDA_TEAMS_INSECURE: is for local clients. MicrosoftAppId must not be set."
        if not is_loopback(settings.host):
            yield "HOST: must be 127.0.0.1 as long as LANDA_TEAMS_INSECURE is set."
        return
    if not settings.microsoftappid:
        if password or settings.microsoftapptenantid:
            yield "MicrosoftAppId: is needed for Teams. It stands in your bot's app registration."
        return
    if settings.microsoftapptype != "UserAssignedMSI" and not password:
        yield (
            "MicrosoftAppPassword: is needed together with MicrosoftAppId, or a managed identity: "
            "MicrosoftAppType=UserAssignedMSI."
        )
    if settings.microsoftapptype != "MultiTenant" and not settings.microsoftapptenantid:
        yield "MicrosoftAppTenantId: is needed together with MicrosoftAppId."
