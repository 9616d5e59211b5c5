"""Reports over all records: audit, figures of a period, the chain of one record."""
