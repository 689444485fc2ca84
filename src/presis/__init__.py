"""Presis: a country's precision cancer medicine on one record."""

__version__ = "0.1.0"
