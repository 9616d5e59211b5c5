"""Webhooks: other systems learn what was answered, decided and published."""
