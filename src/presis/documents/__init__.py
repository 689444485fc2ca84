"""Pure output that rooms share: words in two languages, charts, pages and PDF."""
