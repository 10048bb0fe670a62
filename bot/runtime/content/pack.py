"""A pack: slips from outside the stock, as the same plain files. Pure: files come and go as bytes.

    files = pack.files(Label("Vår låda", "Familjeteamet"), {"sv": slips})        to be downloaded
    read = pack.unpack(Path("var-lada"), {Path("var-lada") / name: raw ...}, lexicons, set())
    read.faults                                  each with file and key; if any, use nothing
    read.exercises["sv"]["var-lada.five-minutes"]                                to be drawn

The names in `files` are relative, with "/" between their parts ("slips/question/air.sv.toml"), the
shape that `exercises/README.md` explains. What goes out by `files` comes in by `unpack` unchanged.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path

import tomli_w

from bot.core.errors import ContentError
from bot.core.exercise import Answer, AskStep, BreatheStep, ChooseStep, Exercise, SayStep, Step
from bot.core.lexicon import Lexicon
from bot.core.library import Source
from bot.core.plain import oddities
from bot.core.proof import Fault, fact_problems, word_problems, wording
from bot.runtime.content import slips
from bot.runtime.content.folder import MARK
from bot.runtime.content.reader import FactsFile, PackFile, PackSourceFile, Reader

DOI = "https://doi.org/"
FAULTS_MAX = 60
"""So many faults of one pack are told; the rest when those are mended."""
PRACTICE = "practice"
"""The source of what nobody has studied; in the stock's bibliography."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a pack says of itself: its name (1..60 characters), who made it, how it may be used."""

    name: str
    author: str = ""
    licence: str = ""

    @property
    def source(self) -> Source:
        return Source(f"{self.name}, {self.author}" if self.author else self.name)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """exercises: by language, then by "<pack>.<name of its file>". sources: those of its own, and
    itself under its own name. To be used only when there are no faults."""

    label: Label
    exercises: Mapping[str, Mapping[str, Exercise]] = field(repr=False)
    sources: Mapping[str, Source]
    faults: tuple[ContentError, ...]


def unpack(
    root: Path,
    files: Mapping[Path, bytes],
    lexicons: Mapping[str, Lexicon],
    known: AbstractSet[str],
) -> Unpacked:
    """A pack's slips, with every fault in them.

    root   its folder; the last part is its name: small letters, digits and hyphens.
    files  by their whole paths, under *root*.
    known  the sources that there are outside the pack.
    """
    reader = Reader(files, FAULTS_MAX)
    label = _label(root, reader)
    own = _sources(root, files, reader)
    paths = [path for path in files if path.parent.parent == root / "slips"]
    if not paths:
        reader.fault(root, "", "has no slips")
    for path in paths:
        _known_language(path, lexicons, reader)
    facts = list(slips.facts(paths, reader))
    _check(facts, set(paths), known | own.keys(), reader)
    exercises = {
        language: {
            slip.id: slip
            for path, file in facts
            if path.with_suffix(f".{language}.toml") in files
            and (slip := _slip(path, file, lexicon, reader))
        }
        for language, lexicon in lexicons.items()
    }
    named = {
        language: {f"{root.name}.{id}": _of_pack(slip, root.name, own) for id, slip in box.items()}
        for language, box in exercises.items()
    }
    sources = {root.name: label.source, **{f"{root.name}.{key}": own[key] for key in own}}
    return Unpacked(label, named, sources, tuple(reader.faults))


def _label(root: Path, reader: Reader) -> Label:
    path = root / MARK
    if (file := reader.toml(path, PackFile)) is None:
        return Label(root.name)
    for key, text in file.model_dump().items():
        for why in oddities(text):
            reader.fault(path, key, why)
    return Label(file.name, file.author, file.licence)


def _sources(root: Path, files: Mapping[Path, bytes], reader: Reader) -> dict[str, Source]:
    path = root / "bibliography.toml"
    if path not in files:
        return {}
    found: dict[str, Source] = {}
    for key, values in (reader.values(path) or {}).items():
        if read := reader.shaped(path, key, values, PackSourceFile):
            found[key] = Source(read.text, f"{DOI}{read.doi}" if read.doi else "")
            for why in oddities(read.text):
                reader.fault(path, f"{key}.text", why)
    return found


