"""A repository that is open to work on, and its manuals as one commit has them."""
