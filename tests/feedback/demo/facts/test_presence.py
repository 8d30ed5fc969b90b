import polars as pl

from feedback.demo.facts.presence import draw_shifts


def test_there_is_one_row_for_each_duty(month_of):
    month = month_of(-1)

    shifts = draw_shifts(month)

    assert shifts.height == len(month.duties)
    assert shifts.select("person", "day").is_duplicated().sum() == 0


def test_time_of_a_shift_adds_up(month_of):
    worked = draw_shifts(month_of(-1)).filter(pl.col("logged_in_s") > 0)

    parts = worked.select(
        pl.sum_horizontal("handling_s", "ready_s", "not_ready_s", "break_s")
    ).to_series()
    assert (parts == worked["logged_in_s"]).all()
    assert worked["ready_s"].min() >= 0


def test_nobody_is_logged_in_on_a_day_of_leave(month_of):
    leave = draw_shifts(month_of(-1)).filter(pl.col("leave_days") > 0)

    assert leave.height > 0
    assert leave["logged_in_s"].sum() == 0
