"""Probes: what machines say, held against the manuals, becomes confirmations and suggestions."""
