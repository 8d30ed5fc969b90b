from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from agents import clock
from agents.models import Organisation


def test_zone_is_utc_until_there_is_an_organisation(db):
    assert clock.organisation_zone() == ZoneInfo("UTC")

    Organisation.objects.create(name="Harbour", zone="Asia/Shanghai")

    assert clock.organisation_zone() == ZoneInfo("Asia/Shanghai")


def test_evening_in_utc_is_the_next_day_in_shanghai():
    moment = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)

    assert clock.local_day(moment, ZoneInfo("Asia/Shanghai")) == date(2026, 11, 1)
    assert clock.local_day(moment, ZoneInfo("UTC")) == date(2026, 10, 31)
