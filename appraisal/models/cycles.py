"""Cycles, the runs that compute them, the ratings people enter, and publication."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents import periods


class Cycle(models.Model):
    """A period that is appraised, and how far that has come."""

    class Phase(models.TextChoices):
        PREPARE = "prepare", _("Prepare")
        COLLECT = "collect", _("Collect")
        EVALUATE = "evaluate", _("Evaluate")
        FEEDBACK = "feedback", _("Feedback")
        ADJUST = "adjust", _("Adjust")
        CLOSED = "closed", _("Closed")

    class Kind(models.TextChoices):
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")
        YEAR = "year", _("Year")
        CUSTOM = "custom", _("Custom")

    code = models.CharField(max_length=32, unique=True, help_text=_("2026-10, 2026-Q3, 2026."))
    kind = models.CharField(max_length=8, choices=Kind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text=_("Exclusive."))
    phase = models.CharField(max_length=8, choices=Phase.choices, default=Phase.PREPARE)
    current_run = models.ForeignKey(
        "appraisal.Run", models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_run = models.ForeignKey(
        "appraisal.Run", models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="cycle_order"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def period(self) -> periods.Period:
        """The days it covers."""
        return periods.Period(self.starts_on, self.ends_on, self.kind, self.code)  # type: ignore[arg-type]


class Run(models.Model):
    """One computation of a cycle: immutable once done, frozen by the database once published."""

    class State(models.TextChoices):
        OWED = "owed", _("waiting")
        RUNNING = "running", _("computing")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OWED)
    watermark = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("The fact revision up to which it read.")
    )
    parameters = models.JSONField(
        default=dict, help_text=_("Zone, kinds imported, minimum presence.")
    )
    package_version = models.CharField(max_length=32, blank=True)
    scoring_hash = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 of its values."))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    job = models.ForeignKey("kpi.Job", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="run_number_once"),
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(state__in=["owed", "running"]),
                name="run_one_open_a_cycle",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(watermark__isnull=False) & ~Q(digest="")),
                name="run_done_is_pinned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} run {self.number}"


class RunKPI(models.Model):
    """The version of a KPI that a run used."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="kpi_versions")
    kpi_version = models.ForeignKey("kpi.KPIVersion", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "kpi_version"], name="run_kpi_once")]

    def __str__(self) -> str:
        return f"run={self.run_id} kpi={self.kpi_version_id}"


class RunScheme(models.Model):
    """The version of a scheme that a run used."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="scheme_versions")
    scheme_version = models.ForeignKey("appraisal.SchemeVersion", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "scheme_version"], name="run_scheme_once")
        ]

    def __str__(self) -> str:
        return f"run={self.run_id} scheme={self.scheme_version_id}"


class Rating(models.Model):
    """What one person says of another on one item in one cycle, in percent.

    Closed, never changed: a new rating of the same rater closes the old one at its revision.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="ratings")
    item = models.SlugField(max_length=64, help_text=_('The code in rating("code").'))
    agent = models.ForeignKey("agents.Agent", models.PROTECT, related_name="ratings")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    comment = models.CharField(max_length=500, blank=True)
    rated_at = models.DateTimeField()
    valid_from = models.PositiveIntegerField()
    valid_until = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__range=(0, 100)), name="rating_percent_range"
            ),
            models.UniqueConstraint(
                fields=["cycle", "item", "agent", "rater"],
                condition=Q(valid_until__isnull=True),
                name="rating_once_while_valid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.item} agent={self.agent_id} {self.percent}"


class Publication(models.Model):
    """A run on its way to the agents: HR sends it, a manager publishes or returns it."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for approval")
        PUBLISHED = "published", _("published")
        RETURNED = "returned", _("returned")
        WITHDRAWN = "withdrawn", _("withdrawn")

    run = models.ForeignKey(Run, models.PROTECT, related_name="publications")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run"], condition=Q(state="asked"), name="publication_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("asked_by"))
                | Q(state="withdrawn"),
                name="publication_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | (Q(decided_by__isnull=False) & Q(decided_at__isnull=False)),
                name="publication_has_an_approver",
            ),
        ]

    def __str__(self) -> str:
        return f"run={self.run_id} {self.state}"
