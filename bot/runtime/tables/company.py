"""Who can be asked for company, and who is asked."""

from typing import Any

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import SQLModel

from bot.runtime.columns import column, whose
from bot.runtime.retention import CHOSEN, OPEN


class Colleague(SQLModel, table=True):
    """Who has said, in a team's channel, that those who are there may ask them for company."""

    __table_args__: Any = whose("person", colleague="lead")
    team: bytes = column(LargeBinary, "keyed hash: of the channel", CHOSEN, primary_key=True)
    colleague: bytes = column(
        LargeBinary, "keyed hash of the person, as in `Lead`", CHOSEN, primary_key=True, index=True
    )
    workspace: bytes = column(LargeBinary, "keyed hash: where", CHOSEN)
    sealed: bytes = column(
        LargeBinary,
        "sealed: name, language, hours, pause, whether as boss, the address of their own chat",
        CHOSEN,
    )


class Invitation(SQLModel, table=True):
    """A question for company on its way: at most one for each who asks."""

    __table_args__: Any = whose("person", asker="lead", asked="lead")
    id: bytes = column(
        LargeBinary,
        "keyed hash: names the question, and its card in the outbox",
        OPEN,
        primary_key=True,
    )
    team: bytes = column(LargeBinary, "keyed hash: of the channel", OPEN)
    asker: bytes = column(LargeBinary, "keyed hash of who asks, as in `Lead`", OPEN, index=True)
    asked: bytes = column(LargeBinary, "keyed hash of who is asked, as in `Lead`", OPEN, index=True)
    workspace: bytes = column(LargeBinary, "keyed hash: where; part of the seal", OPEN)
    sealed: bytes = column(LargeBinary, "sealed: who is asked, where the answer goes", OPEN)
    until_ms: int = column(BigInteger, "for pruning", OPEN, index=True)
