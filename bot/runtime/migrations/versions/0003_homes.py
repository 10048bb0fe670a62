"""Where a person can be reached alone."""

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.alter_column("profile", existing_type=LargeBinary, nullable=True)
        person.add_column(Column("home", LargeBinary, nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM person WHERE profile IS NULL")
    with op.batch_alter_table("person") as person:
        person.drop_column("home")
        person.alter_column("profile", existing_type=LargeBinary, nullable=False)
