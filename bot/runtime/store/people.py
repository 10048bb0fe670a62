"""Statements about one person that few turns need: where they are reached, and that they go."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, null, update
from sqlalchemy.sql.elements import ClauseElement

from bot.runtime.store.company import forgetting as company
from bot.runtime.store.question import Ask, Question
from bot.runtime.store.statements import CONVERSATION, DUE, OUTBOX, PERSON, binary

SHUT = "shut out"
"""Why a card was given up whose person wants nothing of Landa's: no fault of anybody's."""
MOST_CARDS = 8
"""More than any turn says."""
_WHO = binary("who")
_NAMES = [f"spared_{number}" for number in range(MOST_CARDS)]
_SPARED = [binary(name) for name in _NAMES]
_NONE = (b"",) * MOST_CARDS


def people(insert: Any) -> Mapping[Question, ClauseElement]:
    """insert: the dialect's own."""
    home = insert(PERSON).values(person=_WHO, workspace=binary("where"), home=binary("home"))
    mine = insert(PERSON).values(person=_WHO, workspace=binary("where"), mine=binary("mine"))
    return {
        "settle": home.on_conflict_do_update(
            index_elements=["person"], set_={"home": home.excluded.home}
        ).returning(PERSON.c.workspace),
        "unsettle": update(PERSON)
        .where(PERSON.c.person == _WHO)
        .values(home=null())
        .returning(PERSON.c.workspace),
        "keep_mine": mine.on_conflict_do_update(
            index_elements=["person"], set_={"mine": mine.excluded.mine}
        ).returning(PERSON.c.workspace),
        "lose_mine": update(PERSON)
        .where(PERSON.c.person == _WHO)
        .values(mine=null())
        .returning(PERSON.c.workspace),
        "forget_conversation": delete(CONVERSATION)
        .where(CONVERSATION.c.person == _WHO)
        .returning(CONVERSATION.c.serial),
        "forget_person": delete(PERSON)
        .where(PERSON.c.person == _WHO)
        .returning(PERSON.c.workspace),
        "forget_pause": delete(DUE).where(DUE.c.person == _WHO).returning(DUE.c.serial),
        "forget_cards": delete(OUTBOX)
        .where(OUTBOX.c.person == _WHO, OUTBOX.c.id.not_in(_SPARED))
        .returning(OUTBOX.c.id),
    }


def settling(person: bytes, workspace: bytes, home: bytes) -> Ask:
    """Keep the sealed *home*."""
    return "settle", {"who": person, "where": workspace, "home": home}


def keeping_mine(person: bytes, workspace: bytes, mine: bytes) -> Ask:
    """Keep the sealed *mine*."""
    return "keep_mine", {"who": person, "where": workspace, "mine": mine}


def losing_mine(person: bytes) -> tuple[Ask, Ask]:
    """Nothing of the box is theirs any more, and nothing else may be left of them."""
    return ("lose_mine", {"who": person}), ("forget_empty", {"owner": person})


def unsettling(person: bytes) -> Ask:
    """Where they can be reached is not known any more, until they settle again."""
    return "unsettle", {"who": person}


def forgetting(person: bytes, lead: bytes, spared: Sequence[bytes] = ()) -> tuple[Ask, ...]:
    """Take away everything about *person*.

    lead    what they are called among leads and colleagues.
    spared  at most MOST_CARDS ids of cards that still go out: those of the turn that takes it away.
    """
    still = dict(zip(_NAMES, (*spared, *_NONE)[:MOST_CARDS], strict=True))
    who = {"who": person}
    return (
        ("forget_conversation", who),
        ("forget_person", who),
        ("forget_pause", who),
        ("forget_nudges", {"owner": person}),
        ("drop_calls", {"owner": person}),
        ("forget_leads", {"lead": lead}),
        ("forget_slips", {"lead": lead}),
        *company(lead),
        ("drop_entry", who),
        ("forget_cards", {**who, **still}),
    )
