"""How fast, how many at once and how many a day an account may ask."""
