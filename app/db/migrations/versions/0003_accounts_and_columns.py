"""Accounts and sources that people keep, what came beside keywords, columns worked out of others"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("checked", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_account")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "defined_source",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_defined_source")),
        sqlite_with_rowid=False,
    )
    op.add_column("item", sa.Column("others", sa.Text(), nullable=True))
    for name in ("columns", "derived"):
        op.add_column("batch", sa.Column(name, sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for table in ("account", "defined_source"):
        op.drop_table(table)
    for table, column in (("item", "others"), ("batch", "columns"), ("batch", "derived")):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
