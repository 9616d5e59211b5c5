"""The internal site's ledger of records."""
