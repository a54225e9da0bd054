"""The steps of the set-up: one file per step, found by its name; `registry` says what a step declares."""
