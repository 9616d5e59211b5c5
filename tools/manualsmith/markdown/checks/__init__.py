"""What an edit may not do to a page: unsafe HTML, broken structure, lost ids, dead links."""
