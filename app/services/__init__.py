"""See ``app/__init__.py`` for the floors."""
