"""What Alembic runs: the migrations, in the transaction that ``versions.bring_up`` opened."""

from alembic import context

from digest.stores.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], version_table=VERSION_TABLE, transactional_ddl=True
)
context.run_migrations()
