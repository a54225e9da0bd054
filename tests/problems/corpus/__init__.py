"""What people write about the errors, in three languages, and how often the recogniser answers it rightly."""
