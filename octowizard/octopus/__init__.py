"""The Octopus API as its contract names it: client, models, errors, session tokens."""
