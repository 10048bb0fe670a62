"""What one turn writes: its outcome as rows, each sealed to its person."""

from dataclasses import replace
from datetime import datetime

from bot.core.effect import Finish, Keep, Pause, Post, Replace, Say
from bot.core.errors import StateError
from bot.core.play import Outcome
from bot.core.port import Outgoing
from bot.core.turn import NudgeDue, Pressed, Reminded, Turn
from bot.runtime import codec, press
from bot.runtime.act import Act, Who
from bot.runtime.outbox import LEASE_S, Item
from bot.runtime.store import Commit, DueRow, Nudged, OutboxRow
from bot.runtime.store.question import Ask
from bot.runtime.teams import here
from bot.runtime.vault import Vault
from bot.runtime.wishes import asks

RIDE_S = 5
"""How long a card may take to ride out before the outbox sends it."""


def rows(
    act: Act, expected: int | None, outcome: Outcome, now: datetime, vault: Vault
) -> tuple[Commit, tuple[Item, ...]]:
    """Everything *outcome* changes, and its cards. expected: the serial that was loaded."""
    who, conversation, now_ms = act.who, outcome.conversation, codec.ms(now)
    items: list[Item] = []
    profile: bytes | None = None
    due: DueRow | None = None
    also: list[Ask] = []
    for effect in outcome.effects:
        match effect:
            case Say() | Replace() | Finish():
                # By the delivery: serials begin anew for somebody who was forgotten.
                name = ("card", act.seen.hex(), str(len(items)))
                row = _row(act, who, vault.hash(*name), now_ms + len(items))
                rides = act.ride and not any(item.rides for item in items)
                if rides:
                    row = replace(row, due_ms=now_ms + RIDE_S * 1000)
                items.append(replace(_item(act, row, effect, outcome, vault), rides=rides))
            case Post():
                name = ("post", act.seen.hex(), str(len(items)))
                row = _row(act, here(act).who, vault.hash(*name), now_ms + len(items))
                items.append(_posted(act, row, effect, vault))
            case Pause(seconds):
                due = DueRow(
                    who.person,
                    who.workspace,
                    act.inbound.person.platform,
                    conversation.serial,
                    now_ms + seconds * 1000,
                    codec.seal_waiting(act.inbound, vault, who.bound_to),
                )
            case Keep(wish):
                profile = codec.seal_profile(wish, vault, who.bound_to)
            case _:
                also += asks(effect, act, outcome.language, now, vault)
    return Commit(
        act.seen,
        who.person,
        who.workspace,
        expected,
        conversation.serial,
        now_ms,
        codec.seal_conversation(conversation, vault, who.bound_to),
        profile,
        tuple(item.row for item in items),
        due,
        tuple(also),
    ), tuple(items)


def nudged(
    act: Act, known: bytes | None, outcome: Outcome, now: datetime, vault: Vault
) -> tuple[Nudged, tuple[Item, ...]]:
    """What Landa says by itself, and that it has spoken. A nudge goes out once or not at all, a
    reminder as often as it takes.

    known  the owner's nudges, sealed, as they were loaded.
    """
    who, now_ms = act.who, codec.ms(now)
    name, due, until, once = _called(act.inbound.turn)
    items: list[Item] = []
    for number, effect in enumerate(outcome.effects):
        if isinstance(effect, Say):
            id = vault.hash("call", who.person.hex(), name, str(codec.ms(due)), str(number))
            row = replace(
                _row(act, who, id, now_ms + number),
                once=once,
                expires_ms=codec.ms(outcome.until or until),
            )
            items.append(replace(_item(act, row, effect, outcome, vault), hurry=False))
    spoken = outcome.nudges
    return Nudged(
        who.person,
        name,
        codec.ms(due),
        known,
        codec.seal_nudges(spoken, vault, who.bound_to) if spoken else None,
        tuple(item.row for item in items),
    ), tuple(items)


def _called(turn: Turn | Pressed) -> tuple[str, datetime, datetime, bool]:
    match turn:
        case NudgeDue(slot, due, until):
            return slot, due, until, True
        case Reminded(id, _, due, until):
            return id, due, until, False
        case _:
            raise StateError("nothing that Landa says by itself")


def _row(act: Act, who: Who, id: bytes, created_ms: int) -> OutboxRow:
    """Still without its card, and held by us. who: whom the card is for, a person or a team."""
    platform, due_ms = act.inbound.person.platform, created_ms + LEASE_S * 1000
    return OutboxRow(id, who.person, who.workspace, platform, b"", created_ms, due_ms)


def _item(
    act: Act, row: OutboxRow, effect: Say | Replace | Finish, outcome: Outcome, vault: Vault
) -> Item:
    inbound = act.inbound
    address = effect.address if isinstance(effect, Finish) else inbound.place.address
    stamp = press.Stamp(row.person, outcome.conversation.serial, row.created_ms)
    outgoing = Outgoing(
        row.id.hex(),
        address,
        not isinstance(effect, Say) and "card" in address,
        press.sign(effect.card, stamp, vault),
        outcome.language,
        inbound.at,
        act.home.address if act.home else {},
    )
    sealed = codec.seal_outgoing(outgoing, vault, act.who.bound_to)
    return Item(replace(row, payload=sealed), outgoing, hurry=True)


def _posted(act: Act, row: OutboxRow, post: Post, vault: Vault) -> Item:
    """For all in the team's channel: nothing of whoever made Landa say it comes along.

    raises  StateError for a card with choices that does not stand.
    """
    if post.card.choices and not post.card.standing:
        raise StateError("what is posted can be pressed by all, so it must stand")
    outgoing = Outgoing(
        row.id.hex(),
        here(act).place.address,
        replace=False,
        card=press.sign(post.card, press.Stamp(row.person, 0, row.created_ms), vault),
        language=post.language,
        since=act.inbound.at,
    )
    sealed = codec.seal_outgoing(outgoing, vault, row.workspace + row.person)
    return Item(replace(row, payload=sealed), outgoing, hurry=True)
