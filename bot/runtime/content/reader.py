"""The shapes of the content files, read strictly: a fault is noted and reading goes on."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.errors import ContentError
from bot.core.plain import shown

ROOT = Path(__file__).parents[3]
LARGEST_FILE = 256 * 1024
FAULTS_MAX = 20
"""So many faults of one file are told; after those, only that there are more."""

Seconds = Annotated[int, Field(ge=0, le=3600)]
Text = Annotated[str, Field(max_length=2000)]
"""Far more than a slip may say; what is longer is not even looked at."""


class File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class StepFile(File):
    breathe: str | None = None
    times: Annotated[int, Field(le=200)] = 1
    say: Seconds | None = None
    ask: Seconds | None = None
    choose: Seconds | None = None
    options: list[str] = []


class FactsFile(File):
    seconds: Seconds
    circle: str
    evidence: str
    sources: list[str]
    where: list[str]
    requires: list[str] = []
    steps: list[StepFile]


class OptionFile(File):
    label: Text
    reply: Text


class WordsFile(File):
    title: Text
    why: Text
    steps: list[Text]
    options: dict[str, OptionFile] = {}


class SupportFact(File):
    id: str
    phone: str
    source: str
    checked: date
    hours: str = ""


class SupportFile(File):
    lines: list[SupportFact]


class LabelFile(File):
    label: str


class PhraseList(File):
    words: list[str] = []
    phrases: list[str] = []
    endings: list[str] = []


class TimesFile(File):
    remind: list[str]
    at: list[str]
    within: list[str]
    minutes: list[str]
    hours: list[str]
    joins: list[str]
    am: list[str] = []
    pm: list[str] = []
    idle: list[str] = []
    amounts: dict[str, Annotated[int, Field(gt=0)]]


class LexiconFile(File):
    name: str
    complete: bool = True
    commands: dict[str, list[str]]
    stop: PhraseList
    thanks: PhraseList
    yes: PhraseList
    no: PhraseList
    crisis: PhraseList
    address: PhraseList
    forbidden: PhraseList
    promises: PhraseList
    event: PhraseList
    nameless: PhraseList
    times: TimesFile


class SourceFile(File):
    text: str
    doi: str = ""
    url: str = ""
    seen: bool = False


class PackFile(File):
    """pack.toml. Its name is what people are shown as the source of its slips."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    author: Annotated[str, Field(max_length=60)] = ""
    licence: Annotated[str, Field(max_length=60)] = ""


class PackSourceFile(File):
    """What a pack knows something from. A doi, and no address of its own."""

    text: Annotated[str, Field(min_length=1, max_length=300)]
    doi: Annotated[str, Field(pattern=r"^(10\.\d{4,9}/[\w.;()/:-]{1,100})?$")] = ""
    seen: bool = False


T = TypeVar("T", bound=File)


class Reader:
    """faults: in the order they were found.

    files  what there is to read, by path; None: whatever is on the disk.
    most   after so many faults there is no use in reading on.
    """

    def __init__(self, files: Mapping[Path, bytes] | None = None, most: int = 10_000) -> None:
        self.faults: list[ContentError] = []
        self._most = most
        self._told: set[str] = set()
        self._files = files

    def fault(self, path: Path, key: str, why: str) -> None:
        """Noted once, however often it is met."""
        short = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        fault = ContentError(shown(str(short), 400), shown(key), shown(why))
        if str(fault) not in self._told:
            self._told.add(str(fault))
            self.faults.append(fault)

    @property
    def full(self) -> bool:
        return len(self.faults) >= self._most

    def toml(self, path: Path, shape: type[T]) -> T | None:
        values = self.values(path)
        return None if values is None else self.shaped(path, "", values, shape)

    def shaped(self, path: Path, under: str, values: object, shape: type[T]) -> T | None:
        """*values*, found in *path* under the key *under*, as *shape*."""
        try:
            return shape.model_validate(values)
        except ValidationError as wrong:
            for error in wrong.errors(include_url=False)[:FAULTS_MAX]:
                key = ".".join(map(str, (under, *error["loc"]) if under else error["loc"]))
                self.fault(path, key, error["msg"])
            if (more := wrong.error_count() - FAULTS_MAX) > 0:
                self.fault(path, "", f"has {more} faults more of this sort")
            return None

    def values(self, path: Path) -> dict[str, Any] | None:
        try:
            return None if (raw := self._bytes(path)) is None else tomllib.loads(raw.decode())
        except FileNotFoundError:
            self.fault(path, "", "is missing")
        except UnicodeDecodeError as wrong:
            line = wrong.object.count(b"\n", 0, wrong.start) + 1
            self.fault(path, "", f"cannot be read: is not UTF-8 (at line {line})")
        except RecursionError:
            self.fault(path, "", "cannot be read: is nested too deeply")
        except ValueError as wrong:  # tomllib's own; and Python's, about a number of 5000 digits
            self.fault(path, "", f"cannot be read: {wrong}")
        return None

    def _bytes(self, path: Path) -> bytes | None:
        if self._files is not None:
            if path not in self._files:
                raise FileNotFoundError
            return self._files[path]
        if path.stat().st_size > LARGEST_FILE:
            self.fault(path, "", f"is larger than {LARGEST_FILE // 1024} kB")
            return None
        return path.read_bytes()
