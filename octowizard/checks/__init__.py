"""Pure functions of a Snapshot that report findings, one file per topic."""
