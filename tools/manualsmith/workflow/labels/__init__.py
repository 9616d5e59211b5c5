"""The words of a product's screens that manuals quote, held against the product's catalogues."""
