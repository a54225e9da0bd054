"""Tests of `octowizard/customers`."""
