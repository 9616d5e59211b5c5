"""The words of a product's screens, as its translators keep them. No git, no records."""
