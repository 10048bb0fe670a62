"""How often a card may have been delivered already."""

from alembic import op
from sqlalchemy import Column, Integer

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        # Of cards that wait already, nobody knows whether a try had begun.
        table.add_column(Column("doubts", Integer, nullable=False, server_default="1"))


def downgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.drop_column("doubts")
