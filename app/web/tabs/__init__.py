"""The tabs of a batch's page: one file a tab, with its state and what is seen of it. They know no page."""
