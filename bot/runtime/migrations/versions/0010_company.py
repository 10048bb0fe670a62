"""Colleagues who can be asked for company, and questions that are on their way."""

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "colleague",
        Column("team", LargeBinary, primary_key=True),
        Column("colleague", LargeBinary, primary_key=True, index=True),
        Column("workspace", LargeBinary, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )
    op.create_table(
        "invitation",
        Column("id", LargeBinary, primary_key=True),
        Column("team", LargeBinary, nullable=False),
        Column("asker", LargeBinary, nullable=False, index=True),
        Column("asked", LargeBinary, nullable=False, index=True),
        Column("workspace", LargeBinary, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        Column("until_ms", BigInteger, nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("invitation")
    op.drop_table("colleague")
