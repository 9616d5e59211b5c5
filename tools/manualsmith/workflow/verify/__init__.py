"""Check that branches and main hold what the records explain, and refuse a push that does not."""
