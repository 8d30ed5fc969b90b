import pytest

from kpi.apps import load_shipped_kpis
from kpi.models import KPI, KPIVersion


@pytest.mark.django_db
def test_migrating_loads_the_shipped_kpis_again():
    KPIVersion.objects.all().delete()
    KPI.objects.all().delete()

    load_shipped_kpis()

    assert KPIVersion.objects.filter(kpi__code="average_handle_time", number=1).exists()


def test_other_databases_are_left_alone():
    load_shipped_kpis(using="another")
