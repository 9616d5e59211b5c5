"""Suggestions shown on the pages that they change."""
