"""The gate of a shared repository: what a push may do, who may do more, and what was let by."""
