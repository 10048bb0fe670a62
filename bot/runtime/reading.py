"""What one turn starts from: what is stored about its person, opened, and what a flow may see."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.context import Context, Profile, zone_of
from bot.core.conversation import Conversation
from bot.core.engine import STALE
from bot.core.errors import StateError
from bot.core.library import Library
from bot.core.mine import Mine
from bot.core.nudge import Nudges
from bot.core.play import Flows
from bot.core.turn import Hints, Inbound, Place
from bot.runtime import codec
from bot.runtime.act import Asked, Here, Known, Who
from bot.runtime.company import roster
from bot.runtime.here import here_of, me, named, place_of, team_of
from bot.runtime.log import LOG
from bot.runtime.site import Sites
from bot.runtime.store import Loaded
from bot.runtime.vault import Vault

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """What never changes while Landa runs.

    sites           who helps, in which workspace and team.
    language, zone  of those who have not chosen one.
    off             the workplace's days off.
    takeover        as in `Context`.
    door            what `Context.door` begins with; "" where Landa has no address of its own.
    """

    library: Library
    flows: Flows
    sites: Sites
    language: str
    zone: ZoneInfo = STOCKHOLM
    off: Container[date] = ()
    takeover: int | None = 60
    door: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """who: whose turn it is. home: where the person can be reached alone, if that is known.

    here  the place of a team that they act in: what is agreed there is read next.
    known, asked  as in `Act`.
    """

    who: Who
    conversation: Conversation
    context: Context
    home: Place | None = field(repr=False)
    here: Here | None = None
    known: Mapping[str, Known] = field(default_factory=dict[str, Known], repr=False)
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Opens what is stored. What cannot be read is begun again."""

    plan: Plan
    vault: Vault

    def __call__(self, loaded: Loaded, inbound: Inbound, who: Who, now: datetime) -> Before:
        plan, vault = self.plan, self.vault
        conversation = _conversation(loaded, who, vault, now)
        home = inbound.home or _home(loaded, who, vault)
        profile = _profile(loaded, who, vault)
        key = vault.hash("key", who.person.hex(), inbound.id).hex()
        context = Context(
            now,
            plan.library,
            _language(conversation, profile, inbound.hints, plan, now),
            profile,
            plan.sites.at(inbound.person.workspace),
            int.from_bytes(vault.hash(who.person.hex(), now.date().isoformat())[:4]),
            zone_of(profile.zone, inbound.hints.zone) or plan.zone,
            _nudges(loaded, who, vault),
            plan.off,
            home is not None or inbound.place.kind == "private",
            name=inbound.hints.name or inbound.person.id,
            mine=_mine(loaded, who, vault),
            takeover=plan.takeover,
            admin=inbound.hints.admin,
            called=_called(inbound.hints),
            account="" if inbound.hints.name else inbound.person.id,
            key=key,
            door=plan.door and plan.door + key,
        )
        return Before(who, conversation, context, home, here_of(inbound, conversation, who, vault))

    def among(self, before: Before, here: Here, found: Sequence[Sequence[Any]]) -> Before:
        """*before* with what is agreed *here*. found: as in `team_of`."""
        context = before.context
        team = team_of(here, found, self.vault)
        own = context.nudges if team else None  # of a team that is not there, nothing is left
        nudges = own if here.who.person == before.who.person else context.nudges
        mine = me(before.who, self.vault).hex()
        known = roster(found[3], here, self.vault)
        yes = tuple(each.colleague for each in known.values())
        seen = replace(
            context,
            me=mine,
            here=named(here),
            team=team,
            nudges=nudges,
            colleagues=tuple(each for each in yes if not each.boss),
            boss=next((each for each in yes if each.boss), None),
            site=self.plan.sites.at(here.person.workspace, here.person.id),
        )
        drawn = bytes(found[0][0][2]) if found[0] and found[0][0][2] else None
        return replace(before, context=seen, known=known, here=replace(here, drawn=drawn))

    def about(self, before: Before, asked: Asked) -> Before:
        """*before* with the question for company that the turn is about; the asker's team too."""
        invitation, room = asked.invitation, asked.room
        context = replace(before.context, invitation=invitation)
        here = None
        if invitation.part == "asker":
            here = place_of(asked.person, room, before.who, self.vault)
        return replace(before, context=context, asked=asked, here=here or before.here)


def _called(hints: Hints) -> str:
    """One line without our own marks."""
    return " ".join(hints.name.replace("*", " ").split())[:LONGEST_NAME]


def _conversation(loaded: Loaded, who: Who, vault: Vault, now: datetime) -> Conversation:
    """A person's first serial is the second it began in, so that a forgotten
    conversation and its successor never share one."""
    if loaded.serial is None:
        return Conversation(serial=int(now.timestamp()))
    if loaded.state is not None:
        try:
            return codec.open_conversation(loaded.state, loaded.serial, vault, who.bound_to)
        except StateError:
            LOG.error("conversation.unreadable")
    updated = codec.from_ms(loaded.updated_ms) if loaded.updated_ms is not None else None
    return Conversation(serial=loaded.serial, at=updated)


def _profile(loaded: Loaded, who: Who, vault: Vault) -> Profile:
    if loaded.profile is not None:
        try:
            return codec.open_profile(loaded.profile, vault, who.bound_to)
        except StateError:
            LOG.error("profile.unreadable")
    return Profile()


def _home(loaded: Loaded, who: Who, vault: Vault) -> Place | None:
    if loaded.home is not None:
        try:
            return codec.open_home(loaded.home, vault, who.bound_to)
        except StateError:
            LOG.error("home.unreadable")
    return None


def _nudges(loaded: Loaded, who: Who, vault: Vault) -> Nudges | None:
    if loaded.nudges is not None:
        try:
            return codec.open_nudges(loaded.nudges, vault, who.bound_to)
        except StateError:
            LOG.error("nudges.unreadable")
    return None


def _mine(loaded: Loaded, who: Who, vault: Vault) -> Mine:
    if loaded.mine is not None:
        try:
            return codec.open_mine(loaded.mine, vault, who.bound_to)
        except StateError:
            LOG.error("mine.unreadable")
    return Mine()


def _language(
    conversation: Conversation, profile: Profile, hints: Hints, plan: Plan, now: datetime
) -> str:
    """As chosen, as the talk is held in, as the platform says, or the site's own."""
    fresh = conversation.at is not None and now - conversation.at <= STALE
    held = conversation.language if fresh else ""
    for wished in (profile.language, held):
        if wished in plan.library.words:
            return wished
    return language_of(hints, plan)


def language_of(hints: Hints, plan: Plan) -> str:
    """As the platform says, where Landa speaks it; else the site's own."""
    said = hints.language.split("-")[0].lower()
    return said if said in plan.library.words else plan.language
