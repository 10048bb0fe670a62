"""The first tables."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String

revision = "0001"
down_revision = None


def _binary(name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, primary_key=primary_key, nullable=nullable)


def _whole(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def upgrade() -> None:
    op.create_table(
        "conversation",
        _binary("person", primary_key=True),
        _binary("workspace"),
        _whole("serial"),
        _binary("state", nullable=True),
        _whole("updated_ms"),
    )
    op.create_index("ix_conversation_updated_ms", "conversation", ["updated_ms"])
    op.create_table(
        "person", _binary("person", primary_key=True), _binary("workspace"), _binary("profile")
    )
    op.create_table(
        "outbox",
        _binary("id", primary_key=True),
        _binary("person"),
        _binary("workspace"),
        Column("platform", String(16), nullable=False),
        _binary("payload", nullable=True),
        _whole("created_ms"),
        _whole("due_ms"),
        Column("tries", Integer, nullable=False),
        Column("given_up", String(64)),
    )
    op.create_index("ix_outbox_due_ms", "outbox", ["due_ms"])
    op.create_table(
        "due",
        _binary("person", primary_key=True),
        _binary("workspace"),
        Column("platform", String(16), nullable=False),
        _whole("serial"),
        _whole("due_ms"),
        _whole("lease_ms"),
        Column("tries", Integer, nullable=False),
        _binary("payload"),
    )
    op.create_index("ix_due_due_ms", "due", ["due_ms"])
    op.create_table("seen", _binary("id", primary_key=True), _whole("at_ms"))
    op.create_index("ix_seen_at_ms", "seen", ["at_ms"])
    op.create_table("keyring", Column("purpose", String(16), primary_key=True), _binary("wrapped"))


def downgrade() -> None:
    for name in ("keyring", "seen", "due", "outbox", "person", "conversation"):
        op.drop_table(name)
