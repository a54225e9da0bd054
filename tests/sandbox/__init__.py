"""Tests of the practice company and its two stand-ins."""
