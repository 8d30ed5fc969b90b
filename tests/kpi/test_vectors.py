"""Formula vectors of the field: facts in the database, the library's own KPIs, known figures.

Each figure is worked out in the test's own words; none is taken from the code.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from agents import periods
from kpi.intervals import wilson
from kpi.models import Contact
from kpi.services import measuring
from tests.factories import add_facts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

OCTOBER = periods.month(2026, 10)
SHARE = Decimal("0.000000001")


def measured(code: str, **options: Any) -> dict[str, Any]:
    """The figures of a shipped KPI for the whole centre."""
    (entry,) = measuring.measure_text(code, period=OCTOBER, **options)
    return entry


def value(code: str) -> Decimal:
    return measured(code)["value"]


def values(*codes: str) -> list[Decimal]:
    return [value(code) for code in codes]


def ratio(above: int, below: int) -> Decimal:
    """A share as it is kept: rounded half up at the ninth place."""
    return (Decimal(above) / below).quantize(SHARE)


def calls(number: int, **fields: Any) -> list[dict[str, Any]]:
    return [{"direction": "in", "answered": False, "abandoned": False} | fields] * number


@pytest.fixture
def queue() -> None:
    """100 answered, 80 of them within 20 s; 20 abandoned, 5 short, 8 within 20 s; 10 flowed out."""
    rows = [
        *calls(80, answered=True, wait_s=20),
        *calls(20, answered=True, wait_s=45),
        *calls(5, abandoned=True, wait_s=4),
        *calls(3, abandoned=True, wait_s=20),
        *calls(12, abandoned=True, wait_s=60),
        *calls(10, outcome="flow_out", wait_s=90),
    ]
    add_facts("contacts", rows)


@pytest.mark.usefixtures("queue")
def test_service_level_differs_with_what_stands_below_the_line():
    # 120 - 5 short; 120; with 10 flow-outs 130; answered alone 100.
    assert values(
        "service_level_answered",
        "service_level_with_short",
        "service_level_20",
        "service_level_no_abandons",
    ) == [ratio(80, 115), ratio(80, 120), ratio(80, 130), Decimal("0.8")]
    assert round(100 * value("service_level_answered"), 1) == Decimal("69.6")
    assert round(100 * value("service_level_with_short"), 1) == Decimal("66.7")
    assert round(100 * value("service_level_20"), 1) == Decimal("61.5")


@pytest.mark.usefixtures("queue")
def test_early_abandons_lift_the_level_of_those_who_left_the_queue():
    entry = measured("service_level_left_queue")

    assert (entry["numerator"], entry["denominator"]) == (88, 130)
    assert round(100 * entry["value"], 1) == Decimal("67.7")


def test_hold_time_is_ninety_of_those_held_and_eighteen_of_all():
    held = [{"answered": True, "hold_s": 60}, {"answered": True, "hold_s": 120}]
    add_facts("contacts", [*held, *[{"answered": True, "hold_s": 0}] * 8])

    assert values("average_hold_time", "average_hold_time_of_all", "hold_rate") == [
        90,
        18,
        Decimal("0.2"),
    ]


def test_five_ratings_are_sixty_forty_and_three_point_six():
    add_facts("surveys", [{"scale": "1-5", "score": score} for score in (5, 5, 4, 3, 1)])
    # The same five as good (4 and 5) or bad: three and two.
    add_facts("surveys", [{"scale": "binary", "score": good} for good in (1, 1, 1, 0, 0)])

    assert values(
        "customer_satisfaction", "very_satisfied_share", "satisfaction_mean", "good_rating_rate"
    ) == [Decimal("0.6"), Decimal("0.4"), Decimal("3.6"), Decimal("0.6")]


def test_zero_is_a_detractor():
    add_facts("surveys", [{"nps": answer} for answer in (10, 9, 8, 7, 6, 0)])

    entry = measured("nps")

    # Two promoters, two detractors, six answers.
    assert (entry["value"], entry["denominator"]) == (0, 6)


def test_ten_of_twelve_stand_above_two_of_two(cast):
    good, bad = {"scale": "1-5", "score": 5}, {"scale": "1-5", "score": 1}
    add_facts("surveys", [*[good] * 10, *[bad] * 2], agent=cast.ana.agent)
    add_facts("surveys", [good] * 2, agent=cast.ben.agent)

    entries = measuring.measure_text("customer_satisfaction", period=OCTOBER, by="agent")
    low = {
        entry["group"]: wilson(int(entry["numerator"]), int(entry["denominator"])).low
        for entry in entries
    }

    # Neither is scored on so few, but two of two is not "better".
    assert {entry["group"]: entry["state"] for entry in entries} == {
        "ana": "measured",
        "ben": "small",
    }
    assert {agent: round(100 * bound, 1) for agent, bound in low.items()} == {
        "ana": Decimal("55.2"),
        "ben": Decimal("34.2"),
    }


def contact_on(day: int) -> dict[str, Any]:
    start = datetime(2026, 10, 1, 9, 0, tzinfo=UTC) + timedelta(days=day)
    return {
        "started_at": start,
        "day": start.date(),
        "answered": True,
        "customer": "c1",
    }


def kept_by_day() -> dict[str, Decimal]:
    entries = measuring.measure_text("no_repeat_within_7_days", period=OCTOBER, by="day")
    return {entry["group"]: entry["value"] for entry in entries}


def test_first_contact_resolution_within_seven_days_is_open_until_they_have_passed():
    add_facts("contacts", [contact_on(0), contact_on(3), contact_on(12)])

    # Back after 3 days; back after 9 days, which is no repeat; not back so far.
    assert kept_by_day() == {"2026-10-01": 0, "2026-10-04": 1, "2026-10-13": 1}

    add_facts("contacts", [contact_on(18)])

    # Six days after the third contact the customer came back: it was open until day 19.
    assert kept_by_day() | {"2026-10-19": 1} == {
        "2026-10-01": 0,
        "2026-10-04": 1,
        "2026-10-13": 0,
        "2026-10-19": 1,
    }


def test_contact_passed_on_gives_each_the_own_talk_and_the_team_one_customer(cast):
    legs = {"answered": True, "customer": "c1"}
    add_facts("contacts", [legs | {"talk_s": 60, "transferred": True}], agent=cast.ana.agent)
    add_facts("contacts", [legs | {"talk_s": 240, "transferred_in": True}], agent=cast.ben.agent)

    def by_agent(code: str) -> dict[str, Decimal]:
        entries = measuring.measure_text(code, period=OCTOBER, by="agent")
        return {entry["group"]: entry["value"] for entry in entries}

    assert by_agent("average_talk_time") == {"ana": 60, "ben": 240}
    assert by_agent("contacts_handled") == {"ana": 1, "ben": 1}
    assert values("total_talk_time", "customer_contacts") == [300, 1]
    (team,) = measuring.measure_text("customer_contacts", period=OCTOBER, by="team")
    assert team["value"] == 1


RINGS = """\
call,agent,start,event,ringtime ms
1,ana,2026-10-05 09:00:00,RINGNOANSWER,15000
2,ana,2026-10-05 09:05:00,RINGNOANSWER,5000
"""
RING_MAPPING = """\
kind: contacts
source: pbx
agents: {unknown: reject}
fields:
  external_id: call
  agent: agent
  started_at: {column: start, format: "%Y-%m-%d %H:%M:%S"}
  ring_s: {column: ringtime ms, as: milliseconds}
  answered: {constant: false}
  outcome: {column: event, values: {RINGNOANSWER: missed}}
