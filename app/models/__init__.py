"""What is stored: tables as SQLModel classes, no queries."""
