"""A month of the small cast, without a database."""

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from feedback.demo.cast import read_cast
from feedback.demo.facts.contacts import CHANNELS, draw_contacts
from feedback.demo.facts.month import Month
from feedback.demo.facts.tickets import draw_tickets
from feedback.demo.timeline import Timeline

TODAY = date(2026, 11, 21)


@pytest.fixture
def timeline() -> Timeline:
    """Three months up to 20 November 2026."""
    return Timeline(TODAY, 3)


@pytest.fixture
def month_of(timeline: Timeline) -> Callable[..., Month]:
    """Draws one month of phone A, chat and after-sales: ``month_of(-1)`` is October."""

    def draw(offset: int) -> Month:
        teams = frozenset({"phone-a", "chat", "after-sales"})
        cast = read_cast(timeline, teams=teams, agents=9)
        month = Month(timeline.month(offset), timeline, cast.people, volume=0.2)
        taken = [draw_contacts(month, channel) for channel in CHANNELS]
        month.answered = pl.concat(
            [frame.filter(pl.col("answered")) for frame in taken if not frame.is_empty()],
            how="diagonal_relaxed",
        )
        month.tickets = draw_tickets(month)
        return month

    return draw
