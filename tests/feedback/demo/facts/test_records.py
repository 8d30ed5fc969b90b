from datetime import date

import polars as pl

from feedback.demo.facts.records import draw_events, draw_figures, draw_trainings


def test_everybody_with_exams_takes_one_a_month(month_of):
    month = month_of(-1)

    exams = draw_trainings(month).filter(pl.col("kind") == "knowledge")

    takers = [number for number, one in enumerate(month.people) if "exam" in one.traits]
    assert sorted(exams["person"]) == takers
    assert set(exams["day"]) == {date(2026, 10, 18)}


def test_trainings_of_the_month_that_is_not_over_are_awaited(month_of):
    assert draw_trainings(month_of(0)).is_empty()


def test_no_more_customers_are_called_back_than_are_due(month_of):
    events = draw_events(month_of(-1))

    by_kind = {
        kind: events.filter(pl.col("kind") == kind).sort("person", "day")
        for kind in ("callback_due", "callback_done")
    }
    assert by_kind["callback_due"].height == by_kind["callback_done"].height > 0
    done, due = by_kind["callback_done"]["quantity"], by_kind["callback_due"]["quantity"]
    assert (done <= due).all()


def test_events_lie_inside_what_is_known(month_of):
    days = draw_events(month_of(0))["day"]

    assert days.min() >= date(2026, 11, 1)
    assert days.max() <= date(2026, 11, 20)


def test_figures_are_of_the_whole_centre(month_of):
    figures = draw_figures(month_of(-1))

    assert figures["person"].null_count() == figures.height
    assert set(figures["figure"]) == {"contact_plan", "headcount", "turnover", "running_cost"}
