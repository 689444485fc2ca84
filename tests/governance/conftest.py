"""A fresh record for the tests that list from views."""

from tests.record.databases import place, postgres

__all__ = ["place", "postgres"]
