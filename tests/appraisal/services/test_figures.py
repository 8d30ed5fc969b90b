"""Which figures schemes need."""

from appraisal.models import SchemeVersion
from appraisal.scoring.scheme import parse_scheme
from appraisal.services import figures


def test_schemes_name_their_kpis(library):
    versions = {one.pk: one for one in SchemeVersion.objects.all()}

    codes = figures.kpi_codes(versions)

    assert {"calls_per_shift", "resolution_rate", "training_given"} <= codes
    assert not any(code.startswith("rating") for code in codes)


def test_rating_and_kpi_have_keys_of_their_own(library):
    version = SchemeVersion.objects.get(scheme__code="s9_after_sales_specialist")

    keys = {figures.source_key(item) for item in parse_scheme(version.document).items}

    assert {"rating:teamwork", "resolution_rate"} <= keys
