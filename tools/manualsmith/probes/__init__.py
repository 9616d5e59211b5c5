"""Probes: read a fact of the environment by machine, within bounds. No git, no records."""
