"""The service desk's records: requests, incidents, walkthroughs, confirmations, search."""
