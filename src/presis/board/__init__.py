"""The national molecular tumour board: what it is asked, and what it answers."""
