"""What Landa is in Teams, and the least it asks for: the app's manifest and its other languages.

Limits: schema 1.25 of the app manifest, and learn.microsoft.com/microsoftteams, read 2026-11.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.errors import ContentError, SettingsError
from bot.core.markup import plain
from bot.core.words import Words

NAME = "Landa"
COLOUR = "#1f5a4c"
VERSION = "1.25"
SCHEMA = f"https://developer.microsoft.com/en-us/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
SCOPES: Mapping[str, str] = {
    "personal": "a chat of one's own with Landa: here it answers, whatever it was called from",
    "team": "to be called by name in a channel; the answer comes in the person's own chat",
    "groupChat": "the same in a group chat",
}
"""Where the bot can be, and what for."""
PERMISSIONS: Mapping[str, str] = {
    "messageTeamMembers": "to answer whoever called Landa in a team, in their own chat",
}
"""What people are told when they add Landa, and what it is there for."""
ALONE = ("land", "breathe", "ground", "body", "pause", "colour", "air", "home", "support", "help")
AMONG = ("pause", "help")
"""What is suggested in a person's own chat, and among others: there, others see what is asked."""
TOLD = ("teams.more", "privacy.boss", "teams.channel", "privacy.kept", "teams.platform",
        "privacy.not_on_call")  # fmt: skip
"""What is said before anybody adds Landa: what it does, and who sees what."""
LONGEST: Mapping[str, int] = {
    "teams.full": 100,
    "teams.about": 80,
    "teams.more": 4_000,  # with all the others that are TOLD
    **{f"teams.{each}": 32 for each in ALONE},
    **{f"teams.about_{each}": 128 for each in ALONE},
}
"""Every word that the catalogs give to the manifest: at most so many characters."""

ORGANISATION, ADDRESS = 32, 2_048

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class App:
    """Who runs it, and where more is said. id: the bot's. The three addresses: https."""

    id: str
    version: str
    organisation: str
    website: str
    privacy: str
    terms: str

    def __post_init__(self) -> None:
        """raises  SettingsError"""
        faults: list[str] = []
        if not 0 < len(self.organisation) <= ORGANISATION:
            faults.append(f"--organisation: Teams takes at most {ORGANISATION} characters.")
        addresses = {"website": self.website, "privacy": self.privacy, "terms": self.terms}
        for name, url in addresses.items():
            if not url.startswith("https://") or len(url) > ADDRESS:
                faults.append(f"--{name}: is not an address that begins with https://.")
        if faults:
            raise SettingsError(tuple(faults))


def manifest(app: App, words: Words, others: Mapping[str, Words]) -> Part:
    """In the language of *words*. others: by language, each in a file of its own.

    raises  ContentError where a catalog's words do not fit.
    """
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "id": app.id,
        "version": app.version,
        "developer": {
            "name": app.organisation,
            "websiteUrl": app.website,
            "privacyUrl": app.privacy,
            "termsOfUseUrl": app.terms,
        },
        "name": {"short": NAME, "full": _fitting(words, "teams.full")},
        "description": {"short": _fitting(words, "teams.about"), "full": _told(words)},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": COLOUR,
        "localizationInfo": {
            "defaultLanguageTag": words.language,
            "additionalLanguages": [
                {"languageTag": language, "file": f"{language}.json"} for language in others
            ],
        },
        "bots": [_bot(app.id, words)],
        "defaultInstallScope": "personal",
        "permissions": [*PERMISSIONS],
        "validDomains": [],
    }


def localization(words: Words) -> Part:
    """What another language says instead. raises  ContentError"""
    said = {
        "$schema": SCHEMA.replace(".schema", ".Localization.schema"),
        "name.short": NAME,
        "name.full": _fitting(words, "teams.full"),
        "description.short": _fitting(words, "teams.about"),
        "description.full": _told(words),
    }
    for number, (_, ids) in enumerate(_lists()):
        for place, command in enumerate(_commands(words, (), ids)["commands"]):
            for key, text in command.items():
                said[f"bots[0].commandLists[{number}].commands[{place}].{key}"] = text
    return said


def _bot(id: str, words: Words) -> Part:
    return {
        "botId": id,
        "scopes": [*SCOPES],
        "isNotificationOnly": False,
        "supportsFiles": False,
        "commandLists": [_commands(words, *each) for each in _lists()],
    }


def _lists() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each list's scopes and commands."""
    yield ("personal",), ALONE
    yield ("team", "groupChat"), AMONG


def _commands(words: Words, scopes: tuple[str, ...], ids: tuple[str, ...]) -> Part:
    return {
        "scopes": [*scopes],
        "commands": [
            {
                "title": _fit(words, f"teams.{id}", words(f"teams.{id}")),
                "description": _fit(words, f"teams.about_{id}", words(f"teams.about_{id}")),
            }
            for id in ids
        ],
    }


def _told(words: Words) -> str:
    return _fit(words, "teams.more", plain("\n\n".join(map(words, TOLD))))


def _fitting(words: Words, key: str) -> str:
    return _fit(words, key, words(key))


def _fit(words: Words, key: str, text: str) -> str:
    if not 0 < len(text) <= LONGEST[key]:
        why = f"has {len(text)} characters; Teams takes at most {LONGEST[key]}"
        raise ContentError("bot/locale", f"{words.language}: {key}", why)
    return text
