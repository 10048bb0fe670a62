"""How far down its box a team is."""

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("team", Column("drawn", LargeBinary))


def downgrade() -> None:
    op.drop_column("team", "drawn")
