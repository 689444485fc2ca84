"""A nation against all options: the tables of a cut, and each criterion once for every tumour."""
