"""Tests of `octowizard/matching`."""
