"""Runs the migrations on the connection that `bot.runtime.schema` hands over."""

from alembic import context

from bot.runtime.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
