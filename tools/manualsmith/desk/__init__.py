"""The desk: a web application over the same workflow functions that the commands call."""
