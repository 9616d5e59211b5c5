"""Share branches and decisions through a remote, and open merge requests on a forge."""
