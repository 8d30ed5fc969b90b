import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from feedback.demo.facts.month import moments, numbered, only, rows_of
from feedback.demo.facts.presence import draw_shifts
from feedback.demo.facts.records import draw_events, draw_figures, draw_trainings
from feedback.demo.facts.reviews import draw_reviews
from feedback.demo.facts.surveys import draw_surveys
from feedback.demo.facts.tickets import draw_tickets


@pytest.mark.parametrize(
    "draw",
    [
        draw_events,
        draw_figures,
        draw_reviews,
        draw_shifts,
        draw_surveys,
        draw_tickets,
        draw_trainings,
    ],
)
def test_same_month_is_drawn_alike_every_time(month_of, draw):
    assert_frame_equal(draw(month_of(-1)), draw(month_of(-1)))


def test_numbers_have_six_digits():
    assert numbered("P2610-", 2).to_list() == ["P2610-000001", "P2610-000002"]


def test_values_are_missing_where_the_condition_fails():
    assert only(np.array([3, 4]), np.array([True, False])).to_list() == [3, None]


def test_moments_count_from_midnight():
    days = pl.Series(["2026-10-14"]).str.to_date()

    assert str(moments(days, np.array([3661]))[0]) == "2026-10-14 01:01:01"


def test_no_records_keep_their_columns():
    frame = rows_of([], ("kind", "quantity"))

    assert frame.is_empty()
    assert frame.columns[-2:] == ["kind", "quantity"]
