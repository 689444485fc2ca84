"""Readers of panel files: one module per file format, none of which interprets anything."""
