"""KPI definitions: a code, and versions that never change once something rests on them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kpi.formula import compile_formula
from kpi.formula.parts import is_plain_sum
from kpi.library.nouns import singular


class KPI(models.Model):
    """A KPI by its code; what it means stands in its versions."""

    code = models.SlugField(max_length=64, unique=True)

    class Meta:
        verbose_name = "KPI"

    def __str__(self) -> str:
        return self.code


class KPIVersion(models.Model):
    """One immutable definition of a KPI."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ASKED = "asked", _("waiting for approval")
        PUBLISHED = "published", _("in use")
        RETIRED = "retired", _("retired")

    class Direction(models.TextChoices):
        HIGHER = "higher", _("higher is better")
        LOWER = "lower", _("lower is better")
        RANGE = "range", _("a range is best")
        CONTEXT = "context", _("for information")

    class Scope(models.TextChoices):
        AGENT = "agent", _("agent")
        TEAM = "team", _("team")
        CENTRE = "centre", _("whole centre")

    kpi = models.ForeignKey(KPI, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120)
    formula = models.TextField()
    unit = models.CharField(max_length=24, help_text=_("share, s, count, points, per_thousand …"))
    direction = models.CharField(max_length=8, choices=Direction.choices)
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.AGENT)
    anchor = models.CharField(
        max_length=16, default="day", help_text=_("The day that decides the period.")
    )
    minimum_sample = models.PositiveIntegerField(default=1)
    sample_en = models.CharField(
        max_length=40, blank=True, help_text=_("What the sample counts: calls.")
    )
    sample_zh = models.CharField(max_length=40, blank=True)
    definition = models.JSONField(
        default=dict,
        help_text=_("The whole document: theme, meaning, attribution, leaves_out, example."),
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    editors = models.JSONField(
        default=list, help_text=_("Ids of all who edited it: none of them approves it.")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(
        max_length=500, blank=True, help_text=_("Why it was given back, if it was.")
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "KPI version"
        constraints = [
            models.UniqueConstraint(
                fields=["kpi"],
                condition=Q(state__in=["draft", "asked"], edited_by__isnull=False),
                name="kpi_one_open_draft",
            ),
            models.UniqueConstraint(fields=["kpi", "number"], name="kpi_version_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("edited_by")),
                name="kpi_version_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_en} {self.number}"

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en

    @property
    def sample_name(self) -> str:
        """What the sample counts, in the language of the page."""
        return self.sample_zh if (get_language() or "").startswith("zh") else self.sample_en

    @property
    def tells_sample(self) -> bool:
        """Whether a value rests on one number of cases, worth standing beside it."""
        return not is_plain_sum(compile_formula(self.formula).root)

    def sample_noun(self, count: int | None) -> str:
        """What so many cases of the sample are called, in the language of the page."""
        is_one = count == 1 and not (get_language() or "").startswith("zh")
        return singular(self.sample_en) if is_one else self.sample_name
