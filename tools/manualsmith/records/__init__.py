"""The record models, their YAML form, and errors that say file:line:column. No git, no Markdown."""
