"""Slack in trouble with one workspace, while another one has none."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.core.port import Pace, Rate
from tests.standin_slack import Shown, StandIn
from tests.workspaces import A, B, Many

Route = Literal["message", "rewrite", "aside"]
"""A new message in the person's own chat; a card rewritten where it is; one in a channel, for one
person's eyes."""
METHOD = {"message": "chat.postMessage", "rewrite": "response_url", "aside": "chat.postEphemeral"}
FAULTS: dict[str, dict[str, Any]] = {
    **{f"429 {s}": {"kind": "ratelimited", "retry_after": s} for s in ("1", "30", "3600")},
    "429 absent": {"kind": "ratelimited"},
    "429 garbage": {"kind": "ratelimited", "retry_after": "in a while"},
    "500": {"kind": "status", "status": 500},
    "hang": {"kind": "hang", "seconds": 3},
    "html": {"kind": "html"},
    "reset before": {"kind": "reset_before"},
    "reset after": {"kind": "reset_after"},
}
ASKED_S = {"429 1": 1, "429 30": 30, "429 3600": 3600, "429 absent": 30, "429 garbage": 30}
QUICK = Pace(Rate(50, 0.001), Rate(500, 0.0005))
"""Slack's own pace would only make the waiting longer."""
ROOMS = {A.team: "C0ENHET01", B.team: "C0BBBB001"}
ROUNDS = 400
ON_ITS_WAY_S = 2


@dataclass
class Outcome:
    """Of the troubled workspace: how many cards were lost, came twice, or came oftener than that;
    and how many calls came while Slack had asked to wait. seconds: how long the other one's people
    waited for theirs.
    """

    lost: int = 0
    doubled: int = 0
    oftener: int = 0
    seconds: list[float] = field(default_factory=list)
    early: int = 0


@dataclass
class Crowd:
    """People of one workspace, each of whom does one thing and waits for one card."""

    slack: StandIn
    landa: Many
    route: Route
    people: Sequence[str]
    cards: dict[str, Shown] = field(default_factory=dict)

    @property
    def room(self) -> str:
        return ROOMS[self.slack.team]

    async def get_ready(self) -> None:
        self.slack.homes.update(dict.fromkeys(self.people, self.slack.team))
        self.slack.joined.add(self.room)
        if self.route == "rewrite":
            for who in self.people:
                ack = await self.slack.command(who, "", self.room)
                # On a busy machine the turn is late, and its card follows by itself.
                async with asyncio.timeout(20):
                    while not self.slack.seen(who):
                        await asyncio.sleep(0.01)
                self.cards[who] = ack.card or self.slack.last(who)

    async def act(self, who: str) -> None:
        match self.route:
            case "message":
                await self.slack.say(who, "hjälp")
            case "rewrite":
                await self.slack.press(who, "Hitta fotfästet", self.cards[who])
            case "aside":
                await self.slack.mention(who, "hjälp", self.room)

    def shown(self, who: str) -> int:
        """In how many messages the card stands that they wait for: the first after what they did.

        Buttons are signed for one person and one turn, so the same buttons are the same card.
        """
        met: dict[str, int] = {}
        for one in self.slack.messages:
            if one.author == "landa" and (one.only == who or one.channel == self.slack.dm(who)):
                said = {
                    _name(blocks): None for blocks in (*(v for _, v in one.versions), one.blocks)
                }
                for name in said:
                    met[name] = met.get(name, 0) + 1
        if self.route == "rewrite":
            card = self.cards[who]
            met.pop(_name(card.versions[0][1] if card.versions else card.blocks))
        return max(met.values(), default=0)

    async def served(self, who: str) -> float:
        """The seconds until the card is there."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        await self.act(who)
        async with asyncio.timeout(20):
            while not self.shown(who):
                await asyncio.sleep(0.002)
        return loop.time() - began


def _name(blocks: list[dict[str, Any]]) -> str:
    """What a card's buttons carry; of one without any, its words."""
    parts = [part for block in blocks for part in block.get("elements", [])]
    values = "".join(part.get("value", "") for part in parts)
    return values or str(blocks)


async def trouble(landa: Many, fault: str, route: Route, count: int, prefix: str) -> Outcome:
    """*count* people in A meet *fault* once each, while as many in B do the same and meet none.

    fault  "" for none in A either.
    """
    slack, outcome = landa.slack, Outcome()
    ours = Crowd(slack, landa, route, [f"U0A{prefix}{n:04}" for n in range(count)])
    others = Crowd(slack.branch(B.team), landa, route, [f"U0B{prefix}{n:04}" for n in range(count)])
    for crowd in (ours, others):
        await crowd.get_ready()
    first = len(slack.calls)
    for _ in range(count if fault else 0):
        slack.fail(METHOD[route], team=A.team, **FAULTS[fault])
    troubled = asyncio.gather(*map(ours.act, ours.people))
    for who in others.people:
        outcome.seconds.append(await others.served(who))
    await troubled
    await _until_done(landa, ours)
    shown = [ours.shown(who) for who in ours.people]
    outcome.lost = sum(each == 0 for each in shown)
    outcome.doubled = sum(each == 2 for each in shown)
    outcome.oftener = sum(each > 2 for each in shown)
    outcome.early = _early(slack, METHOD[route], first, ASKED_S.get(fault, 0))
    assert [others.shown(who) for who in others.people] == [1] * count
    return outcome


async def _until_done(landa: Many, crowd: Crowd) -> None:
    """The clock ticks on, faster than it really does, until nothing waits any more."""
    for step in range(ROUNDS):
        await landa.room.clock.tick()
        await landa.settled()
        backlog = await landa.room.store.backlog(0)
        if not backlog.waiting:
            return
        landa.time.later(seconds=1 if step < 60 else 60)


def _early(slack: StandIn, method: str, first: int, asked_s: float) -> int:
    """How many calls of A came while Slack had asked to wait, but for those on their way then."""
    calls = [c for c in slack.calls[first:] if c.method == method and A.team in c.teams]
    told = [call.at for call in calls if call.fault == "ratelimited"]
    return sum(
        any(at + ON_ITS_WAY_S < call.at < at + asked_s - 0.5 for at in told) for call in calls
    )
