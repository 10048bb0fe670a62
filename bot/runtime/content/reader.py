"""The shapes of the content files, read strictly: a fault is noted and reading goes on."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.errors import ContentError

ROOT = Path(__file__).parents[3]
LARGEST_FILE = 256 * 1024


class File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class StepFile(File):
    breathe: str | None = None
    times: int = 1
    say: int | None = None
    ask: int | None = None
    choose: int | None = None
    options: list[str] = []


class FactsFile(File):
    seconds: int
    circle: str
    evidence: str
    sources: list[str]
    where: list[str]
    requires: list[str] = []
    steps: list[StepFile]


class OptionFile(File):
    label: str
    reply: str


class WordsFile(File):
    title: str
    why: str
    steps: list[str]
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


T = TypeVar("T", bound=File)


class Reader:
    """faults: in the order they were found."""

    def __init__(self) -> None:
        self.faults: list[ContentError] = []

    def fault(self, path: Path, key: str, why: str) -> None:
        """Noted once, however often it is met."""
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        fault = ContentError(str(shown), key, why)
        if str(fault) not in map(str, self.faults):
            self.faults.append(fault)

    def toml(self, path: Path, shape: type[T]) -> T | None:
        values = self.values(path)
        return None if values is None else self.shaped(path, "", values, shape)

    def shaped(self, path: Path, under: str, values: object, shape: type[T]) -> T | None:
        """*values*, found in *path* under the key *under*, as *shape*."""
        try:
            return shape.model_validate(values)
        except ValidationError as wrong:
            for error in wrong.errors():
                key = ".".join(map(str, (under, *error["loc"]) if under else error["loc"]))
                self.fault(path, key, error["msg"])
            return None

    def values(self, path: Path) -> dict[str, Any] | None:
        try:
            if path.stat().st_size > LARGEST_FILE:
                self.fault(path, "", f"is larger than {LARGEST_FILE // 1024} kB")
                return None
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.fault(path, "", "is missing")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as wrong:
            self.fault(path, "", f"cannot be read: {wrong}")
        return None
