"""What the plugin puts on a page of the manuals."""
