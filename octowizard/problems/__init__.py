"""What can go wrong, one explanation for all who ask."""
