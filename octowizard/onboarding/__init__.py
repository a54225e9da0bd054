"""The scenarios A, B and C: their steps as data and small functions, and what 'Do it for me' can do."""
