"""What was worked out before, kept beside the repository; any machine can make it again."""
