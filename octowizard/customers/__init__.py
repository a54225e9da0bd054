"""What is done about customers: finding their relation, making it, importing, merging."""
