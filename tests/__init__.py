"""The rings are named by what is real in them: ``unit`` nothing, ``store`` databases and Valkey, ``face`` pages, API
and command line, ``journey`` everything. ``test_house.py`` looks at the house itself."""
