"""Caches kept beside the repository, which any machine can rebuild."""
