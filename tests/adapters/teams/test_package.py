"""The app package is one that Teams takes, asks for the least, and is the same each time."""

import copy
import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image

from adapters.teams.manifest import ALONE, AMONG, LONGEST, PERMISSIONS, SCOPES, App, localization
from adapters.teams.package import package
from bot.core import command
from bot.core.errors import ContentError, SettingsError
from bot.core.library import Library
from bot.core.words import Words
from tests.runtime.operator import COMMAND, KEY, environment

from .microsoft import node

ROOT = Path(__file__).parents[3]
ID = "11111111-2222-3333-4444-555555555555"
ABOUT = "https://landa.example.se/teams/about"
APP = App(ID, "0.1.0", "Piteå kommun", ABOUT, ABOUT, ABOUT)
FLOWS = {
    "land": ("land", ""),
    "breathe": ("practice", "breathing"),
    "ground": ("practice", "grounding"),
    "body": ("practice", "body"),
    "pause": ("practice", "pause"),
    "colour": ("colour", ""),
    "air": ("air", ""),
    "home": ("home", ""),
    "support": ("support", ""),
    "help": ("menu", ""),
}
"""What each word of the manifest is to begin."""


def faults(manifest: dict[str, Any], *languages: dict[str, Any]) -> list[str]:
    """What Microsoft's schemas find."""
    told = json.dumps({"manifest": manifest, "languages": languages})
    done = subprocess.run(
        node("validate.cjs"), input=told, capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


@pytest.fixture
def parts(library: Library) -> dict[str, bytes]:
    """What lies in the zip."""
    with ZipFile(io.BytesIO(package(APP, library.words, "sv"))) as zipped:
        assert zipped.testzip() is None
        return {name: zipped.read(name) for name in zipped.namelist()}


@pytest.fixture
def made(parts: dict[str, bytes]) -> dict[str, Any]:
    return json.loads(parts["manifest.json"])


def test_microsofts_schemas(parts: dict[str, bytes], made: dict[str, Any]) -> None:
    """The manifest, and each of its other languages, is as Microsoft's own schemas want it."""
    languages = [json.loads(data) for name, data in parts.items() if re.match(r"\w\w\.json", name)]
    assert languages
    assert faults(made, *languages) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda made: made.update(version=1),
        lambda made: made.update(surprise=True),
        lambda made: made["bots"][0].update(scopes=["everywhere"]),
        lambda made: made["description"].update(short="x" * 81),
    ],
)
def test_the_schemas_see_faults(
    made: dict[str, Any], spoil: Callable[[dict[str, Any]], None]
) -> None:
    """What looks at the manifest is the real schema: a fault is told."""
    spoilt = copy.deepcopy(made)
    spoil(spoilt)
    assert faults(spoilt)
    assert faults(made, {"name.short": "x" * 31})


def test_the_same_each_time(library: Library) -> None:
    """The same words make the same bytes, so that anybody can make the package anew and compare."""
    assert package(APP, library.words, "sv") == package(APP, library.words, "sv")
    with ZipFile(io.BytesIO(package(APP, library.words, "sv"))) as zipped:
        assert {entry.date_time[0] for entry in zipped.infolist()} == {1980}
        assert {entry.compress_type for entry in zipped.infolist()} == {0}


def test_every_file_is_named(parts: dict[str, bytes], made: dict[str, Any]) -> None:
    """The zip has what the manifest names, at its top, and nothing else."""
    languages = [each["file"] for each in made["localizationInfo"]["additionalLanguages"]]
    assert set(parts) == {"manifest.json", *made["icons"].values(), *languages}


def test_every_language(library: Library, made: dict[str, Any]) -> None:
    """Each language of the catalogs is there: one as the app's own, the others beside it."""
    told = made["localizationInfo"]
    tags = [each["languageTag"] for each in told["additionalLanguages"]]
    assert {told["defaultLanguageTag"], *tags} == set(library.words)
    for words in library.words.values():
        said = localization(words)
        commands = sum(len(each["commands"]) for each in made["bots"][0]["commandLists"])
        assert sum("].title" in key for key in said) == commands


def test_the_least(made: dict[str, Any]) -> None:
    """The app can do nothing but talk: no tabs, no graph, no channels' messages, no devices."""
    assert set(made) == {
        "$schema", "manifestVersion", "id", "version", "developer", "name", "description", "icons",
        "accentColor", "localizationInfo", "bots", "defaultInstallScope", "permissions",
        "validDomains",
    }  # fmt: skip
    assert made["permissions"] == [*PERMISSIONS]
    assert made["bots"][0]["scopes"] == [*SCOPES]
    assert made["validDomains"] == []
    assert made["defaultInstallScope"] == "personal"


