"""Pages ask what day it is; here it is always the third of November 2026 in Shanghai."""

import pytest
import time_machine

from tests.factories import NOW


@pytest.fixture(autouse=True)
def third_of_november():
    with time_machine.travel(NOW, tick=False):
        yield
