"""Panel files in, a signed molecular report out: see README.md for the way through."""
