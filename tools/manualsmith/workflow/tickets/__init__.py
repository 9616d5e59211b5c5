"""Requests from another system's tickets: its table, the map of its columns, and what comes in."""