def _known_language(path: Path, lexicons: Mapping[str, Lexicon], reader: Reader) -> None:
    language = path.suffixes[0][1:]
    if len(path.suffixes) > 1 and language not in lexicons:
        reader.fault(path, "", f"has words in {language!r}; Landa speaks {', '.join(lexicons)}")


def _check(
    facts: Sequence[slips.Facts], there: AbstractSet[Path], known: AbstractSet[str], reader: Reader
) -> None:
    worded = {slips.facts_of(path) for path in there if len(path.suffixes) > 1}
    for path, file in facts:
        if path not in worded:
            reader.fault(path, "", "has no words: a file such as " + f"{path.stem}.sv.toml")
        for source in file.sources:
            if source not in known:
                reader.fault(path, "sources", f"{source!r} is in no bibliography.toml")


def _slip(path: Path, file: FactsFile, lexicon: Lexicon, reader: Reader) -> Exercise | None:
    slip = slips.slip(path, file, lexicon.language, reader)
    if slip:
        for key, why in fact_problems(slip):
            reader.fault(path, key, why)
        for key, why in word_problems(slip, lexicon):
            reader.fault(path.with_suffix(f".{lexicon.language}.toml"), key, why)
    return slip


def _of_pack(slip: Exercise, name: str, own: Mapping[str, Source]) -> Exercise:
    """*slip* under a name that no other pack's can have, the pack itself among its sources."""
    sources = (f"{name}.{key}" if key in own else key for key in slip.sources)
    return replace(slip, id=f"{name}.{slip.id}", sources=(*sources, name))


def label_problems(label: Label, lexicon: Lexicon) -> list[Fault]:
    """What is wrong with what a pack is to be called."""
    named = (("name", label.name), ("author", label.author), ("licence", label.licence))
    return [(key, why) for key, text in named for why in (*oddities(text), *wording(text, lexicon))]


def files(label: Label, exercises: Mapping[str, Sequence[Exercise]]) -> dict[str, bytes]:
    """The plain files of a pack with *exercises*, by language. The same slips, the same bytes.

    A slip has one id in all its languages. Of an id such as "var-lada.air" the last part counts,
    and two slips whose last parts are the same are one. Its sources are left out, but for
    "practice": what else they name lies in another bibliography.
    """
    said = {"name": label.name, "author": label.author, "licence": label.licence}
    made = {MARK: _toml({key: text for key, text in said.items() if text})}
    for language in sorted(exercises):
        for slip in sorted(exercises[language], key=lambda slip: slip.id):
            stem = f"slips/{slip.kind}/{slip.id.rpartition('.')[2]}"
            made[f"{stem}.toml"] = _toml(_facts(slip))
            made[f"{stem}.{language}.toml"] = _toml(_words(slip))
    return made


def _toml(values: Mapping[str, object]) -> bytes:
    return tomli_w.dumps(values).encode()


def _facts(slip: Exercise) -> dict[str, object]:
    return {
        "seconds": slip.seconds,
        "circle": slip.circle,
        "evidence": slip.evidence,
        "sources": [PRACTICE],
        "where": list(slip.where),
        "requires": list(slip.requires),
        "steps": [_step(step) for step in slip.steps],
    }


def _step(step: Step) -> dict[str, object]:
    match step:
        case SayStep(_, seconds):
            return {"say": seconds}
        case AskStep(_, seconds):
            return {"ask": seconds}
        case BreatheStep(_, phases, times):
            rhythm = ", ".join(f"{phase.move} {phase.seconds:g}" for phase in phases)
            return {"breathe": rhythm, "times": times}
        case ChooseStep(_, seconds, answers):
            return {"choose": seconds, "options": [answer.id for answer in answers]}


def _words(slip: Exercise) -> dict[str, object]:
    said: dict[str, object] = {
        "title": slip.title,
        "why": slip.why,
        "steps": [step.text for step in slip.steps],
    }
    answers = [a for step in slip.steps if isinstance(step, ChooseStep) for a in step.answers]
    return said | ({"options": {a.id: _option(a) for a in answers}} if answers else {})


def _option(answer: Answer) -> dict[str, str]:
    return {"label": answer.label, "reply": answer.reply}
