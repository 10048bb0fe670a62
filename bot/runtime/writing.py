"""What one turn writes: its outcome as rows, each sealed to its person."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.conversation import Conversation
from bot.core.effect import Finish, Inform, Invite, Keep, Pause, Post, Replace, Say, TakeBack, Tell
from bot.core.errors import StateError
from bot.core.message import Form
from bot.core.play import Outcome
from bot.core.port import Outgoing
from bot.core.turn import NudgeDue, Pressed, Reminded, Turn
from bot.runtime import codec, press
from bot.runtime.act import Act, Who, card_id
from bot.runtime.company import KEPT_MS, about, known, who_of
from bot.runtime.outbox import LEASE_S, Item
from bot.runtime.store import NEVER_MS, Commit, DueRow, Nudged, OutboxRow
from bot.runtime.store.question import Ask
from bot.runtime.teams import here
from bot.runtime.vault import Vault
from bot.runtime.wishes import asks, needs

RIDE_S = 5
"""How long a card may take to ride out before the outbox sends it."""


@dataclass(frozen=True, slots=True)
class _Sending:
    """How a card goes out. who: whom it is for, a person or a team. The rest as in `OutboxRow` and
    `Item`; it is made once and never copied, because every turn makes one.
    """

    id: bytes
    who: Who
    created_ms: int
    hurry: bool = True
    rides: bool = False
    once: bool = False
    expires_ms: int = NEVER_MS


def rows(
    act: Act, expected: int | None, outcome: Outcome, now: datetime, vault: Vault
) -> tuple[Commit, tuple[Item, ...]]:
    """Everything *outcome* changes, and its cards. expected: the serial that was loaded."""
    who, conversation, now_ms = act.who, outcome.conversation, codec.ms(now)
    items: list[Item] = []
    profile: bytes | None = None
    due: DueRow | None = None
    also: list[Ask] = []
    needed: list[Ask] = []
    for effect in outcome.effects:
        match effect:
            case Replace(in_place=True) if "card" not in act.inbound.place.address:
                pass
            case Say() | Replace() | Finish():
                id = card_id(act.seen, len(items), vault)
                rides = act.ride and not any(item.rides for item in items)
                sending = _Sending(id, who, now_ms + len(items), rides=rides)
                items.append(_item(act, sending, effect, outcome, vault))
            case Post():
                name = ("post", act.seen.hex(), str(len(items)))
                sending = _Sending(vault.hash(*name), here(act).who, now_ms + len(items))
                items.append(_posted(act, sending, effect, vault))
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
                needed += needs(effect, act)
                if isinstance(effect, Invite | Inform | Tell | TakeBack):
                    items += _between(act, effect, now_ms + len(items), vault)
                also += asks(effect, act, outcome.language, now, vault)
    return Commit(
        act.seen,
        who.person,
        who.workspace,
        expected,
        conversation.serial,
        now_ms,
        codec.seal_conversation(_asked(act, outcome), vault, who.bound_to),
        profile,
        tuple(item.row for item in items),
        due,
        tuple(also),
        tuple(needed),
    ), tuple(items)


def _asked(act: Act, outcome: Outcome) -> Conversation:
    """A conversation with a form remembers where it was asked."""
    cards = [effect.card for effect in outcome.effects if isinstance(effect, Say | Replace)]
    if any(isinstance(card, Form) for card in cards):
        place = act.inbound.place
        lasting = {key: value for key, value in place.address.items() if key != "trigger"}
        return replace(outcome.conversation, place=replace(place, address=lasting))
    return outcome.conversation


def unkept(act: Act, outcome: Outcome, now: datetime, vault: Vault) -> Outgoing | None:
    """The card of an outcome that changes nothing, and so is not stored."""
    for effect in outcome.effects:
        if isinstance(effect, Say | Replace):
            id = card_id(act.seen, 0, vault)
            return _outgoing(act, _Sending(id, act.who, codec.ms(now)), effect, outcome, vault)
    return None


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
            ends_ms = codec.ms(outcome.until or until)
            sending = _Sending(id, who, now_ms + number, hurry=False, once=once, expires_ms=ends_ms)
            items.append(_item(act, sending, effect, outcome, vault))
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


def _sealed(act: Act, sending: _Sending, outgoing: Outgoing, vault: Vault) -> Item:
    """Held by us: nobody else tries before its time."""
    who, held_s = sending.who, RIDE_S if sending.rides else LEASE_S
    row = OutboxRow(
        sending.id,
        who.person,
        who.workspace,
        act.inbound.person.platform,
        codec.seal_outgoing(outgoing, vault, who.bound_to),
        sending.created_ms,
        sending.created_ms + held_s * 1000,
        once=sending.once,
        expires_ms=sending.expires_ms,
    )
    return Item(row, outgoing, sending.hurry, sending.rides)


def _item(
    act: Act, sending: _Sending, effect: Say | Replace | Finish, outcome: Outcome, vault: Vault
) -> Item:
    outgoing = _outgoing(act, sending, effect, outcome, vault)
    return _sealed(act, sending, outgoing, vault)


def _outgoing(
    act: Act, sending: _Sending, effect: Say | Replace | Finish, outcome: Outcome, vault: Vault
) -> Outgoing:
    address, home = act.inbound.place.address, act.home.address if act.home else None
    match effect:
        case Finish():
            address = effect.address
        case Say(home=True) if home:
            address = home
        case _:
            pass
    stamp = press.Stamp(sending.who.person, outcome.conversation.serial, sending.created_ms)
    return Outgoing(
        sending.id.hex(),
        address,
        not isinstance(effect, Say) and "card" in address,
        press.sign(effect.card, stamp, vault),
        outcome.language,
        act.inbound.at,
        home or {},
        in_place=isinstance(effect, Replace) and effect.in_place,
    )


def _between(
    act: Act, effect: Invite | Inform | Tell | TakeBack, at_ms: int, vault: Vault
) -> tuple[Item, ...]:
    """One person's card for another: to their own chat, in their own language."""
    match effect:
        case Invite(to, card) | Inform(to, card):
            other = known(act, to)
            person, home, language = other.person, other.home, other.colleague.language
            asks, ends_ms = isinstance(effect, Invite), at_ms + KEPT_MS
            id = bytes.fromhex(act.key) if asks else vault.hash("told", act.seen.hex())
        case Tell(card):
            asked = about(act)
            person, home, language = asked.person, asked.home, asked.invitation.language
            id, ends_ms = vault.hash("told", act.seen.hex()), NEVER_MS
        case TakeBack():
            return ()
    who = who_of(person, vault)
    sending = _Sending(id, who, at_ms, expires_ms=ends_ms)
    outgoing = Outgoing(
        id.hex(),
        home.address,
        replace=False,
        card=press.sign(card, press.Stamp(who.person, 0, at_ms), vault),
        language=language,
        since=act.inbound.at,
        home=home.address,
    )
    return (_sealed(act, sending, outgoing, vault),)


def _posted(act: Act, sending: _Sending, post: Post, vault: Vault) -> Item:
    """For all in the team's channel: nothing of whoever made Landa say it comes along.

    raises  StateError for a card with choices that does not stand.
    """
    if post.card.choices and not post.card.standing:
        raise StateError("what is posted can be pressed by all, so it must stand")
    stamp = press.Stamp(sending.who.person, 0, sending.created_ms)
    outgoing = Outgoing(
        sending.id.hex(),
        here(act).place.address,
        replace=False,
        card=press.sign(post.card, stamp, vault),
        language=post.language,
        since=act.inbound.at,
    )
    return _sealed(act, sending, outgoing, vault)
