"""The path of one turn: seen? lock, load, respond, commit, deliver.

READ SECOND, after `bot.core.engine`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from time import perf_counter
from weakref import WeakValueDictionary

from bot.core.conversation import Conversation
from bot.core.effect import Keep, Say
from bot.core.engine import respond
from bot.core.errors import StorageError
from bot.core.message import Message
from bot.core.play import Outcome
from bot.core.port import Answer, Outgoing, Taken
from bot.core.turn import ByItself, Inbound, Looked, PauseOver, Pressed, Turn
from bot.runtime import metrics, press
from bot.runtime.act import Act, Who
from bot.runtime.apart import answered_at, changes, stays_apart
from bot.runtime.codec import ms
from bot.runtime.gather import Gather
from bot.runtime.leaving import leaving
from bot.runtime.log import LOG, where
from bot.runtime.outbox import Item, Outbox
from bot.runtime.reading import Before, Plan, Reader, language_of
from bot.runtime.store import Loaded, Result, Store
from bot.runtime.vault import Vault
from bot.runtime.writing import nudged, rows, unkept

PATIENCE_S = 0.3
"""A platform gets its answer within this; what takes longer follows by itself."""
LONG_PATIENCE_S = 2.0
"""The same where nobody is kept waiting at the door."""
MOST_CONFLICTS = 8


@dataclass(frozen=True, slots=True)
class _Done:
    """unkept: rides out without being stored. kept: as in `Answer`."""

    taken: Taken
    items: tuple[Item, ...] = ()
    unkept: Outgoing | None = None
    kept: bool = False


class Turns:
    """Takes turns, one after the other for each person. A `bot.core.port.Handle`."""

    def __init__(
        self, plan: Plan, store: Store, vault: Vault, outbox: Outbox, now: Callable[[], datetime]
    ) -> None:
        self._plan, self._store, self._vault = plan, store, vault
        self._gather = Gather(Reader(plan, vault), store)
        self._outbox, self._now = outbox, now
        self._orders: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()
        self._under_way: set[asyncio.Task[_Done]] = set()

    async def __call__(
        self, inbound: Inbound, *, ride: bool = False, patient: bool = False
    ) -> Answer:
        started = perf_counter()
        task = asyncio.create_task(self._take(inbound, ride=ride))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await asyncio.wait((task,), timeout=LONG_PATIENCE_S if patient else PATIENCE_S)
        metrics.TURN_SECONDS.observe(perf_counter() - started)
        if not task.done():
            metrics.TAKEN["late"].inc()
            task.add_done_callback(partial(self._follow, inbound))
            waits = ride and isinstance(inbound.turn, Pressed) and inbound.turn.apart
            return Answer("late", self._sorry("menu.slow", inbound) if waits else None)
        return self._answer(task.result(), ride=ride)

    async def drained(self) -> None:
        """Wait for turns that are under way."""
        if self._under_way:
            await asyncio.wait(set(self._under_way))

    def _answer(self, done: _Done, *, ride: bool) -> Answer:
        metrics.TAKEN[done.taken].inc()
        riding = next((item for item in done.items if item.rides), None) if ride else None
        for item in done.items:
            if item is not riding:
                self._outbox.take(item)
        if riding is None:
            first = done.items[0].outgoing if done.items else None
            rewrite = first if first and first.replace else None
            return Answer(done.taken, done.unkept, rewrite=rewrite, kept=done.kept)
        return Answer(
            done.taken,
            riding.outgoing,
            lambda: self._outbox.ridden(riding.row),
            declined=lambda: self._outbox.take(riding),
            kept=done.kept,
        )

    def _follow(self, inbound: Inbound, task: "asyncio.Task[_Done]") -> None:
        """What was committed too late to ride goes by the outbox, and so does an apology."""
        if task.cancelled() or task.exception():
            return
        done = task.result()
        for item in done.items:
            self._outbox.take(item)
        if done.unkept and not stays_apart(inbound):
            self._outbox.once(inbound.person.platform, done.unkept)

    async def _take(self, inbound: Inbound, *, ride: bool) -> _Done:
        who = self._who(inbound)
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

    async def _try(self, inbound: Inbound, who: Who, *, ride: bool) -> _Done:
        turn = inbound.turn
        if isinstance(turn, Pressed):
            turn = press.read(turn, self._owners(inbound, who), ms(self._now()), self._vault)
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
            before = await self._gather(loaded, inbound, who, turn, self._now())
            act = Act(
                answered_at(inbound, turn, before),
                who,
                seen,
                ride,
                before.home,
                self._plan.off,
                here=before.here,
                team=before.context.team,
                known=before.known,
                asked=before.asked,
                key=before.context.key,
            )
            outcome = self._respond(before, turn, ride=ride)
            if not changes(outcome, turn, before):
                if isinstance(turn, PauseOver):
                    await self._store.clear_due(who.person, turn.serial)
                return _Done("new", unkept=unkept(act, outcome, self._now(), self._vault))
            words = self._plan.library.words[outcome.language or before.context.language]
            outcome = leaving(before.conversation, outcome, act.inbound, words)
            result, items = await self._write(act, loaded, outcome)
            match result:
                case "done":
                    kept = any(isinstance(effect, Keep) for effect in outcome.effects)
                    return _Done("new", items, kept=kept)
                case "seen":
                    return _Done("seen")
                case "conflict":
                    continue
        raise StorageError("a conversation kept moving")

    async def _write(
        self, act: Act, loaded: Loaded, outcome: Outcome
    ) -> tuple[Result, tuple[Item, ...]]:
        if isinstance(act.inbound.turn, ByItself):
            call, items = nudged(act, loaded.nudges, outcome, self._now(), self._vault)
            return await self._store.nudges.commit(call), items
        commit, items = rows(act, loaded.serial, outcome, self._now(), self._vault)
        return await self._store.commit(commit), items

    def _respond(self, before: Before, turn: Turn, *, ride: bool) -> Outcome:
        conversation, context = before.conversation, before.context
        try:
            outcome = respond(conversation, turn, context, self._plan.flows)
        except Exception as fault:
            if isinstance(turn, ByItself | Looked):
                raise  # nobody asked: nobody gets an apology
            LOG.error("respond.fault", fault=type(fault).__name__, where=where(fault))
            metrics.FAULTS.inc()
            sorry = Message(context.words("menu.sorry"))
            rest = Conversation(serial=conversation.serial + 1, at=context.now)
            return Outcome(rest, (Say(sorry),), context.language)
        if outcome.held:
            metrics.NUDGES.labels(outcome.held).inc()
        if outcome.again and ride:
            # The window still has all that was written in it: nothing has changed.
            return replace(outcome, conversation=conversation)
        return outcome

    def _owners(self, inbound: Inbound, who: Who) -> tuple[bytes, ...]:
        """Whose cards may be pressed there: the person's own, and their team's."""
        team, person = inbound.place.team, inbound.person
        if not team:
            return (who.person,)
        return who.person, self._vault.hash("team", person.platform, person.workspace, team)

    def _who(self, inbound: Inbound) -> Who:
        """Whose turn it is. What Landa says by itself in a channel is its team's."""
        person = inbound.person
        return Who(
            self._vault.hash(person.kind, person.platform, person.workspace, person.id),
            self._vault.hash("workspace", person.platform, person.workspace),
        )

    def _apology(self, key: str, inbound: Inbound, *, ride: bool) -> _Done:
        """A kind word when nothing could be kept. An event gets none: it comes again."""
        sorry = self._sorry(key, inbound)
        if ride:
            return _Done("refused", unkept=sorry)
        if isinstance(inbound.turn, Pressed) and not inbound.turn.apart:
            self._outbox.once(inbound.person.platform, sorry)
        return _Done("refused")

    def _sorry(self, key: str, inbound: Inbound) -> Outgoing:
        language = language_of(inbound.hints, self._plan)
        card = Message(self._plan.library.words[language](key))
        there = inbound.place.address
        return Outgoing("", there, replace=False, card=card, language=language, since=inbound.at)
