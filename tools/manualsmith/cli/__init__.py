"""The command line: read arguments, call one function, print what it returns."""

from manualsmith.cli.group import main

__all__ = ["main"]
