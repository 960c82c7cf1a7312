"""The processes that ask upstreams. Imports nothing here; see ``app/__init__.py`` for the floors."""
