"""Every practice company from beginning to end: what is wrong is met, cured, and gone."""
