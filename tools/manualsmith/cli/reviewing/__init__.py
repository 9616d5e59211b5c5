"""Commands from a confirmation to main: suggest, review, preview, verify, share."""
