"""A module for each kind of page of the desk."""
