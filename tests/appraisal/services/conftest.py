"""Schemes of a single item, put to use for a position."""

import pytest

from appraisal.models import SchemeVersion
from appraisal.services import schemes
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW

# After all that the library published, so that these hold.
LATER = NOW.replace(year=2040)


@pytest.fixture
def publish(library):
    """Puts a scheme of contacts counted to use for a position; more may be said of it."""
    made = measure_by("count(contacts)", weight=100, rule={"type": "share", "of": 100})
    made.store()

    def publish(position, **more):
        document = made_of(*made.items, positions=[position], code=f"plan-{position}", **more)
        schemes.add_version(document, now=LATER)
        return SchemeVersion.objects.get(scheme__code=f"plan-{position}", state="published")

    return publish
