"""Pure: are two customers the same, and why."""
