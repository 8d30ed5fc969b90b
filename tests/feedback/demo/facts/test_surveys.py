from datetime import date

import polars as pl

from feedback.demo.facts.surveys import draw_surveys


def test_answers_of_the_two_newest_days_are_missing(month_of):
    month = month_of(0)

    surveys = draw_surveys(month)

    assert month.answered["day"].max() == date(2026, 11, 20)
    assert surveys["day"].max() == date(2026, 11, 18)


def test_every_answer_points_to_a_contact_or_a_ticket(month_of):
    month = month_of(-1)

    surveys = draw_surveys(month)

    contacts = set(surveys["contact"].drop_nulls())
    assert contacts <= set(month.answered["external_id"])
    assert set(surveys["ticket"].drop_nulls()) <= set(month.tickets["external_id"])
    linked = surveys.filter(pl.col("contact").is_null() == pl.col("ticket").is_null())
    assert linked.is_empty()


def test_about_a_fifth_answers_with_one_to_five(month_of):
    month = month_of(-1)

    surveys = draw_surveys(month)

    asked = month.answered.height + month.tickets.height
    assert 0.15 < surveys.height / asked < 0.25
    assert set(surveys["score"]) == {1, 2, 3, 4, 5}
    assert set(surveys["scale"]) == {"1-5"}
    assert (surveys["answered_at"].dt.date() == surveys["day"]).all()
