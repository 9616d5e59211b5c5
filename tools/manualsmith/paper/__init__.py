"""Records and figures on paper: forms as HTML, PDF and Word, tables as Markdown, CSV and Excel."""
