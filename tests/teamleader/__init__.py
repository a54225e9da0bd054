"""Tests of the client of Teamleader Focus."""
