"""What people keep of the box for themselves."""

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("person", Column("mine", LargeBinary))


def downgrade() -> None:
    op.drop_column("person", "mine")
