"""What was counted and summed of each day, so that a late day does not read the month again.

Nothing here is a source: every row can be dropped, and is then made again from the facts.
"""

from __future__ import annotations

from typing import Any

from django.db import models


class Numeric(models.DecimalField):
    """A number of any size and scale; the first migrations of tallies made columns of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 60, "decimal_places": 20, **kwargs})

    def db_type(self, connection: Any) -> str:
        """No limits in the database."""
        return "numeric"


class TouchedDay(models.Model):
    """A revision that added or closed facts of a day. Written by triggers, so none is missed."""

    fact = models.CharField(max_length=16)
    anchor = models.CharField(max_length=16)
    day = models.DateField()
    revision = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "anchor", "day", "revision"], name="day_touched_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fact}.{self.anchor} {self.day} {self.revision}"


class TalliedDay(models.Model):
    """What a day's facts came to for a set of measures, as they were at a revision.

    ``content`` is a table in Arrow's IPC format, of narrow columns: one row for each combination of
    agent, team, position and shift (:mod:`kpi.tallies`).
    """

    figures_key = models.CharField(max_length=64)
    day = models.DateField()
    revision = models.PositiveIntegerField()
    content = models.BinaryField(default=bytes)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["figures_key", "day"], name="day_tallied_once")
        ]

    def __str__(self) -> str:
        return f"{self.figures_key[:8]} {self.day} {self.revision}"
