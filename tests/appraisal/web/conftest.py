"""Months of scorecards whose every figure a test writes itself."""

import pytest

from tests.results import results_for


@pytest.fixture
def results(cast, library):
    """Writes cycles, runs, cards and lines."""
    return results_for(cast)
