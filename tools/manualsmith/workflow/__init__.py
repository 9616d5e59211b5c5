"""The use cases, a module each. They read values and a repository, and never print."""
