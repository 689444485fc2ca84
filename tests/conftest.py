"""What holds for all tests: a machine that is busy with other tests is no fault of the code.

The suite tries the same generated examples each time, so that a change is judged by what it changed.
`pytest --hypothesis-profile search` looks further, with new ones; what it finds becomes a test by name.
"""

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=400)
settings.load_profile("house")
