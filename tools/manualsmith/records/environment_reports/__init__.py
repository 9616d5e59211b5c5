"""What machines report of themselves, such as ``systeminfo``, as facts of an environment."""
