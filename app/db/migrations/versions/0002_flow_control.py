"""Flow control: halts, reserved calls, attempts, superseded readings, owners, deadlines

Columns are added in place: recreating a table, as Alembic's batch mode does on SQLite, would drop the old one and with
it, by the foreign keys, every row that points at it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for name in ("owner", "stopped_by"):
        op.add_column("batch", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("deadline_at", "rerun_of"):
        op.add_column("batch", sa.Column(name, sa.BigInteger(), nullable=True))
    op.execute("UPDATE batch SET stopped_by = 'person' WHERE state IN ('cancelling', 'cancelled')")
    # Lanes of before are numbered from 0 to 3; the next ones begin above them.
    op.add_column("batch_source", sa.Column("lanes", sa.Integer(), nullable=False, server_default="4"))
    op.execute("ALTER TABLE batch_source DROP COLUMN waits")
    for name in ("reserved", "settled"):
        op.add_column("claim", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("claim", sa.Column("day", sa.Text(), nullable=False, server_default=""))
    op.add_column("usage", sa.Column("reserved", sa.Integer(), nullable=False, server_default="0"))
    failed = sa.text("state = 'failed'")
    columns = ["batch_id", "source", "error"]
    op.create_index("ix_reading_failed", "reading", columns, sqlite_where=failed, postgresql_where=failed)
    _halt()
    _attempt()
    _superseded()


def _of_source(table: str) -> sa.ForeignKeyConstraint:
    here, there = ["batch_id", "source"], ["batch_source.batch_id", "batch_source.source"]
    name = op.f(f"fk_{table}_batch_id_source_batch_source")
    return sa.ForeignKeyConstraint(here, there, name=name, ondelete="CASCADE")


def _halt() -> None:
    op.create_table(
        "halt",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_halt")),
        sqlite_with_rowid=False,
    )


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("batch_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        _of_source("attempt"),
        sa.PrimaryKeyConstraint("batch_id", "source", "position", name=op.f("pk_attempt")),
        sqlite_with_rowid=False,
    )


def _superseded() -> None:
    op.create_table(
        "superseded",
        sa.Column("batch_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=True),
        sa.Column("upper", sa.Float(precision=53), nullable=True),
        sa.Column("data", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.Column("from_cache", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        _of_source("superseded"),
        sa.PrimaryKeyConstraint("batch_id", "seq", name=op.f("pk_superseded")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_superseded_batch_id_source_position"), "superseded", ["batch_id", "source", "position"])


def downgrade() -> None:
    for table in ("superseded", "attempt", "halt"):
        op.drop_table(table)
    op.drop_index("ix_reading_failed", "reading")
    for table, columns in {
        "usage": ("reserved",),
        "claim": ("day", "settled", "reserved"),
        "batch_source": ("lanes",),
        "batch": ("rerun_of", "deadline_at", "stopped_by", "owner"),
    }.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    op.add_column("batch_source", sa.Column("waits", sa.Integer(), nullable=False, server_default="0"))
