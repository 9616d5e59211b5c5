"""Commands of the service desk: what users report, what was seen, what is known."""
