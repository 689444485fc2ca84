"""Validation in a laboratory: what Presis says of earlier cases against what the laboratory reported."""
