"""manualsmith: what staff see in a user's environment becomes a reviewable edit to the manual."""

from importlib.metadata import version

__version__ = version("manualsmith")
