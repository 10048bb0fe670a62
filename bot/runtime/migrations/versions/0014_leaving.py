"""Workspaces that have taken Landa away, while what belongs to them is still kept."""

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "leaving",
        Column("workspace", LargeBinary, primary_key=True),
        Column("until_ms", BigInteger, nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("leaving")
