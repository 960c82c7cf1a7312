"""What has been done, what upstreams said by the minute, and what people keep"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WORKSPACE = "workspace.id"
_COUNTS = (
    *("ok", "below", "missing", "failed", "cached"),
    *("l_10", "l_20", "l_50", "l_100", "l_200", "l_300", "l_500", "l_1000", "l_2000", "l_5000", "l_more"),
)


def upgrade() -> None:
    _activity()
    _pulse()
    _saved()


def _activity() -> None:
    op.create_table(
        "activity",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("batch_id", KEY, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], [_WORKSPACE], name=op.f("fk_activity_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_activity_batch_id_batch"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sqlite_autoincrement=True,
    )
    for columns in (["batch_id", "id"], ["workspace_id", "id"]):
        op.create_index(op.f(f"ix_activity_{'_'.join(columns)}"), "activity", columns)


def _pulse() -> None:
    op.create_table(
        "pulse",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("minute", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("latency_ms", sa.BigInteger(), nullable=False),
        *[sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS],
        sa.PrimaryKeyConstraint("account", "minute", name=op.f("pk_pulse")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pulse_minute"), "pulse", ["minute"])


def _saved() -> None:
    op.create_table(
        "saved",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], [_WORKSPACE], name=op.f("fk_saved_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved")),
        sa.UniqueConstraint("workspace_id", "kind", "name", name=op.f("uq_saved_workspace_id_kind_name")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for table in ("saved", "pulse", "activity"):
        op.drop_table(table)
