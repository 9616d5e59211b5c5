"""Git LFS: files that a repository holds as pointers, and the objects that these point to."""
