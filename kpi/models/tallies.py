"""What was counted and summed of each day, so that a late day does not read the month again.

Nothing here is a source: every row can be dropped, and is then made again from the facts.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Numeric(models.DecimalField):
    """A number of any size and scale: sums of days must be the sum of the month, to the digit."""

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
    """A day whose facts were tallied for a set of measures, as they were at a revision."""

    figures_key = models.CharField(max_length=64)
    day = models.DateField()
    revision = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["figures_key", "day"], name="day_tallied_once")
        ]

    def __str__(self) -> str:
        return f"{self.figures_key[:8]} {self.day} {self.revision}"


class Tally(models.Model):
    """The measures of one day's facts with the same agent, team, position and shift.

    Whole numbers stand apart from the others: the database adds them up several times faster.
    """

    figures_key = models.CharField(max_length=64)
    day = models.DateField()
    agent_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    position_id = models.BigIntegerField(null=True)
    shift_id = models.BigIntegerField(null=True)
    wholes = ArrayField(models.BigIntegerField(null=True), default=list)
    figures = ArrayField(Numeric(null=True))

    class Meta:
        indexes = [models.Index(fields=["figures_key", "day"], name="tally_by_day")]

    def __str__(self) -> str:
        return f"{self.figures_key[:8]} {self.day} agent={self.agent_id}"
