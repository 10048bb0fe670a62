"""What a person wants to hear, in words and kept to be taken up again."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.library import Library
from bot.core.nudge import Hours, Nudges, Slot
from bot.core.wanted import KINDS, days_in_words, from_text, label, to_text

slots = st.builds(
    Slot,
    st.from_regex(r"s[1-9]", fullmatch=True),
    st.sampled_from(KINDS),
    st.times(),
    st.frozensets(st.integers(1, 7)),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
wanted = st.builds(
    Nudges,
    st.sampled_from(["Europe/Stockholm", "Asia/Kathmandu"]),
    st.lists(slots, max_size=5).map(tuple),
    st.none() | st.builds(Hours, st.times(), st.times()),
    st.none() | moments,
    st.none() | st.dates(),
    st.integers(1, 3),
    st.dictionaries(st.sampled_from(["s1", "s2"]), moments),
)


@given(wanted)
def test_undone(nudges: Nudges) -> None:
    """Whatever was stopped comes back as it was."""
    assert from_text(to_text(nudges)) == nudges


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({1, 2, 3, 4, 5}, "mån–fre"),
        ({1, 2, 3, 4, 5, 6, 7}, "alla dagar"),
        ({1, 2}, "mån, tis"),
        ({1, 2, 3, 5}, "mån–ons, fre"),
        ({7}, "sön"),
    ],
)
def test_days(days: set[int], said: str, library: Library) -> None:
    """Days that follow each other are said as one."""
    assert days_in_words(library.words["sv"], frozenset(days)) == said


def test_labels(library: Library) -> None:
    """Each time fits on a button, in every language."""
    for words in library.words.values():
        for kind in KINDS:
            assert len(label(words, Slot("s1", kind, time(10, 30), frozenset({1})))) <= 24
