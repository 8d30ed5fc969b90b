"""What a run computed: one scorecard per agent, one line per item."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Scorecard(models.Model):
    """One agent in one run. Where the agent stood in the period is kept with it."""

    class State(models.TextChoices):
        GRADED = "graded", _("graded")
        NO_GRADE = "no_grade", _("no grade: too little is measured")
        NOT_RANKED = "not_ranked", _("not ranked: present too short a time")

    run = models.ForeignKey("appraisal.Run", models.PROTECT, related_name="scorecards")
    agent = models.ForeignKey("agents.Agent", models.PROTECT, related_name="scorecards")
    scheme_version = models.ForeignKey("appraisal.SchemeVersion", models.PROTECT, related_name="+")
    team = models.ForeignKey("agents.Team", models.PROTECT, related_name="+")
    position = models.ForeignKey("agents.Position", models.PROTECT, related_name="+")
    shift = models.ForeignKey("agents.Shift", models.PROTECT, null=True, related_name="+")
    days_present = models.PositiveSmallIntegerField(
        help_text=_("Days of the period with an assignment.")
    )
    state = models.CharField(max_length=10, choices=State.choices)
    provisional = models.BooleanField(default=False)
    capped = models.BooleanField(
        default=False, help_text=_("A cap or a veto keeps the grade below what the total gives.")
    )
    total = models.DecimalField(
        max_digits=7, decimal_places=2, null=True, help_text=_("Missing when no line gives points.")
    )
    covered = models.DecimalField(
        max_digits=6, decimal_places=2, help_text=_("Percent of the weight.")
    )
    grade = models.CharField(max_length=32, blank=True)
    by_guideline = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("The guideline for how many may have a grade lowered this one."),
    )
    stars = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Missing when none are given.")
    )
    rank = models.PositiveIntegerField(null=True, blank=True)
    ranked_among = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "agent"], name="scorecard_once_a_run"),
            models.CheckConstraint(
                condition=Q(total__range=(-1000, 1000)), name="scorecard_total_range"
            ),
            models.CheckConstraint(
                condition=~Q(state="no_grade") | Q(grade=""), name="scorecard_no_grade"
            ),
            models.CheckConstraint(
                condition=Q(state="graded") | Q(rank__isnull=True), name="scorecard_no_rank"
            ),
        ]
        indexes = [models.Index(fields=["agent", "run"], name="scorecard_by_agent")]

    def __str__(self) -> str:
        return f"run={self.run_id} agent={self.agent_id} {self.total}"


class ScorecardLine(models.Model):
    """One item of one scorecard: what was measured, and the points it gave."""

    class State(models.TextChoices):
        SCORED = "scored", _("scored")
        INSUFFICIENT = "insufficient", _("sample too small")
        NO_DATA = "no_data", _("no data")
        AWAITED = "awaited", _("awaited")
        NOT_APPLICABLE = "not_applicable", _("not applicable")
        NOT_AVAILABLE = "not_available", _("not available")
        NOT_MEASURABLE = "not_measurable", _("not measurable")

    # Checked by triggers, once a statement (migration 0011): row by row it would cost as much as
    # writing the lines.
    scorecard = models.ForeignKey(
        Scorecard, models.PROTECT, db_constraint=False, db_index=False, related_name="lines"
    )
    item = models.SlugField(max_length=64, db_index=False)
    order = models.PositiveSmallIntegerField()
    # One of the run's pinned versions, which are referenced for real and kept from going: a check
    # of every line would cost as much as writing it, and so would an index.
    kpi_version = models.ForeignKey(
        "kpi.KPIVersion",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    state = models.CharField(max_length=16, choices=State.choices)
    value = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    numerator = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    sample = models.PositiveBigIntegerField(null=True)
    weight = models.DecimalField(
        max_digits=9, decimal_places=6, help_text=_("Of 100, before missing items.")
    )
    effective_weight = models.DecimalField(
        max_digits=7,
        decimal_places=2,
        help_text=_("Of 100, after the weight of missing items was shared out."),
    )
    share = models.DecimalField(
        max_digits=12, decimal_places=9, null=True, help_text=_("Of the item, 0 to 1.")
    )
    points = models.DecimalField(
        max_digits=7,
        decimal_places=2,
        null=True,
        help_text=_("Missing when the line is not scored."),
    )
    target = models.DecimalField(
        max_digits=24,
        decimal_places=9,
        null=True,
        help_text=_("What the rule asked for, where it asks for one figure."),
    )
    level = models.CharField(max_length=32, blank=True)
    conditions = models.JSONField(
        null=True,
        blank=True,
        help_text=_("What the item's conditions came to; missing where it has none."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "item"], name="scorecard_line_once"),
            models.CheckConstraint(
                condition=Q(points__range=(-1000, 1000)), name="scorecard_line_points_range"
            ),
        ]

    def __str__(self) -> str:
        return f"scorecard={self.scorecard_id} {self.item} {self.points}"
