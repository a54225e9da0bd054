"""Tests of `octowizard/books`."""
