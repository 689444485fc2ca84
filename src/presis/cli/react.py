"""`presis react`: the reactions that are due."""

from presis.cli.record import react_app as app

__all__ = ["app"]
