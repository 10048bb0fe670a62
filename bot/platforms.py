"""What each platform is given: made of the settings, loaded only when it is switched on."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from bot.core.errors import SettingsError
from bot.core.library import Library
from bot.core.port import Pace
from bot.runtime.album import SealedAlbum
from bot.runtime.installations import Registry
from bot.runtime.picture import Pictures
from bot.runtime.reading import Plan
from bot.runtime.settings import Settings
from bot.runtime.store import Store
from bot.runtime.tickets import SealedTickets
from bot.runtime.vault import Vault

if TYPE_CHECKING:
    from adapters.slack.app import SlackPlatform
    from adapters.slack.install import Several
    from adapters.teams.app import TeamsPlatform

Now = Callable[[], datetime]
TICKETS = "slack install"


def slack_of(settings: Settings, now: Now) -> "SlackPlatform":
    from adapters.slack.app import SlackPlatform  # noqa: PLC0415  only when switched on
    from adapters.slack.config import OAuth, SlackConfig  # noqa: PLC0415

    oauth = OAuth(
        settings.slack_client_id,
        settings.slack_client_secret.get_secret_value(),
        settings.public_url,
        settings.slack_authorize_url,
    )
    config = SlackConfig(
        settings.slack_bot_token.get_secret_value(),
        settings.slack_signing_secret.get_secret_value(),
        settings.slack_api_url,
        settings.public_url,
        settings.slack_app_token.get_secret_value(),
        oauth if settings.slack_several else None,
    )
    return SlackPlatform(config, now)


def paces_of(settings: Settings) -> Mapping[str, Pace]:
    """How much each platform takes that is switched on."""
    paces: dict[str, Pace] = {}
    if settings.slack:
        from adapters.slack.pace import PACE  # noqa: PLC0415

        paces["slack"] = PACE
    if settings.teams:
        from adapters.teams.pace import PACE  # noqa: PLC0415

        paces["teams"] = PACE
    return paces


def advice_of(settings: Settings) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """By the reason for which a card was given up: what to do; and why nothing is to be done."""
    if not settings.slack:
        return {}, {}
    from adapters.slack.advice import ADVICE, FINE  # noqa: PLC0415

    return ADVICE, FINE


def registry_of(store: Store, vault: Vault, now: Now, grace_days: int = 0) -> Registry:
    return Registry("slack", store, vault, now, grace_days)


def album_of(store: Store, vault: Vault, pictures: Pictures) -> SealedAlbum:
    return SealedAlbum("slack", store, vault, pictures)


def several_of(
    settings: Settings, plan: Plan, store: Store, vault: Vault, now: Now
) -> "Several | None":
    """None where one workspace's token is set."""
    from adapters.slack.install import Several  # noqa: PLC0415

    if not settings.slack_several:
        return None
    tickets = SealedTickets(TICKETS, store, vault, now)
    registry = registry_of(store, vault, now, settings.landa_grace_days)
    return Several(registry, tickets, plan.library.words, plan.language)


def slack_manifest(settings: Settings, library: Library, *, http: bool, several: bool) -> str:
    """As JSON. raises  LandaError when words are missing, or the address is."""
    from adapters.slack.manifest import manifest  # noqa: PLC0415

    http = http or several
    if http and not settings.public_url.startswith("https://"):
        raise SettingsError(("PUBLIC_URL: is needed, with https://, for Slack to reach Landa.",))
    words = library.words[settings.landa_locale]
    made = manifest(settings.public_url if http else None, words, several=several)
    return json.dumps(made, ensure_ascii=False, indent=2)


def teams_of(settings: Settings, plan: Plan, now: Now) -> "TeamsPlatform":
    """raises  SettingsError when its kit is not installed"""
    from adapters.teams.app import Speech, TeamsPlatform  # noqa: PLC0415  only when switched on
    from adapters.teams.config import TeamsConfig  # noqa: PLC0415

    config = TeamsConfig(
        settings.microsoftappid,
        settings.microsoftapppassword.get_secret_value(),
        settings.microsoftapptype,
        settings.microsoftapptenantid,
        settings.landa_teams_insecure,
        settings.landa_teams_kit,
        settings.public_url,
        settings.landa_teams_openid_url,
        settings.landa_teams_login_url,
        settings.landa_teams_service_url,
    )
    return TeamsPlatform(config, Speech(plan.library.words, plan.language), now)


def teams_package(settings: Settings, library: Library, said: Mapping[str, str]) -> bytes:
    """The app package, as a zip. said: "organisation", "website", "privacy" and "terms".

    raises  LandaError when words are missing, or the bot's id or the address is.
    """
    from adapters.teams.about import ABOUT  # noqa: PLC0415
    from adapters.teams.manifest import App  # noqa: PLC0415
    from adapters.teams.package import package  # noqa: PLC0415

    faults: list[str] = []
    if not settings.microsoftappid:
        faults.append("MicrosoftAppId: is needed: the package names the bot by it.")
    if not settings.public_url.startswith("https://"):
        faults.append("PUBLIC_URL: is needed, with https://, for Teams to reach Landa.")
    if faults:
        raise SettingsError(tuple(faults))
    about = f"{settings.public_url}{ABOUT}"
    addresses = (said[each] or about for each in ("website", "privacy", "terms"))
    app = App(settings.microsoftappid, version("landa"), said["organisation"], *addresses)
    return package(app, library.words, settings.landa_locale)
