"""What stands on each form: fields, tables and lines to sign on, by the record."""
