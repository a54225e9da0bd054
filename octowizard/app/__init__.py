"""The Textual app: another reader of the same events that the command line prints."""
