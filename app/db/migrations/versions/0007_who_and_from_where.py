"""Who did what from where, and people whom somebody else vouches for"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("activity", sa.Column("peer", sa.Text(), nullable=False, server_default=""))
    op.add_column("person", sa.Column("subject", sa.Text(), nullable=True))
    op.create_index(op.f("ix_person_subject"), "person", ["subject"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_person_subject"), "person")
    op.drop_column("person", "subject")
    op.drop_column("activity", "peer")
