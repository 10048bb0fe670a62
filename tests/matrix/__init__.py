"""Whatever names somebody, tried by somebody else: what the tests of every platform share.

Three families, each with a team of its own: two in one workspace, the third in another. In each
family one person has everything that somebody can have, and another has asked them for company.
"""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.runtime.store import Store
from bot.runtime.tables import METADATA
from bot.runtime.vault import Vault
from tests.workspaces import rows

Rows = Mapping[str, list[dict[str, Any]]]
Names = Mapping[str, list[str]]
"""By the kind of thing that is named: what others are called, and have been given."""


@dataclass(frozen=True)
class Family:
    """canary: stands in all that they have typed, and nowhere else."""

    workspace: str
    owner: str
    mate: str
    room: str
    canary: str

    @property
    def people(self) -> tuple[str, str]:
        return self.owner, self.mate


@dataclass(frozen=True)
class Try:
    """One request.

    what    names what was changed in it, for whoever reads a failure.
    by      the family of whoever acts, by all that the platform says; None: of nobody there is.
    forged  it carries something that was never made for whoever sends it.
    among   the family that they stand among, as the platform says: what it says to all, they hear.
    astray  the platform says that the answer belongs in another's own chat.
    """

    what: str
    body: Any
    by: Family | None
    forged: bool
    among: Family | None = None
    astray: bool = False


class Stage(Protocol):
    """A platform with the families on it, and a Landa behind it."""

    platform: str
    families: tuple[Family, ...]
    store: Store
    vault: Vault

    async def send(self, body: Any) -> None:
        """Through the real door, and wait for what comes of it."""
        ...

    def seen(self, person: str) -> str:
        """Everything that the person sees of Landa."""
        ...


async def held(stage: Stage) -> Rows:
    """All that is kept. `seen` only says that something came."""
    names = [name for name in METADATA.tables if name != "seen"]
    return {name: [_plain(row) for row in await rows(stage.store, name)] for name in names}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL's driver and SQLite's alike."""
    return {key: bytes(v) if isinstance(v, memoryview) else v for key, v in row.items()}


def keys(stage: Stage, family: Family) -> frozenset[bytes]:
    """What the family's people and team are called in the database."""
    hash, on = stage.vault.hash, (stage.platform, family.workspace)
    people = [hash("person", *on, each) for each in family.people]
    return frozenset((*people, *(hash("lead", each.hex()) for each in people),
                      hash("team", *on, family.room)))  # fmt: skip


def of(all_rows: Rows, known: frozenset[bytes]) -> list[str]:
    """The rows in which one of the keys stands."""
    return sorted(
        f"{name} {row}"
        for name, found in all_rows.items()
        for row in found
        if any(isinstance(value, bytes) and value in known for value in row.values())
    )


@dataclass
class Outcome:
    """What was tried: how often, and how often something that was forged."""

    tried: int = 0
    forged: int = 0
    kinds: Counter[str] = field(default_factory=Counter)


async def nothing_comes_of(stage: Stage, tries: Iterable[Try]) -> Outcome:
    """Let all of them be sent. Of what is forged nothing comes at all; of the rest, nothing that
    another family has, or sees, is otherwise than before; and nobody ever sees what others typed.
    """
    told, known = Outcome(), {family: keys(stage, family) for family in stage.families}
    before, saw = await held(stage), _sight(stage)
    for each in tries:
        told.tried += 1
        told.forged += each.forged
        told.kinds[each.what.rpartition(" ")[0]] += 1
        await stage.send(each.body)
        now, sees = await held(stage), _sight(stage)
        if each.forged:
            assert now == before, each.what
            assert sees == saw, each.what
        for family in stage.families:
            mixed = {family} | ({each.among} if family == each.by else set())
            others = [other.canary for other in stage.families if other not in mixed]
            if not each.forged and family != each.by:
                assert of(now, known[family]) == of(before, known[family]), each.what
                if not each.astray:
                    assert sees[family] == saw[family], each.what
            assert not [canary for canary in others if canary in sees[family]], each.what
        before, saw = now, sees
    return told


def _sight(stage: Stage) -> dict[Family, str]:
    return {
        family: "\n".join(stage.seen(person) for person in family.people)
        for family in stage.families
    }


def guesses(ours: list[str], others: list[str], rng: random.Random, most: int) -> list[str]:
    """So many ways of changing what we were given, none of which we were given."""
    every = {each for token in ours for each in mutated(token, others)}
    return rng.sample(sorted(every - set(ours)), most)


def mutated(token: str, others: Iterable[str]) -> Iterator[str]:
    """The token in every way that somebody might try: cut, longer, other letters, other choices,
    others' parts, another day, another serial."""
    said, _, mac = token.rpartition("~")
    made, _, choice = said.partition("~")
    yield from ("", "~", "~~", said, f"{said}~", f"~{mac}", mac, token[:-1], token[1:])
    yield from (f"{token} ", f" {token}", f"{token}\n", f"{token}\0", f"{token}0", f"{token}~{mac}")
    yield from (token.swapcase(), token[::-1], f"{said}~{mac.upper()}", f"{said}~{mac[::-1]}")
    yield from (f"s{token}", f"{made}~{choice}x~{mac}", f"{made}~~{mac}", f"{made}{choice}~{mac}")
    for at, letter in itertools.product(range(len(token)), "0f~s/"):
        if token[at] != letter:
            yield f"{token[:at]}{letter}{token[at + 1 :]}"
    for other in others:
        said, _, its = other.rpartition("~")
        day, _, wish = said.partition("~")
        yield from (f"{made}~{choice}~{its}", f"{made}~{wish}~{mac}", f"{day}~{choice}~{mac}")
        yield from (f"{day}~{wish}~{mac}", f"{day}~{choice}~{its}", f"{made}~{wish}~{its}")


def paths(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every text of a request stands."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, dict | list):
            yield from paths(value, (*path, key))
        elif isinstance(value, str):
            yield (*path, key)


def at(body: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        body = body[key]
    return body


def swapped(
    body: Any, names: Names, kind_of: Callable[[tuple[Any, ...], str], str]
) -> Iterator[tuple[str, tuple[Any, ...], str]]:
    """Each name in *body*, with each of the same kind that others have: kind, where, and the
    other."""
    for path in paths(body):
        value = at(body, path)
        kind = kind_of(path, value)
        yield from ((kind, path, other) for other in names.get(kind, ()) if other != value)
