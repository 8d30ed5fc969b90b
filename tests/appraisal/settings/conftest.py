"""What tests of the embedded server share."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """A folder for a server's data.

    Not ``tmp_path``: for root the server runs as another user, and whenever some pytest starts it
    closes the folder above all ``tmp_path``s to others, under the running server's feet.
    """
    folder = Path(tempfile.mkdtemp(prefix="appraisal-server-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
