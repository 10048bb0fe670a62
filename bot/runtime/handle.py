"""The path of one turn: seen? lock, load, respond, commit, deliver.

READ SECOND, after `bot.core.engine`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from weakref import WeakValueDictionary

from bot.core.context import Context, Profile, Site
from bot.core.conversation import Conversation
from bot.core.effect import Keep, Pause, Replace, Say
from bot.core.engine import STALE, Flows, Outcome, respond
from bot.core.errors import StorageError
from bot.core.library import Library
from bot.core.message import Message
from bot.core.port import Answer, Outgoing, Taken
from bot.core.turn import Inbound, PauseOver, Person, Pressed, Turn
from bot.runtime import codec, metrics, press
from bot.runtime.log import LOG, where
from bot.runtime.outbox import LEASE_S, Item, Outbox
from bot.runtime.store import Commit, DueRow, Loaded, OutboxRow, Store
from bot.runtime.vault import Vault

PATIENCE_S = 0.4
"""A platform gets its answer within this; what takes longer follows by itself."""
RIDE_S = 5
"""How long a card may take to ride out before the outbox sends it."""
MOST_CONFLICTS = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What never changes while Landa runs. language: of those who have not chosen one."""

    library: Library
    flows: Flows
    site: Site
    language: str


@dataclass(frozen=True, slots=True)
class _Who:
    """person, workspace: as they stand in the database. bound_to: what their rows are sealed to."""

    person: bytes
    workspace: bytes

    @property
    def bound_to(self) -> bytes:
        return self.workspace + self.person


@dataclass(frozen=True, slots=True)
class _Done:
    """sorry: rides out without being kept."""

    taken: Taken
    items: tuple[Item, ...] = ()
    sorry: Outgoing | None = None


