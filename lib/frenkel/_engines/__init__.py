"""Private engines: how the numbers are computed. No physics is explained here, and nothing here is public."""