def test_the_guide_gives_the_reasons() -> None:
    """The guide's tables are the lists in the code."""
    text = (ROOT / "docs" / "teams.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE))
    assert rows == {**SCOPES, **PERMISSIONS}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("id", ALONE)
def test_suggested_words_are_understood(library: Library, language: str, id: str) -> None:
    """Each word that Teams suggests begins what it says, in its own language."""
    word = library.words[language](f"teams.{id}")
    found = command.find(word, language, library.lexicons)
    assert found
    assert found.sure
    assert found.command
    assert (found.command.flow, found.command.topic) == FLOWS[id]


def test_among_others_nothing_telling_is_suggested(made: dict[str, Any]) -> None:
    """In a channel, where others see it, nobody is invited to write what they may need."""
    assert set(AMONG) <= {"pause", "help"}
    (among,) = (each for each in made["bots"][0]["commandLists"] if "team" in each["scopes"])
    assert [each["title"] for each in among["commands"]] == ["paus", "hjälp"]


def test_no_other_platform_is_named(parts: dict[str, bytes]) -> None:
    """Teams refuses apps that speak of others."""
    for name, data in parts.items():
        if name.endswith(".json"):
            assert b"slack" not in data.lower(), name


def test_icons(parts: dict[str, bytes]) -> None:
    """A full picture without holes, and an outline that is white and otherwise nothing."""
    color = Image.open(io.BytesIO(parts["color.png"]))
    assert (color.size, color.mode) == ((192, 192), "RGB")
    outline = Image.open(io.BytesIO(parts["outline.png"])).convert("RGBA")
    assert outline.size == (32, 32)
    pixels = list(outline.get_flattened_data())
    assert {pixel[:3] for pixel in pixels if pixel[3]} == {(255, 255, 255)}
    assert 0 < sum(pixel[3] > 0 for pixel in pixels) < 512


@pytest.mark.parametrize("key", LONGEST)
def test_words_that_do_not_fit(key: str) -> None:
    """A word that is too long for Teams, or missing, is told by its key."""

    def words(length: int) -> Words:
        def say(each: str) -> str:
            return "x" * length if each == key else "y"

        return Words("sv", say, lambda one, _many, _n: one)

    if key != "teams.more":
        package(APP, {"sv": words(LONGEST[key])}, "sv")
    with pytest.raises(ContentError, match=key):
        package(APP, {"sv": words(LONGEST[key] + 1)}, "sv")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"organisation": "x" * 33}, "--organisation"),
        ({"organisation": ""}, "--organisation"),
        ({"website": "http://landa.se"}, "--website"),
        ({"privacy": "landa.se"}, "--privacy"),
        ({"terms": ""}, "--terms"),
    ],
)
def test_who_runs_it(fields: dict[str, str], told: str) -> None:
    """An organisation or an address that Teams would refuse is told by the option's name."""
    fields = {"organisation": "x", "website": ABOUT, "privacy": ABOUT, "terms": ABOUT} | fields
    with pytest.raises(SettingsError, match=told):
        App(ID, "0.1.0", **fields)


def test_the_command(tmp_path: Path) -> None:
    """`landa teams package` writes the zip, or says in one sentence each what is missing."""
    ask = [COMMAND, "teams", "package", "--out", "app.zip", "--organisation", "Piteå kommun"]
    bare = subprocess.run(
        ask, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert bare.returncode == 2
    assert [line.split(":")[0] for line in bare.stderr.splitlines()] == [
        "MicrosoftAppId",
        "PUBLIC_URL",
    ]
    assert not (tmp_path / "app.zip").exists()
    settings = {
        "MicrosoftAppId": ID,
        "MicrosoftAppPassword": "secret",
        "MicrosoftAppTenantId": ID,
        "PUBLIC_URL": "https://landa.example.se",
        "LANDA_SECRET_KEYS": KEY,
    }
    done = subprocess.run(
        ask,
        cwd=tmp_path,
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    with ZipFile(tmp_path / "app.zip") as zipped:
        made = json.loads(zipped.read("manifest.json"))
    assert made["bots"][0]["botId"] == ID
    assert made["developer"]["name"] == "Piteå kommun"
    assert made["developer"]["privacyUrl"] == ABOUT
    assert "secret" not in json.dumps(made)