"""


def test_ring_time_in_milliseconds_is_taken_in_as_seconds(cast, settings, tmp_path):
    settings.APPRAISAL_VAR = tmp_path / "var"
    log, mapping = tmp_path / "rings.csv", tmp_path / "rings.yaml"
    log.write_text(RINGS, encoding="utf-8")
    mapping.write_text(RING_MAPPING, encoding="utf-8")

    call_command("import_data", "contacts", str(log), "--mapping", str(mapping))

    assert sorted(Contact.objects.values_list("ring_s", flat=True)) == [5, 15]
    assert values("ring_time_of_missed", "missed_alert_rate") == [10, 1]


def test_criterion_that_does_not_apply_stands_in_neither_sum():
    # Weights 40, 40, 20; 100%, not applicable, 50%: (4000 + 1000) / 60.
    criteria = [
        {"numerator": 40, "denominator": 40},
        {"numerator": None, "denominator": None},
        {"numerator": 10, "denominator": 20},
    ]
    add_facts("figures", [{"figure": "qa_points"} | row for row in criteria])

    assert round(100 * value("qa_points_share"), 1) == Decimal("83.3")


def test_fatal_fault_leaves_nothing_of_the_score():
    add_facts("figures", [{"figure": "qa_points", "numerator": 0, "denominator": 60}])
    add_facts("reviews", [{"form": "service", "score": 0, "fatal": True}])

    assert values("qa_points_share", "service_standard", "fatal_rate", "qa_pass_rate") == [
        0,
        0,
        1,
        0,
    ]


def test_typing_test_gives_gross_net_and_accuracy():
    counts = {"keystrokes": 1750, "typing_minutes": 5, "wrong_words": 5}
    add_facts("figures", [{"figure": code, "value": count} for code, count in counts.items()])

    # 1750 / 5 / 5; 1725 / 5 / 5; 1725 / 1750.
    assert values("typing_gross_speed", "typing_net_speed") == [70, 69]
    assert round(100 * value("typing_accuracy"), 1) == Decimal("98.6")


def test_five_leavers_of_fifteen_are_a_third():
    add_facts("figures", [{"figure": "staff_turnover", "numerator": 5, "denominator": 15}])

    assert round(100 * value("staff_turnover"), 1) == Decimal("33.3")


def test_turnover_of_a_quarter_adds_up_leavers_and_takes_the_mean_of_heads():
    months = [(date(2026, 10, 1), 1, 20), (date(2026, 11, 1), 0, 19), (date(2026, 12, 1), 2, 21)]
    rows = [
        {"figure": "staff_turnover", "day": day, "numerator": left, "denominator": heads}
        for day, left, heads in months
    ]
    add_facts("figures", rows)

    (entry,) = measuring.measure_text("staff_turnover", period=periods.parse("2026-Q4"))

    # Three left of 20 on average: 15%, and not 3 of 60.
    assert entry["value"] == Decimal("0.15")
