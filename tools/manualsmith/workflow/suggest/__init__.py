"""From a confirmation to its suggestions."""
