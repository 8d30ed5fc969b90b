"""What several tests of pages begin with: months of scorecards, a scheme on its way."""

import pytest

from appraisal.models import SchemeVersion
from appraisal.services import drafts
from tests.factories import NOW
from tests.results import results_for


@pytest.fixture
def results(cast, library):
    """Writes cycles, runs, cards and lines, whose every figure a test gives."""
    return results_for(cast)


@pytest.fixture
def draft(cast, library):
    """Hana's draft of the next version of the agents' scheme."""
    scheme = SchemeVersion.objects.get(scheme__code="s2_call_centre_agent").scheme
    return drafts.start_draft(scheme=scheme, edited_by=cast.hana, now=NOW)
