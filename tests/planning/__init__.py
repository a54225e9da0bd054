"""Tests of `octowizard/checks`."""
