"""What octowizard remembers, in SQLite: profiles, links, intents, spent calls, runs and their events."""
