"""What a page has for its readers beside its text."""
