"""All content into one read-only Library, with every fault found on the way."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polib

from bot.core.errors import ContentError
from bot.core.exercise import Exercise
from bot.core.lexicon import Command, Lexicon, TimeWords, fold
from bot.core.library import Library, Source, SupportLine
from bot.core.proof import fact_problems, word_problems
from bot.runtime.content import catalogs as cats
from bot.runtime.content import folder, pack, slips
from bot.runtime.content.reader import (
    ROOT,
    LabelFile,
    LexiconFile,
    Reader,
    SourceFile,
    SupportFile,
    TimesFile,
)

CONTENT = ROOT / "exercises"
NUMBERS_GOOD_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Content:
    """library: what could be read; to be used only when there are no faults."""

    library: Library
    faults: tuple[ContentError, ...]


def read(
    content: Path = CONTENT, catalogs: Path = cats.CATALOGS, packs: Sequence[Path] = ()
) -> Content:
    """Everything Landa says and understands, in every language that has a lexicon.

    packs  folders that are a pack, or hold some.
    """
    reader = Reader()
    found = cats.catalogs(catalogs, reader)
    lexicons = {
        path.stem: lexicon
        for path in sorted((content / "lexicon").glob("*.toml"))
        if (lexicon := _lexicon(path, reader))
    }
    for language in lexicons.keys() ^ found.keys():
        missing = "a lexicon" if language in found else "a catalog"
        reader.fault(content / "lexicon" / f"{language}.toml", "", f"the language lacks {missing}")
    languages = sorted(lexicons.keys() & found.keys(), key=lambda each: (each != cats.SOURCE, each))
    paths = sorted((content / "slips").glob("*/*.toml"))
    facts = list(slips.facts(paths, reader))
    sources = _sources(content, facts, reader)
    spoken = {language: lexicons[language] for language in languages}
    added = list(_packs(packs, spoken, sources.keys(), reader))
    library = Library(
        exercises={
            language: _exercises(facts, lexicons[language], set(paths), reader)
            | {id: slip for each in added for id, slip in each.exercises[language].items()}
            for language in languages
        },
        words={language: cats.words(language, found) for language in languages},
        lexicons=spoken,
        support={language: _support(content, language, reader) for language in languages},
        sources={**sources, **{key: each.sources[key] for each in added for key in each.sources}},
    )
    _check_words(languages, found, lexicons, reader)
    return Content(library, tuple(reader.faults))


def old_numbers(library: Library, today: date) -> list[SupportLine]:
    """The crisis numbers that nobody has looked up for a year."""
    lines = next(iter(library.support.values()), ())
    return [line for line in lines if today - line.checked > NUMBERS_GOOD_FOR]


def _lexicon(path: Path, reader: Reader) -> Lexicon | None:
    file = reader.toml(path, LexiconFile)
    if file is None:
        return None
    commands: dict[str, Command] = {}
    for target, typed in file.commands.items():
        flow, _, topic = target.partition(".")
        for word in map(fold, typed):
            if word in commands and commands[word] != Command(flow, topic, path.stem):
                reader.fault(path, f"commands.{target}", f"{word!r} already starts something else")
            commands[word] = Command(flow, topic, path.stem)

    return Lexicon(
        path.stem,
        file.name,
        commands,
        frozenset(_folded(file.stop.words)),
        frozenset(_folded(file.thanks.words)),
        frozenset(_folded(file.yes.words)),
        frozenset(_folded(file.no.words)),
        _folded(file.crisis.phrases),
        frozenset(_folded(file.address.words)),
        _folded(file.address.endings),
        _folded(file.forbidden.words),
        _folded(file.promises.phrases),
        _folded(file.event.phrases),
        _folded(file.nameless.phrases),
        _times(file.times),
        file.complete,
    )


def _folded(phrases: list[str]) -> tuple[str, ...]:
    return tuple(word for phrase in phrases if (word := fold(phrase)))


def _times(file: TimesFile) -> TimeWords:
    return TimeWords(
        _folded(file.remind),
        _folded(file.at),
        _folded(file.within),
        _folded(file.minutes),
        _folded(file.hours),
        _folded(file.joins),
        _folded(file.am),
        _folded(file.pm),
        _folded(file.idle),
        {fold(amount): minutes for amount, minutes in file.amounts.items()},
    )


def _exercises(
    facts: list[slips.Facts], lexicon: Lexicon, there: AbstractSet[Path], reader: Reader
) -> dict[str, Exercise]:
    found: dict[str, Exercise] = {}
    for path, file in facts:
        if not lexicon.complete and path.with_suffix(f".{lexicon.language}.toml") not in there:
            continue
        if exercise := slips.slip(path, file, lexicon.language, reader):
            found[exercise.id] = exercise
            for key, why in fact_problems(exercise):
                reader.fault(path, key, why)
            for key, why in word_problems(exercise, lexicon):
                reader.fault(path.with_suffix(f".{lexicon.language}.toml"), key, why)
    return found


def _packs(
    roots: Sequence[Path],
    lexicons: Mapping[str, Lexicon],
    known: AbstractSet[str],
    reader: Reader,
) -> Iterator[pack.Unpacked]:
    taken: dict[str, Path] = {}
    for path in (path for root in roots for path in folder.packs_in(root, reader)):
        if path.name in taken:
            reader.fault(path, "", f"the name is taken by {taken[path.name]}")
            continue
        taken[path.name] = path
        if (files := folder.files_of(path, reader)) is None:
            continue
        each = pack.unpack(path, files, lexicons, known)
        for fault in each.faults:
            reader.fault(Path(fault.path), fault.key, fault.why)
        yield each


def _sources(content: Path, facts: list[slips.Facts], reader: Reader) -> dict[str, Source]:
    path = content / "bibliography.toml"
    entries = reader.values(path) or {}
    found: dict[str, Source] = {}
    for key, values in entries.items():
        if read := reader.shaped(path, key, values, SourceFile):
            found[key] = Source(read.text, f"{pack.DOI}{read.doi}" if read.doi else read.url)
    for slip, file in facts:
        for source in file.sources:
            if source not in entries:
                reader.fault(slip, "sources", f"{source!r} is not in bibliography.toml")
    return found


def _support(content: Path, language: str, reader: Reader) -> tuple[SupportLine, ...]:
    file = reader.toml(content / "support.toml", SupportFile)
    path = content / f"support.{language}.toml"
    labels = reader.values(path) or {}
    lines: list[SupportLine] = []
    for fact in file.lines if file else []:
        label = reader.shaped(path, fact.id, labels.get(fact.id, {}), LabelFile)
        if label:
            lines.append(SupportLine(fact.id, fact.phone, label.label, fact.checked))
    return tuple(lines)


def _check_words(
    languages: list[str],
    found: dict[str, polib.POFile],
    lexicons: dict[str, Lexicon],
    reader: Reader,
) -> None:
    meanings: dict[str, Command] = {}
    for language in languages:
        cats.check(language, found, lexicons[language], reader)
        for word, command in lexicons[language].commands.items():
            other = meanings.setdefault(word, command)
            if (other.flow, other.topic) != (command.flow, command.topic):
                path = CONTENT / "lexicon" / f"{language}.toml"
                reader.fault(
                    path, "commands", f"{word!r} starts something else in {other.language}"
                )
