"""The worked national programme as data: files beside this one, read by name."""
