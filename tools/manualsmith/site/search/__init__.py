"""The search index, and the words of Chinese text."""
