"""Tests of `octowizard/snapshot`."""
