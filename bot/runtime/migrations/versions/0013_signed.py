"""The name under a team's weekly question lies with the lead whose it is."""

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("lead", Column("signed", LargeBinary))


def downgrade() -> None:
    op.drop_column("lead", "signed")
