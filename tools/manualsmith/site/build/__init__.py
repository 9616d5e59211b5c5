"""How a build is made fast, whole and quiet."""
