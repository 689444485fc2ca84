"""Pure functions that rooms share: no I/O, no clock, no state."""
