"""The suggestion branches: what each holds, and how the queue is listed and shown."""
