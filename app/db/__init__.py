"""The engine, the unit of work, bulk inserts and the migrations."""
