"""Teams that have set Landa up, and who answers for it there."""

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "team",
        Column("team", LargeBinary, primary_key=True),
        Column("workspace", LargeBinary, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )
    op.create_table(
        "lead",
        Column("team", LargeBinary, primary_key=True),
        Column("lead", LargeBinary, primary_key=True, index=True),
        Column("workspace", LargeBinary, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("lead")
    op.drop_table("team")
