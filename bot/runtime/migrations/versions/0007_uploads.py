"""Pictures that a platform keeps for us."""

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "upload",
        Column("id", LargeBinary, primary_key=True),
        Column("workspace", LargeBinary, nullable=False, index=True),
        Column("sealed", LargeBinary, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("upload")
