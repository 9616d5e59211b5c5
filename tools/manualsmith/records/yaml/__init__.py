"""Records as YAML text: read with places, write, and change a value in place."""
