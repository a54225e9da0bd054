"""The sync: plan (pure), engine, payments, events. Nothing here knows a screen or a terminal."""
