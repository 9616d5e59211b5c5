"""What people see in a terminal, and where it is written to."""
