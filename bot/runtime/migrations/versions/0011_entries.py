"""Ways in to the page with all that is held about a person."""

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "entry",
        Column("id", LargeBinary, primary_key=True),
        Column("person", LargeBinary, nullable=False, index=True),
        Column("workspace", LargeBinary, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        Column("until_ms", BigInteger, nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("entry")
