"""What both sides look like now: the immutable struct, and the taking of it with the fewest calls."""
