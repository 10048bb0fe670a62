"""Slips of a team's own."""

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "slip",
        Column("id", LargeBinary, primary_key=True),
        Column("team", LargeBinary, nullable=False, index=True),
        Column("workspace", LargeBinary, nullable=False, index=True),
        Column("author", LargeBinary, nullable=True, index=True),
        Column("sealed", LargeBinary, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("slip")