class Turns:
    """Takes turns, one after the other for each person. A `bot.core.port.Handle`."""

    def __init__(
        self, plan: Plan, store: Store, vault: Vault, outbox: Outbox, now: Callable[[], datetime]
    ) -> None:
        self._plan, self._store, self._vault = plan, store, vault
        self._outbox, self._now = outbox, now
        self._orders: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()
        self._under_way: set[asyncio.Task[_Done]] = set()

    async def __call__(self, inbound: Inbound, *, ride: bool = False) -> Answer:
        started = perf_counter()
        task = asyncio.create_task(self._take(inbound, ride=ride))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await asyncio.wait((task,), timeout=PATIENCE_S)
        metrics.TURN_SECONDS.observe(perf_counter() - started)
        if not task.done():
            metrics.TURNS.labels("late").inc()
            task.add_done_callback(self._follow)
            return Answer("late")
        return self._answer(task.result(), ride=ride)

    async def drained(self) -> None:
        """Wait for turns that are under way."""
        if self._under_way:
            await asyncio.wait(set(self._under_way))

    def _answer(self, done: _Done, *, ride: bool) -> Answer:
        metrics.TURNS.labels(done.taken).inc()
        riding = done.items[0] if ride and done.items else None
        for item in done.items:
            if item is not riding:
                self._outbox.take(item)
        if riding is None:
            return Answer(done.taken, done.sorry)
        return Answer(done.taken, riding.outgoing, lambda: self._outbox.ridden(riding.row))

    def _follow(self, task: "asyncio.Task[_Done]") -> None:
        """What was committed too late to ride goes by the outbox."""
        if not task.cancelled() and task.exception() is None:
            for item in task.result().items:
                self._outbox.take(item)

    async def _take(self, inbound: Inbound, *, ride: bool) -> _Done:
        who = self._who(inbound.person)
        order = self._orders.setdefault(who.person, asyncio.Lock())
        try:
            async with order:
                return await self._try(inbound, who, ride=ride)
        except StorageError as fault:
            LOG.error("turn.not_stored", fault=str(fault))
            return self._apology("menu.not_saved", inbound, ride=ride)
        except Exception as fault:
            LOG.error("turn.fault", fault=type(fault).__name__, where=where(fault))
            return self._apology("menu.sorry", inbound, ride=ride)

    async def _try(self, inbound: Inbound, who: _Who, *, ride: bool) -> _Done:
        turn = inbound.turn
        if isinstance(turn, Pressed):
            turn = press.read(turn, who.person, self._vault)
            if turn is None:
                LOG.warning("press.forged")
                return _Done("refused")
        seen = self._vault.hash(
            "seen", inbound.person.platform, inbound.person.workspace, inbound.id
        )
        for _ in range(MOST_CONFLICTS):
            loaded = await self._store.load(who.person, seen)
            if loaded.seen:
                return _Done("seen")
            outcome = self._respond(loaded, turn, who)
            if outcome is None:
                if isinstance(turn, PauseOver):
                    await self._store.clear_due(who.person, turn.serial)
                return _Done("new")
            commit, items = self._commit(inbound, seen, who, loaded, outcome, ride=ride)
            match await self._store.commit(commit):
                case "done":
                    return _Done("new", items)
                case "seen":
                    return _Done("seen")
                case "conflict":
                    continue
        raise StorageError("a conversation kept moving")

    def _respond(self, loaded: Loaded, turn: Turn, who: _Who) -> Outcome | None:
        """None when the turn changes nothing."""
        now = self._now()
        conversation = self._conversation(loaded, who, now)
        profile = (
            codec.open_profile(loaded.profile, self._vault, who.bound_to)
            if loaded.profile
            else Profile()
        )
        context = Context(
            now,
            self._plan.library,
            self._language(conversation, profile, now),
            profile,
            self._plan.site,
            self._variety(who, now),
        )
        try:
            outcome = respond(conversation, turn, context, self._plan.flows)
        except Exception as fault:
            LOG.error("respond.fault", fault=type(fault).__name__, where=where(fault))
            metrics.FAULTS.inc()
            sorry = Message(context.words("menu.sorry"))
            rest = Conversation(serial=conversation.serial + 1, at=now)
            return Outcome(rest, (Say(sorry),), context.language)
        return None if outcome.conversation.serial == conversation.serial else outcome

    def _conversation(self, loaded: Loaded, who: _Who, now: datetime) -> Conversation:
        """A person's first serial is the second it began in, so that a forgotten
        conversation and its successor never share one."""
        if loaded.serial is None:
            return Conversation(serial=int(now.timestamp()))
        if loaded.state is None:
            return Conversation(serial=loaded.serial)
        return codec.open_conversation(loaded.state, loaded.serial, self._vault, who.bound_to)

    def _language(self, conversation: Conversation, profile: Profile, now: datetime) -> str:
        fresh = conversation.at is not None and now - conversation.at <= STALE
        wished = profile.language or (conversation.language if fresh else "")
        return wished if wished in self._plan.library.words else self._plan.language

    def _variety(self, who: _Who, now: datetime) -> int:
        return int.from_bytes(self._vault.hash(who.person.hex(), f"{now:%Y-%m-%d}")[:4])

    def _who(self, person: Person) -> _Who:
        return _Who(
            self._vault.hash("person", person.platform, person.workspace, person.id),
            self._vault.hash("workspace", person.platform, person.workspace),
        )

    def _commit(
        self,
        inbound: Inbound,
        seen: bytes,
        who: _Who,
        loaded: Loaded,
        outcome: Outcome,
        *,
        ride: bool,
    ) -> tuple[Commit, tuple[Item, ...]]:
        conversation, now_ms = outcome.conversation, codec.ms(self._now())
        items: list[Item] = []
        profile: bytes | None = None
        due: DueRow | None = None
        for effect in outcome.effects:
            match effect:
                case Say() | Replace():
                    held_s = RIDE_S if ride and not items else LEASE_S
                    items.append(
                        self._item(inbound, who, effect, outcome, (len(items), now_ms, held_s))
                    )
                case Pause(seconds):
                    place = codec.seal_waiting(inbound, self._vault, who.bound_to)
                    due = DueRow(
                        who.person,
                        who.workspace,
                        inbound.person.platform,
                        conversation.serial,
                        now_ms + seconds * 1000,
                        place,
                    )
                case Keep(wish):
                    profile = codec.seal_profile(wish, self._vault, who.bound_to)
        state = codec.seal_conversation(conversation, self._vault, who.bound_to)
        return Commit(
            seen,
            who.person,
            who.workspace,
            loaded.serial,
            conversation.serial,
            now_ms,
            state,
            profile,
            tuple(item.row for item in items),
            due,
        ), tuple(items)

    def _item(
        self,
        inbound: Inbound,
        who: _Who,
        effect: Say | Replace,
        outcome: Outcome,
        held: tuple[int, int, int],
    ) -> Item:
        """held: the card's number within its turn, now, and how many seconds it is held by us."""
        number, now_ms, held_s = held
        serial, platform = outcome.conversation.serial, inbound.person.platform
        row_id = self._vault.hash("card", who.person.hex(), str(serial), str(number))
        card = press.sign(effect.card, who.person, serial, self._vault)
        rewrites = isinstance(effect, Replace) and "card" in inbound.place.address
        outgoing = Outgoing(
            row_id.hex(), inbound.place.address, rewrites, card, outcome.language, inbound.at
        )
        payload = codec.seal_outgoing(outgoing, self._vault, who.bound_to)
        row = OutboxRow(
            row_id,
            who.person,
            who.workspace,
            platform,
            payload,
            now_ms + number,
            now_ms + held_s * 1000,
        )
        return Item(row, outgoing)

    def _apology(self, key: str, inbound: Inbound, *, ride: bool) -> _Done:
        """A kind word when nothing could be kept. An event gets none: it comes again."""
        language = self._plan.language
        card = Message(self._plan.library.words[language](key))
        outgoing = Outgoing(
            "", inbound.place.address, replace=False, card=card, language=language, since=inbound.at
        )
        if ride:
            return _Done("refused", sorry=outgoing)
        if isinstance(inbound.turn, Pressed):
            self._outbox.once(inbound.person.platform, outgoing)
        return _Done("refused")
