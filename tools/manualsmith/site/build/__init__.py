"""What a build needs around MkDocs: its files, a cache, parallel processes, warnings."""
