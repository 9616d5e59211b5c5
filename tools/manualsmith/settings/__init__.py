"""What a repository may set: ``[tool.manualsmith]``, with a module for each of its large tables."""
