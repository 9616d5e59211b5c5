"""Shapes of secrets and personal data, by what they are of. `records.privacy` asks them all."""
