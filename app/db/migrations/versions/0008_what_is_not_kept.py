"""Since when what a batch had is not kept any more, and how far its clearing away is"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SINCE = ("events_purged_at", "readings_purged_at", "items_purged_at")


def upgrade() -> None:
    for name in _SINCE:
        op.add_column("batch", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("batch", sa.Column("leaving", sa.Text(), nullable=False, server_default=""))
    op.add_column("batch", sa.Column("leaving_at", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.execute("DELETE FROM batch WHERE workspace_id = 0")  # forgotten ones, whose rows were on their way out
    for name in ("leaving_at", "leaving", *reversed(_SINCE)):
        op.drop_column("batch", name)
