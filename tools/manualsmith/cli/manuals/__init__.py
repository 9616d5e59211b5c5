"""Commands on pages: one edit, pages for another builder, schemas, translations."""
