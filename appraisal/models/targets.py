"""Targets of a cycle that take the place of the scheme's: for all, a position, a team, a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Target(models.Model):
    """What one item asks for in one cycle, of everybody of a scheme or of some of them.

    Closed, never changed: a new target closes the old one at its revision, so that a run reads
    what held at its watermark. At most one of position, team and agent is named; none of them
    means everybody whom the scheme appraises.
    """

    cycle = models.ForeignKey("appraisal.Cycle", models.PROTECT, related_name="targets")
    scheme = models.ForeignKey("appraisal.Scheme", models.PROTECT, related_name="targets")
    item = models.SlugField(max_length=64)
    position = models.ForeignKey(
        "agents.Position", models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey("agents.Team", models.PROTECT, null=True, blank=True, related_name="+")
    agent = models.ForeignKey(
        "agents.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    value = models.DecimalField(
        max_digits=18, decimal_places=9, help_text=_("In the KPI's unit; a share from 0 to 1.")
    )
    pro_rata = models.BooleanField(
        help_text=_("A volume of the whole period: who was there on fewer days owes less.")
    )
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    valid_from = models.PositiveIntegerField()
    valid_until = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "scheme", "item", "position", "team", "agent"],
                condition=Q(valid_until__isnull=True),
                nulls_distinct=False,
                name="target_once_while_valid",
            ),
            models.CheckConstraint(
                condition=Q(position__isnull=True, team__isnull=True)
                | Q(position__isnull=True, agent__isnull=True)
                | Q(team__isnull=True, agent__isnull=True),
                name="target_of_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="target_validity_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.item} {self.value}"
