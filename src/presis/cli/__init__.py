"""The command line: one thin module per room; `main` knows only their names."""
