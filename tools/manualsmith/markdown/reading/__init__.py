"""A page as source spans: lines, blocks, headings, lists, tables, front matter."""
