"""The stock of slips: enough of each kind, light to read, and honest about what is known."""

import re
import statistics
import tomllib
from collections import Counter

from bot.core import offer
from bot.core.exercise import KINDS
from bot.core.lexicon import fold
from bot.core.library import Library
from bot.core.proof import WORDS_PER_S, weight
from bot.runtime.content.library import CONTENT

LEAST = {
    "breathing": 12,
    "grounding": 10,
    "body": 12,
    "pause": 10,
    "before": 6,
    "after": 8,
    "kindness": 6,
    "question": 20,
    "pride": 8,
    "work": 8,
    "company": 8,
    "home": 8,
    "knowledge": 8,
}
"""How many slips of each kind a team needs, so that a week does not repeat itself."""


def test_enough(library: Library) -> None:
    """The box holds at least 115 slips, enough of each kind, the same in every whole language;
    one that is not has a dozen of them."""
    assert set(library.languages) >= {"sv", "en"}
    whole = set(library.exercises["sv"])
    for language, box in library.exercises.items():
        if library.lexicons[language].complete:
            assert set(box) == whole
        assert set(box) <= whole
        assert len(box) >= 12
    assert len(whole) >= 115
    assert set(LEAST) == set(KINDS)
    many = Counter(slip.kind for slip in library.exercises["sv"].values())
    assert {kind: many[kind] for kind in KINDS if many[kind] < LEAST[kind]} == {}


def test_no_two_slips_look_alike(library: Library) -> None:
    """A title is a button: no two slips of a language share one, or one set of words."""
    for box in library.exercises.values():
        titles = Counter(fold(slip.title) for slip in box.values())
        assert [title for title, count in titles.items() if count > 1] == []
        texts = Counter(step.text for slip in box.values() for step in slip.steps)
        assert [text for text, count in texts.items() if count > 1] == []


def test_light_to_read(library: Library) -> None:
    """Slips are light to read: in Swedish as `landa check` holds it, in English hardly heavier."""
    for language, most, most_of_facts in (("sv", 30, 45), ("en", 35, 45)):
        weights = {slip.id: weight(slip) for slip in library.exercises[language].values()}
        kinds = {slip.id: slip.kind for slip in library.exercises[language].values()}
        heavy = {
            id: round(lix)
            for id, lix in weights.items()
            if lix > (most_of_facts if kinds[id] == "knowledge" else most)
        }
        assert heavy == {}
        assert statistics.median(weights.values()) <= 21


def test_a_fact_takes_as_long_as_it_says(library: Library) -> None:
    """A fact says neither more nor less than it takes to read it and think for a moment."""
    for box in library.exercises.values():
        for slip in box.values():
            if slip.kind == "knowledge":
                reading = sum(len(step.text.split()) for step in slip.steps) / WORDS_PER_S
                assert 30 <= slip.seconds <= 60, slip.id
                assert slip.seconds * 0.4 <= reading <= slip.seconds * 0.75, slip.id


def test_every_practice_has_its_place(library: Library) -> None:
    """Each of the five workplaces whose practices Landa carries can be recognised in the box."""
    named = Counter(source for slip in library.exercises["sv"].values() for source in slip.sources)
    for place in ("pitea", "lovgardet", "botkyrka", "nykoping", "helsingborg"):
        assert named[f"seed-{place}"] >= 5, place


def test_every_source_is_of_use() -> None:
    """What stands in the bibliography is named by a slip."""
    entries = tomllib.loads((CONTENT / "bibliography.toml").read_text(encoding="utf-8"))
    facts = "".join(
        path.read_text(encoding="utf-8")
        for path in CONTENT.glob("slips/*/*.toml")
        if len(path.suffixes) == 1
    )
    assert [key for key in entries if f'"{key}"' not in facts] == []


def test_without_a_study_none_is_claimed(library: Library) -> None:
    """A slip that rests on practice alone is marked so, and a marked one names something more."""
    for slip in library.exercises["sv"].values():
        studied = [each for each in slip.sources if not each.startswith(("practice", "seed-"))]
        assert studied or slip.evidence != "E1", slip.id
        assert slip.sources != ("practice",) or slip.evidence == "P", slip.id


def test_another_way_than_breathing(library: Library) -> None:
    """Whoever asks for something other than breathing gets nothing about the breath."""
    least, most = offer.FIRST_S
    for box in library.exercises.values():
        others = [
            slip
            for slip in box.values()
            if slip.kind in offer.GROUNDED
            and least <= slip.seconds <= most
            and not slip.requires
            and "desk" in slip.where
        ]
        for slip in others:
            said = " ".join(step.text for step in slip.steps).lower()
            assert not re.search(r"\bandas|andetag|andning|breath", said), slip.id
