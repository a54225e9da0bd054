"""Measurements by documented commands; pytest does not run them."""
