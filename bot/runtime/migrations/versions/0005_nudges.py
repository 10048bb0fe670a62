"""What Landa says by itself, when people have asked for it."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.sql import expression

revision = "0005"
down_revision = "0004"
NEVER = str(2**62)
WHOLE_KEY = BigInteger().with_variant(Integer, "sqlite")


def _whole(name: str, kind: type[Integer] = BigInteger) -> Column[int]:
    return Column(name, kind, nullable=False)


def upgrade() -> None:
    op.create_table(
        "nudge",
        Column("id", WHOLE_KEY, primary_key=True, autoincrement=False),
        Column("owner", LargeBinary, nullable=False),
        Column("slot", String(16), nullable=False),
        Column("workspace", LargeBinary, nullable=False),
        Column("platform", String(16), nullable=False),
        _whole("minute", Integer),
        _whole("days", Integer),
        Column("zone", String(64), nullable=False),
        _whole("at_ms"),
        _whole("due_ms"),
        _whole("pending_ms"),
        _whole("until_ms"),
        _whole("tries", Integer),
        Column("payload", LargeBinary, nullable=False),
        UniqueConstraint("owner", "slot"),
    )
    op.create_index("ix_nudge_due_ms", "nudge", ["due_ms"])
    with op.batch_alter_table("person") as person:
        person.add_column(Column("nudges", LargeBinary, nullable=True))
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(
            Column("once", Boolean, nullable=False, server_default=expression.false())
        )
        outbox.add_column(Column("expires_ms", BigInteger, nullable=False, server_default=NEVER))


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE once")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("expires_ms")
        outbox.drop_column("once")
    op.execute("DELETE FROM person WHERE profile IS NULL AND home IS NULL")
    with op.batch_alter_table("person") as person:
        person.drop_column("nudges")
    op.drop_table("nudge")
