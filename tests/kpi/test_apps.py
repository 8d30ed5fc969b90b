import pytest

from kpi.apps import load_shipped_kpis
from kpi.models import KPIVersion
from tests.factories import empty_library


@pytest.mark.django_db
def test_migrating_loads_the_shipped_kpis_again():
    empty_library()

    load_shipped_kpis()

    assert KPIVersion.objects.filter(kpi__code="average_handle_time", number=1).exists()


def test_other_databases_are_left_alone():
    load_shipped_kpis(using="another")
