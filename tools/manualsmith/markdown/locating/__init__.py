"""Find what a target names on a page."""
