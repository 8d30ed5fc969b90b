"""The organisation's time on pages."""

from django.utils import timezone

from agents.web.middleware import OrganisationFirst


def test_today_is_the_organisations(cast, rf):
    days = []

    OrganisationFirst(lambda request: days.append(timezone.get_current_timezone_name()))(
        rf.get("/people/")
    )

    assert days == ["Asia/Shanghai"]


def test_machines_are_answered_before_there_is_an_organisation(db, client):
    assert client.get("/healthz").status_code == 200
