"""Commands of the service desk: requests, incidents, walkthroughs, confirmations, search, forms."""
