"""The operator's site file: who is there to help at this workplace, in each workspace and team."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.core.errors import SettingsError
from bot.core.plain import UNSEEN, shown
from bot.core.site import OnCall, Part, Site
from bot.runtime.keylines import Key, line_of, lines

EXAMPLE = Path(__file__).parents[2] / "docs" / "site.example.toml"
LARGEST_FILE = 256 * 1024
FAULTS_MAX = 20
ON_CALL_MAX = 5
TOGETHER: Mapping[Part, frozenset[str]] = {
    "health": frozenset({"health_name", "health_phone"}),
    "incident": frozenset({"incident_url"}),
    "safety": frozenset({"safety_rep", "safety_rep_phone"}),
    "on_call": frozenset({"on_call"}),
}
"""Keys of one part come from one place: a name never gets the number of another's."""
_PHONE = re.compile(r"[+0-9 ()-]*")
_URL = re.compile(r"(https://\S+)?")
_WHY = {
    "extra_forbidden": "is not a key of the site file",
    "missing": "is missing",
    "string_type": "must be words in quotation marks",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "is empty",
    "too_long": "has more than {max_length}",
    "dict_type": "must be a table, such as [workspace.T0123456]",
    "model_type": "must be a table, such as [workspace.T0123456]",
    "list_type": 'must be a list, such as [{{ name = "...", phone = "..." }}]',
}


def _line(value: str) -> str:
    if any(unicodedata.category(each) in UNSEEN for each in value) or "*" in value:
        raise ValueError("has a character that cannot be shown on a card")
    return value


def _phone(value: str) -> str:
    if not _PHONE.fullmatch(value):
        raise ValueError("is not a telephone number: digits, spaces, +, - and brackets")
    return value


def _url(value: str) -> str:
    if not _URL.fullmatch(value):
        raise ValueError("is not an address that begins with https://")
    return value


Name = Annotated[str, Field(max_length=80), AfterValidator(_line)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_phone)]
Url = Annotated[str, Field(max_length=500), AfterValidator(_line), AfterValidator(_url)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class _OnCall(_Strict):
    name: Annotated[Name, Field(min_length=1)]
    phone: Annotated[Phone, Field(min_length=1, max_length=19)]  # a button says it
    when: Annotated[Name, Field(max_length=60)] = ""


class _Place(_Strict):
    health_name: Name = ""
    health_phone: Phone = ""
    incident_url: Url = ""
    safety_rep: Name = ""
    safety_rep_phone: Phone = ""
    on_call: Annotated[list[_OnCall], Field(max_length=ON_CALL_MAX)] = []


class _Workspace(_Place):
    team: dict[str, _Place] = {}


class _File(_Place):
    closed: frozenset[date] = Field(default=frozenset(), max_length=400, strict=False)
    workspace: dict[str, _Workspace] = {}


@dataclass(frozen=True, slots=True)
class Sites:
    """What holds where.

    everywhere  where nothing else is said.
    places      (workspace, team) -> what holds there; (workspace, "") for the rest of it. Ids are
                the platform's own.
    """

    everywhere: Site
    places: Mapping[tuple[str, str], Site] = field(default_factory=dict[tuple[str, str], Site])

    def at(self, workspace: str, team: str = "") -> Site:
        """team: "" where nobody knows which."""
        if not self.places:
            return self.everywhere
        places = self.places
        return places.get((workspace, team)) or places.get((workspace, "")) or self.everywhere

    def gaps(self) -> Iterator[tuple[str, tuple[Part, ...]]]:
        """Each place of which nobody has said all, by its name in the file, and what is missing.
        What is said for everywhere must be whole where no workspace has a table of its own.
        """
        places = self.places or {("", ""): self.everywhere}
        for (workspace, team), site in places.items():
            if site.missing:
                ids = f"workspace.{workspace}", f"team.{team}"
                yield ".".join(ids if team else ids[: bool(workspace)]), site.missing


def read(path: Path | None) -> Sites:
    """raises  SettingsError with every fault of the file."""
    if path is None:
        return Sites(Site())
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise SettingsError((f"LANDA_SITE: is larger than {LARGEST_FILE // 1024} kB.",))
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise SettingsError((f"LANDA_SITE: is not TOML: {shown(str(wrong), 120)}.",)) from None
    except (OSError, UnicodeDecodeError, RecursionError, ValueError) as wrong:
        raise SettingsError((f"LANDA_SITE: cannot be read ({type(wrong).__name__}).",)) from None
    try:
        return _resolved(_File.model_validate(values))
    except ValidationError as wrong:
        raise SettingsError(tuple(_faults(wrong, text))) from None


def _resolved(file: _File) -> Sites:
    everywhere = replace(_inherited(Site(), file), closed=file.closed)
    places: dict[tuple[str, str], Site] = {}
    for workspace, said in file.workspace.items():
        whole = _inherited(everywhere, said)
        places[workspace, ""] = whole
        for team, said_there in said.team.items():
            places[workspace, team] = _inherited(whole, said_there)
    return Sites(everywhere, places)


def _inherited(above: Site, said: _Place) -> Site:
    """*above*, but each part of which *said* says anything as it says."""
    site = above
    for part, keys in TOGETHER.items():
        if keys & said.model_fields_set:
            values = {key: value for key, value in said if key in keys}
            if part == "on_call":
                values = {part: tuple(OnCall(**each.model_dump()) for each in said.on_call)}
            none = site.none - {part} if any(values.values()) else site.none | {part}
            site = replace(site, **values, none=none)
    return site


def _faults(wrong: ValidationError, text: str) -> Iterator[str]:
    found = lines(text)
    for error in wrong.errors(include_url=False, include_input=False)[:FAULTS_MAX]:
        key: Key = error["loc"]
        line = line_of(key, found)
        where = f" (line {line})" if line else ""
        name = shown(".".join(map(str, key)), 120)
        yield f"LANDA_SITE: {name}: {_why(error)}{where}."
    if (more := wrong.error_count() - FAULTS_MAX) > 0:
        yield f"LANDA_SITE: has {more} faults more of this sort."


def _why(error: Mapping[str, Any]) -> str:
    why: str = _WHY.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    told = why.format_map(error.get("ctx", {}))
    if error["type"] != "extra_forbidden":
        return told
    if error["loc"][-1] == "closed":
        return "is only for the whole site, above every table"
    known = (*_File.model_fields, "team", "name", "phone", "when")
    near = get_close_matches(str(error["loc"][-1]), known, 1)
    return f"{told}; is {near[0]} meant?" if near else told
