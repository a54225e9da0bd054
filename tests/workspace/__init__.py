"""Tests of what octowizard remembers."""
