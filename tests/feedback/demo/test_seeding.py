from datetime import date

import pytest

from agents.models import Agent
from appraisal.models import Publication
from feedback.demo import seeding
from kpi.models import Contact, ImportBatch

TODAY = date(2026, 11, 21)


def nothing(_line: str) -> None:
    """Reports to nobody."""


@pytest.mark.django_db
def test_second_time_changes_nothing():
    made = seeding.seed(size="small", today=TODAY, report=nothing)

    again = seeding.seed(size="small", today=TODAY, report=nothing)

    assert made["loaded_before"] is False
    assert made["people"] == Agent.objects.count()
    assert again == {"loaded_before": True}


@pytest.mark.django_db
def test_people_on_record_are_left_alone():
    Agent.objects.create(code="1", name="Ana")

    with pytest.raises(seeding.NotEmpty, match="people on record"):
        seeding.seed(size="small", today=TODAY, report=nothing)

    assert Agent.objects.count() == 1


@pytest.mark.django_db
def test_real_server_is_refused(settings):
    settings.REQUIRE_MFA = True

    with pytest.raises(seeding.NotEmpty, match="second factor"):
        seeding.check_free()


@pytest.mark.django_db
@pytest.mark.parametrize("today", [date(2026, 11, 1), date(2026, 10, 2), date(2026, 3, 31)])
def test_centre_can_be_built_on_any_day(today):
    seeding.seed(size="small", today=today, report=nothing)

    newest = Contact.objects.order_by("-day").first()
    assert newest.day < today
    assert not ImportBatch.objects.filter(uploaded_at__date__gt=today).exists()
    assert Publication.objects.filter(state="asked").exists()
