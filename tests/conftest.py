"""What holds for all tests: a machine that is busy with other tests is no fault of the code."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
