"""The sync, end to end against the practice company: exactly once, as foreseen, within the limits."""
