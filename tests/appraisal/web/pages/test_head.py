from datetime import date
from decimal import Decimal

import pytest

from appraisal.selectors.card import get_card
from appraisal.web.pages import head

TODAY = date(2026, 11, 3)


@pytest.fixture
def months(results):
    """Ana had 74 in September; in October 79.5 and a better satisfaction at a larger weight."""
    cast = results.cast
    results.run("2026-09", published=True)
    before = results.card("2026-09", cast.ana, 74, grade="qualified")
    results.line(before, "satisfaction", "0.8", 1, effective_weight=5)
    results.line(before, "service_standard", 90, 8)
    results.run("2026-10", imported=("contacts", "surveys", "reviews"))
    now = results.card(
        "2026-10", cast.ana, "79.5", grade="qualified", provisional=True, rank=3, ranked_among=11
    )
    results.line(now, "satisfaction", "0.9", "7.5", effective_weight=10, share="0.75")
    results.line(now, "service_standard", 90, 8)
    results.line(now, "exam", None, None, state="awaited", sample=0)
    return results


def read(months, user="sam", code="2026-10"):
    return get_card(
        user=getattr(months.cast, user), agent_id=months.cast.ana.agent_id, code=code, on=TODAY
    )


def test_summary_says_the_change_the_mover_and_the_way_to_go(months):
    # Satisfaction: from a share of 0.2 to 0.75 of its 10 points.
    assert head.summary(read(months)) == (
        "Better than September by 5.50."
        " IVR satisfaction gained most: 80.0% to 90.0%, 5.50 points more."
        " 0.50 points short of Good."
    )


def test_weight_alone_is_no_gain(months):
    """Points also rise when other items are missing; that is nobody's progress."""
    card = read(months)
    card.lines[0].share = Decimal("0.2")

    assert "gained most" not in head.summary(card)


def test_awaited_data_is_named_with_its_items(months):
    (waiting,) = head.waiting(read(months))

    assert (waiting.what, waiting.kind, waiting.items) == (
        "training records",
        "trainings",
        "Training and exam",
    )


def test_rank_is_for_leaders_and_the_quarter_for_oneself(months):
    months.runs["2026-10"].cycle.published_run = months.runs["2026-10"]
    months.runs["2026-10"].cycle.save(update_fields=["published_run"])
    months.publish("2026-10")

    assert head.standing(read(months)) == "Rank 3 of 11"
    assert head.standing(read(months, "ana")) == "In the first quarter of your position"


@pytest.mark.parametrize(
    ("rank", "among", "told"),
    [(1, 8, "first"), (3, 8, "second"), (6, 8, "third"), (8, 8, "last"), (1, 7, "")],
)
def test_quarter_needs_eight_people(months, rank, among, told):
    months.runs["2026-10"].published_at = date(2026, 11, 3)
    card = read(months)
    object.__setattr__(card, "is_own", True)
    card.scorecard.rank, card.scorecard.ranked_among = rank, among

    assert told in head.standing(card)
    assert bool(head.standing(card)) is bool(told)


def test_months_need_two_points(months):
    drawn = head.months(read(months))

    assert drawn["own"] == [74.0, 79.5]
    assert drawn["months"] == ["Sep", "Oct"]
    assert drawn["team"] == []
    assert [one["name"] for one in drawn["thresholds"]] == ["Good 80", "Excellent 90"]
    assert head.months(read(months, code="2026-09")) is None


def test_missing_points_are_those_to_the_next_grade(months):
    assert head.missing_points(read(months)) == "0.50 to Good"


@pytest.mark.parametrize(
    ("item", "value", "count"), [("satisfaction", "0.81", 1), ("answer_rate", "0.85", 0)]
)
def test_lifts_leave_out_what_is_not_in_ones_hands(months, item, value, count):
    """A third of the only item that is scored: the person's own can be lifted, the centre's not."""
    months.run("2026-11")
    card = months.card("2026-11", months.cast.ana, "33.33", grade="unqualified")
    months.line(card, item, value, "33.33", effective_weight=100, share="0.333333333")

    found = head.lifts(read(months, code="2026-11"))

    assert [(lift.url_item, lift.grade) for lift in found] == [(item, "Qualified")] * count
