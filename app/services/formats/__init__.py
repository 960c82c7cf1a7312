"""What an export is made of: its columns, and one file a format."""
