"""What readers see of a page, leaf by leaf, and whether an edit keeps what is beside it."""
