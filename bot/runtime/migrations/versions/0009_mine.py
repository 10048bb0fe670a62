"""What people keep of the box for themselves."""

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("person", Column("mine", LargeBinary))


def downgrade() -> None:
    op.drop_column("person", "mine")
