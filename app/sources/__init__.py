"""What answers: one file is one upstream, sans-IO. Adding a file adds its sources."""
