from datetime import date

import polars as pl
from polars.testing import assert_frame_equal

from feedback.demo.facts.contacts import CHAT, DESK, PHONE, draw_contacts


def test_same_month_is_drawn_alike_every_time(month_of):
    assert_frame_equal(draw_contacts(month_of(-1), PHONE), draw_contacts(month_of(-1), PHONE))


def test_channel_that_nobody_works_on_is_empty(month_of):
    assert draw_contacts(month_of(-1), DESK).is_empty()


def test_unanswered_contacts_have_a_team_but_no_agent(month_of):
    lost = draw_contacts(month_of(-1), CHAT).filter(pl.col("outcome") != "answered")

    assert lost.height > 0
    assert lost["person"].null_count() == lost.height
    assert set(lost["team"]) == {"chat"}


def test_days_are_the_local_days_of_the_start(month_of):
    contacts = draw_contacts(month_of(0), PHONE)

    assert (contacts["started_at"].dt.date() == contacts["day"]).all()
    assert contacts["day"].min() >= date(2026, 11, 1)
    assert contacts["day"].max() <= date(2026, 11, 20)


def test_centre_answers_about_95_of_100(month_of):
    contacts = draw_contacts(month_of(-2), PHONE).filter(pl.col("outcome") != "missed")

    assert 0.9 < contacts["answered"].mean() < 0.98


def test_many_calls_are_lost_on_the_day_of_the_outage(month_of):
    contacts = draw_contacts(month_of(-1), PHONE)
    outage = contacts.filter(pl.col("day") == date(2026, 10, 14))

    assert outage["abandoned"].mean() > 3 * contacts["abandoned"].mean()


def test_external_ids_number_the_month(month_of):
    ids = draw_contacts(month_of(-1), CHAT)["external_id"]

    assert ids[0] == "C2610-000001"
    assert ids.n_unique() == len(ids)
