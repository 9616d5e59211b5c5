"""Find an edit's place again on a page that has changed since the edit was made."""
