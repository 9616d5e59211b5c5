"""Troubleshooting entries on a page: where they are, in whatever shape, and their parts."""
