"""The MkDocs plugin: the manuals as a site that people can read and search."""
