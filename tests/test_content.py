"""The content: complete, true to its own rules, and clear about what is wrong with it."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.core import offer
from bot.core.box import DECKS
from bot.core.context import Context
from bot.core.errors import ContentError
from bot.core.exercise import KINDS
from bot.core.library import Library
from bot.flows import FLOWS, land, practice
from bot.runtime import content
from bot.runtime.content.catalogs import CATALOGS
from bot.runtime.content.library import CONTENT, old_numbers
from tests.chat import OPENS, SLIPS, STOCK, TRANSCRIPTS, acts, draft, header

SV, EN = "sv/LC_MESSAGES/landa.po", "en/LC_MESSAGES/landa.po"


def test_faultless() -> None:
    """What is delivered has no faults."""
    assert content.read().faults == ()


@pytest.mark.parametrize("kinds", [*land.KINDS.values(), offer.GROUNDED, offer.CALM, offer.SLOWER])
def test_short_offers(kinds: tuple[str, ...], library: Library) -> None:
    """Whatever is wished for, there is a slip that takes 20-90 s at a desk and needs nothing."""
    least, most = offer.FIRST_S
    for box in library.exercises.values():
        fitting = [
            slip
            for slip in box.values()
            if slip.kind in kinds
            and least <= slip.seconds <= most
            and not slip.requires
            and "desk" in slip.where
        ]
        assert fitting, kinds


def test_each_slip_has_a_transcript(library: Library) -> None:
    """A slip without a transcript, or a transcript without a slip, is a fault."""
    written = {path.stem for path in SLIPS.glob("*.chat")}
    assert written == set(library.exercises["sv"])


def test_each_transcript_goes_through_its_slip(library: Library) -> None:
    """The transcript of a slip has that slip alone in the box, and goes through all of it."""
    for path in SLIPS.glob("*.chat"):
        slip = library.exercises["sv"][path.stem]
        assert acts(path.read_text(encoding="utf-8")) == draft(slip), path.name


def test_both_languages_have_transcripts() -> None:
    """At least 40 conversations stand as text, and each is held in the language of its name."""
    flows = list(TRANSCRIPTS.glob("*.chat"))
    assert len(flows) >= 40
    for path in flows:
        language = header(path.read_text(encoding="utf-8").splitlines()).get("language", "sv")
        assert path.stem.rpartition("_")[2] == language, path.name


def test_the_stock_is_real(library: Library) -> None:
    """The box that conversations are written with holds slips that there are."""
    assert set(STOCK.split()) <= set(library.exercises["sv"])


def test_every_kind_has_its_word(library: Library) -> None:
    """The word that offers a kind of slip in transcripts is the word that Landa understands."""
    assert set(OPENS) == set(KINDS)
    commands = library.lexicons["sv"].commands
    for kind, word in OPENS.items():
        found = commands[word.translate(str.maketrans("åäö", "aao"))]
        assert (found.topic or found.flow) == kind


TOPICS = {
    "practice": {*KINDS, *practice.WISHES},
    "box": {"", *DECKS},
    "overview": {"", "setup"},
    "question": {"", "post"},
}


def test_every_word_leads_somewhere(library: Library) -> None:
    """Every word starts a conversation that there is, about something that it knows."""
    for lexicon in library.lexicons.values():
        for word, command in lexicon.commands.items():
            assert command.flow in FLOWS, word
            known = TOPICS.get(command.flow, {""})
            assert command.topic in known, word


def test_a_language_that_is_not_whole(tmp_path: Path) -> None:
    """A language with a dozen slips, and texts missing, is whole enough: the rest is Swedish."""
    box = Box(tmp_path)
    box.swap("lexicon/en.toml", 'name = "English"', 'name = "English"\ncomplete = false')
    box.drop(EN, "land.here")
    kept = {"double-sigh", "feet-on-floor", "soft-jaw", "window", "anchor", "you-are-here"}
    for path in box.content.glob("slips/*/*.en.toml"):
        if path.name.split(".")[0] not in kept:
            path.unlink()
    found = content.read(box.content, box.catalogs)
    assert found.faults == ()
    assert set(found.library.exercises["en"]) == kept
    assert found.library.words["en"]("land.here") == found.library.words["sv"]("land.here")
    assert found.library.words["en"].count("card.minutes", 2) == "2 minutes"


def test_no_offer_is_empty(library: Library) -> None:
    """With one slip in the box, whatever is offered is that slip: no card is empty."""
    slip = library.exercises["sv"]["proud-of"]
    small = replace(library, exercises={**library.exercises, "sv": {slip.id: slip}})
    context = Context(datetime(2026, 11, 24, 9, tzinfo=UTC), small, "sv")
    assert offer.short(context, offer.CALM, circle="green") == [slip]
    assert offer.longer(context) == [slip]
    for kind in KINDS:
        assert offer.of_kind(context, kind) == [slip]


def test_old_numbers(library: Library) -> None:
    """A number that nobody has looked up for a year is named."""
    line = library.support["sv"][0]
    assert line not in old_numbers(library, line.checked + timedelta(days=365))
    assert line in old_numbers(library, line.checked + timedelta(days=366))
    assert old_numbers(library, date(2000, 1, 1)) == []


class Box:
    """A copy of all content, to be broken."""

    def __init__(self, root: Path) -> None:
        self.content, self.catalogs = root / "exercises", root / "locale"
        shutil.copytree(CONTENT, self.content)
        shutil.copytree(CATALOGS, self.catalogs)

    def faults(self) -> tuple[ContentError, ...]:
        return content.read(self.content, self.catalogs).faults

    def swap(self, name: str, old: str, new: str) -> None:
        path = self._path(name)
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} no longer has {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def remove(self, name: str) -> None:
        self._path(name).unlink()

    def copy(self, name: str, to: str) -> None:
        for path in list(self.content.glob(f"slips/{name}.*toml")):
            target = self.content / "slips" / f"{to}.{path.name.split('.', 1)[1]}"
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)

    def say(self, catalog: str, key: str, text: str) -> None:
        """Another text under *key*."""
        path = self.catalogs / catalog
        before, found, after = path.read_text(encoding="utf-8").partition(f'msgid "{key}"\n')
        assert found, key
        _, _, rest = after.partition("\n\n")
        path.write_text(f'{before}{found}msgstr "{text}"\n\n{rest}', encoding="utf-8")

    def drop(self, catalog: str, key: str) -> None:
        path = self.catalogs / catalog
        before, found, after = path.read_text(encoding="utf-8").partition(f'msgid "{key}"\n')
        assert found, key
        path.write_text(before + after.partition("\n\n")[2], encoding="utf-8")

    def add(self, catalog: str, key: str, text: str) -> None:
        with (self.catalogs / catalog).open("a", encoding="utf-8") as file:
            file.write(f'\nmsgid "{key}"\nmsgstr "{text}"\n')

    def _path(self, name: str) -> Path:
        root = self.catalogs if name.endswith(".po") else self.content
        return root / name if (root / name).exists() else self.content / "slips" / name


HEAVY = (
    "Verksamhetsutvecklingsmöjligheter återhämtningsorienterade "
    "socialtjänstorganisationer kompetensförsörjningsfrågor "
    "arbetsmiljöförordningar handläggningstidsförkortningar "
    "samverkansöverenskommelser dokumentationsskyldigheter "
    "verksamhetsuppföljningar organisationsförändringar"
)

Break = Callable[[Box], None]
Case = tuple[Break, str, str, str]

BROKEN: dict[str, Case] = {
    "a translation is missing": (
        lambda box: box.remove("breathing/double-sigh.en.toml"),
        "breathing/double-sigh.en.toml",
        "",
        "is missing",
    ),
    "an untrue length": (
        lambda box: box.swap("breathing/double-sigh-long.toml", "= 297", "= 300"),
        "breathing/double-sigh-long.",
        "seconds",
        "says 300 s, but its steps take 297 s",
    ),
    "a word Landa does not use": (
        lambda box: box.swap("breathing/slow-rhythm.sv.toml", 'steps = ["', 'steps = ["Mindful. '),
        "breathing/slow-rhythm.sv.toml",
        "steps[1]",
        "uses 'mindful'",
    ),
    "an exclamation mark": (
        lambda box: box.swap("breathing/three-long-exhales.sv.toml", "inte fler.", "inte fler!"),
        "breathing/three-long-exhales.sv.toml",
        "steps[1]",
        "has an exclamation mark",
    ),
    "a title that is too long": (
        lambda box: box.swap("body/soft-jaw.sv.toml", "Mjuk käke", "En mycket mjuk och tung käke"),
        "body/soft-jaw.sv.toml",
        "title",
        "is 28 characters; at most 24",
    ),
    "a promised effect": (
        lambda box: box.swap("body/slow-shoulders.en.toml", 'why = "', 'why = "Reduces stress. '),
        "body/slow-shoulders.en.toml",
        "why",
        "promises an effect: 'reduces stress'",
    ),
    "a promised figure": (
        lambda box: box.swap("body/turn-your-head.en.toml", 'why = "', 'why = "By 30 percent. '),
        "body/turn-your-head.en.toml",
        "why",
        "promises a figure",
    ),
    "a breath held for too long": (
        lambda box: box.swap("breathing/box.toml", "hold 4", "hold 5"),
        "breathing/box.",
        "steps[1]",
        "a breath is held 5 s; at most 4 s",
    ),
    "a breath of an unknown move": (
        lambda box: box.swap("breathing/small-rest.toml", "rest 2", "sniff 2"),
        "breathing/small-rest.toml",
        "steps",
        "'sniff 2' is not a move",
    ),
    "a source that is not there": (
        lambda box: box.swap("grounding/chair-carries.toml", 'sources = ["', 'sources = ["nn", "'),
        "grounding/chair-carries.toml",
        "sources",
        "'nn' is not in bibliography.toml",
    ),
    "no source": (
        lambda box: box.swap("grounding/cold-water.toml", 'sources = ["practice"]', "sources = []"),
        "grounding/cold-water.",
        "sources",
        "at least one source",
    ),
    "an unknown key": (
        lambda box: box.swap("grounding/feet-on-floor.toml", "seconds", 'colour = "red"\nseconds'),
        "grounding/feet-on-floor.toml",
        "colour",
        "not permitted",
    ),
    "text where a number should be": (
        lambda box: box.swap("grounding/warm-and-cool.toml", "say = 45", 'say = "45"'),
        "grounding/warm-and-cool.toml",
        "steps.0.say",
        "valid integer",
    ),
    "broken TOML": (
        lambda box: box.swap("grounding/listen-outwards.toml", "= 45", "= = 45"),
        "grounding/listen-outwards.toml",
        "",
        "cannot be read",
    ),
    "an id that is taken": (
        lambda box: box.copy("pause/window", "body/window"),
        "pause/window.toml",
        "",
        "the name is taken by body/window.toml",
    ),
    "an unknown kind": (
        lambda box: box.copy("pause/one-song", "dance/one-dance"),
        "dance/one-dance.",
        "kind",
        "'dance' is not one of",
    ),
    "an unknown place": (
        lambda box: box.swap("pause/no-screen.toml", '"desk"', '"moon"'),
        "pause/no-screen.",
        "where",
        "'moon' is not one of",
    ),
    "too short to be read": (
        lambda box: box.swap("pause/at-the-door.toml", "say = 30", "say = 3"),
        "pause/at-the-door.",
        "steps[1]",
        "to read, but has 3 s",
    ),
    "words without facts": (
        lambda box: box.remove("home/close-up.toml"),
        "home/close-up.sv.toml",
        "",
        "there is no file with its facts",
    ),
    "a step without its text": (
        lambda box: box.swap("home/it-can-wait.en.toml", "Choose a day and a time. ", '", "'),
        "home/it-can-wait.en.toml",
        "steps",
        "has 3 texts for 2 steps",
    ),
    "an answer without its words": (
        lambda box: box.swap("pause/which-pause.sv.toml", "[options.company]", "[options.comp]"),
        "pause/which-pause.sv.toml",
        "steps",
        "company",
    ),
    "an empty text": (
        lambda box: box.swap("kindness/good-enough.en.toml", "Good enough today", " "),
        "kindness/good-enough.en.toml",
        "title",
        "is empty",
    ),
    "asking what happened": (
        lambda box: box.swap("after/you-are-here.sv.toml", "Du är här nu. ", "Vad hände? "),
        "after/you-are-here.sv.toml",
        "steps[1]",
        "asks what happened: 'vad hande'",
    ),
    "heavy to read": (
        lambda box: box.swap(
            "pride/proud-of.sv.toml",
            "Det får vara litet.",
            f"{HEAVY}.",
        ),
        "pride/proud-of.sv.toml",
        "steps",
        "reads heavily: LIX",
    ),
    "a fact that is heavy to read": (
        lambda box: box.swap(
            "knowledge/short-breaks.sv.toml", "Skillnaderna var små.", f"{HEAVY} {HEAVY} {HEAVY}."
        ),
        "knowledge/short-breaks.sv.toml",
        "steps",
        "at most 45",
    ),
    "pride that lets names in": (
        lambda box: box.swap("pride/stood-by-it.en.toml", " No names, no cases.", ""),
        "pride/stood-by-it.en.toml",
        "steps",
        "leaves room for clients: a slip about pride says 'no names'",
    ),
    "a question that Landa would hear the answer to": (
        lambda box: box.copy("pause/which-pause", "work/which-work"),
        "work/which-work.",
        "steps",
        "never answered: it has nothing to choose",
    ),
    "a question that asks nothing": (
        lambda box: box.swap("question/asking-for-help.toml", "ask =", "say ="),
        "question/asking-for-help.",
        "steps",
        "has nothing to think about",
    ),
    "a fact that goes away while it is read": (
        lambda box: box.swap("knowledge/three-ways.toml", "ask =", "say ="),
        "knowledge/three-ways.",
        "steps",
        "ends by asking",
    ),
    "breathing without a rhythm": (
        lambda box: box.copy("pause/far-away", "breathing/far-breath"),
        "breathing/far-breath.",
        "steps",
        "a breathing slip breathes",
    ),
    "a missing key": (
        lambda box: box.drop(EN, "land.here"),
        EN,
        "land.here",
        "is missing",
    ),
    "a key that Swedish lacks": (
        lambda box: box.add(EN, "land.extra", "More"),
        EN,
        "land.extra",
        "is not in the catalog of sv",
    ),
    "other placeholders": (
        lambda box: box.say(EN, "menu.guess", "Did you mean {work}?"),
        EN,
        "menu.guess",
        "has other placeholders than sv: work",
    ),
    "a label that is too long": (
        lambda box: box.say(SV, "land.calm", "Lugna hela kroppen och knoppen"),
        SV,
        "land.calm",
        "is a label of 30 characters; at most 24",
    ),
    "an empty translation": (
        lambda box: box.say(EN, "after.need", ""),
        EN,
        "after.need",
        "is not translated",
    ),
    "an exclamation mark on a card": (
        lambda box: box.say(SV, "after.ready", "Härligt!"),
        SV,
        "after.ready",
        "has an exclamation mark",
    ),
    "one word for two things": (
        lambda box: box.swap("lexicon/sv.toml", 'home = ["hem"', 'home = ["andas"'),
        "lexicon/sv.toml",
        "commands.practice.breathing",
        "'andas' already starts something else",
    ),
    "one word for two things, in two languages": (
        lambda box: box.swap("lexicon/en.toml", 'home = ["home"', 'home = ["home", "luft"'),
        "lexicon/en.toml",
        "commands",
        "'luft' starts something else in sv",
    ),
    "a number without its words": (
        lambda box: box.swap("support.en.toml", "[helpline]", "[help-line]"),
        "support.en.toml",
        "helpline.label",
        "Field required",
    ),
    "a source with an unknown key": (
        lambda box: box.swap("bibliography.toml", "text = ", 'smell = "ink"\ntext = '),
        "bibliography.toml",
        ".smell",
        "not permitted",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_fault(name: str, tmp_path: Path) -> None:
    """A fault in the content is told with its file, its key and the reason."""
    change, file, key, why = BROKEN[name]
    box = Box(tmp_path)
    change(box)
    faults = box.faults()
    assert any(_is(fault, file, key, why) for fault in faults), [str(each) for each in faults]


def test_all_faults_at_once(tmp_path: Path) -> None:
    """However much is wrong, one run tells all of it."""
    box = Box(tmp_path)
    for change, *_ in BROKEN.values():
        change(box)
    faults = box.faults()
    untold = [
        name
        for name, (_, file, key, why) in BROKEN.items()
        if not any(_is(fault, file, key, why) for fault in faults)
    ]
    assert untold == []
    assert len(BROKEN) >= 20


def test_a_fault_is_one_line(tmp_path: Path) -> None:
    """What the operator reads about a fault fits on one line: file, key, reason."""
    box = Box(tmp_path)
    box.say(EN, "after.need", "")
    (fault,) = box.faults()
    assert str(fault).endswith(f"{EN}: after.need: is not translated")
    assert "\n" not in str(fault)


def _is(fault: ContentError, file: str, key: str, why: str) -> bool:
    keyed = fault.key.endswith(key) if key else not fault.key
    return file in fault.path and keyed and why in fault.why
