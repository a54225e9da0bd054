"""Facts as blocks to be shown: one wording for each, whichever front end shows it. No widget, no stream, no clock."""
