"""manualsmith: what staff see in a user's environment becomes a reviewable edit to the manual."""

__version__ = "0.1.0"
