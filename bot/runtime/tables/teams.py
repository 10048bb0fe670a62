"""What is stored about a team."""

from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import SQLModel

from bot.runtime.columns import column, whose
from bot.runtime.retention import AGREED, LEADING


class Team(SQLModel, table=True):
    """What is agreed in a team's channel. What Landa says there by itself stands among `Person`."""

    __table_args__: Any = whose("team")
    team: bytes = column(LargeBinary, "keyed hash: of the channel", AGREED, primary_key=True)
    workspace: bytes = column(LargeBinary, "keyed hash: where; part of the seal", AGREED)
    sealed: bytes = column(
        LargeBinary,
        "sealed: language, kinds of slips, the weekly question, the day of a lead's last act, whom "
        "a lead named as boss",
        AGREED,
    )
    drawn: bytes | None = column(
        LargeBinary,
        "sealed: how far down its box the team is at its meetings; it names no slip",
        AGREED,
        nullable=True,
    )


class Lead(SQLModel, table=True):
    """Who answers for a team: the one who set it up, and those who said they want to."""

    __table_args__: Any = whose("person", lead="lead")
    team: bytes = column(LargeBinary, "keyed hash: of the channel", AGREED, primary_key=True)
    lead: bytes = column(
        LargeBinary,
        "keyed hash of the person, another one than anywhere else: it tells nothing they do",
        LEADING,
        primary_key=True,
        index=True,
    )
    workspace: bytes = column(LargeBinary, "keyed hash: where", AGREED)
    signed: bytes | None = column(
        LargeBinary, "sealed: their name, of who signs the weekly question", LEADING, nullable=True
    )


class Slip(SQLModel, table=True):
    """What people in a team have written for its own box."""

    __table_args__: Any = whose("team", author="lead")
    id: bytes = column(LargeBinary, "keyed hash: names the row", AGREED, primary_key=True)
    team: bytes = column(LargeBinary, "keyed hash: of the channel", AGREED, index=True)
    workspace: bytes = column(LargeBinary, "keyed hash: where", AGREED, index=True)
    author: bytes | None = column(
        LargeBinary,
        "keyed hash of the person, as among leads: they may take it back",
        LEADING,
        nullable=True,
        index=True,
    )
    sealed: bytes = column(LargeBinary, "sealed: kind, words, length, whether approved", AGREED)
