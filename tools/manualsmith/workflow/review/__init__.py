"""What reviewers do: decide, refresh, reopen, publish."""
