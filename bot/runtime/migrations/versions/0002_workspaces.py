"""Where Landa is installed, when several workspaces share it."""

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary, String

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "installation",
        Column("id", LargeBinary, primary_key=True),
        Column("platform", String(16), nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        Column("version", BigInteger, nullable=False),
    )
    op.create_table(
        "served",
        Column("workspace", LargeBinary, primary_key=True),
        Column("installation", LargeBinary, nullable=False),
        Column("since_ms", BigInteger, nullable=False),
    )


def downgrade() -> None:
    for name in ("served", "installation"):
        op.drop_table(name)
