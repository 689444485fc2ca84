"""The library of the shipped packs."""

from pathlib import Path

import pytest

from presis.knowledge import Library, load_library

SHARED = Path(__file__).parents[2].parent / "shared"


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture
def source_folder() -> Path:
    folder = SHARED / "data" / "knowledge"
    if not folder.is_dir():
        pytest.skip("the folder of source data isn't beside the repository")
    return folder
