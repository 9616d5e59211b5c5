"""What people call things: the vocabulary of both searches, and how a question is read by it."""
