"""Put a decision on main: the commits, and the branches that end with them."""
