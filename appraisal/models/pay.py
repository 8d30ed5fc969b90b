"""Pay plans and what they propose: a plan's versions, a run's proposal, statements, lines.

Nothing is paid by the program. A proposal is worked out from a run; once the run is published it
stands as it is, and the database refuses every change of it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class PayPlan(models.Model):
    """A pay plan by its code; what it says stands in its versions."""

    code = models.SlugField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.code


class PayPlanVersion(models.Model):
    """One document of a plan: a draft that HR sets, then published by a manager, never changed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("in use")
        RETIRED = "retired", _("retired")

    plan = models.ForeignKey(PayPlan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120)
    positions = models.JSONField(default=list, help_text=_("Codes of the positions it pays."))
    document = models.JSONField(help_text=_("As appraisal.pay.plan reads it."))
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when it waits for a manager.")
    )
    answer = models.CharField(
        max_length=500, blank=True, help_text=_("Why the manager sent it back.")
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="pay_version_once"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state="draft"), name="pay_version_one_draft"
            ),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state="published"), name="pay_version_one_in_use"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("edited_by")),
                name="pay_version_two_people",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True) | Q(state="draft"),
                name="pay_version_asked_is_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_en} {self.number}"

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class PayProposal(models.Model):
    """What the plans in use propose for the people of a run, and what that rests on."""

    run = models.OneToOneField("appraisal.Run", models.PROTECT, related_name="pay_proposal")
    parameters = models.JSONField(
        default=dict, help_text=_("Ids of the plan versions and of the KPI versions by code.")
    )
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of its statements."))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    computed_at = models.DateTimeField()
    is_sealed = models.BooleanField(
        default=False, help_text=_("Its run is published: it never changes.")
    )

    def __str__(self) -> str:
        return f"run={self.run_id} {self.digest[:12]}"


class PayStatement(models.Model):
    """One agent's pay by one plan. What the run does not keep of the person is kept here."""

    proposal = models.ForeignKey(PayProposal, models.PROTECT, related_name="statements")
    agent = models.ForeignKey("agents.Agent", models.PROTECT, related_name="pay_statements")
    plan_version = models.ForeignKey(PayPlanVersion, models.PROTECT, related_name="+")
    scorecard = models.ForeignKey("appraisal.Scorecard", models.PROTECT, related_name="+")
    years = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Whole years of service on the last day.")
    )
    provisional = models.BooleanField(default=False)
    net = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        help_text=_("The sum of the lines; missing when none has an amount."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "agent"], name="pay_statement_once"),
        ]
        indexes = [models.Index(fields=["agent", "proposal"], name="pay_statement_by_agent")]

    def __str__(self) -> str:
        return f"proposal={self.proposal_id} agent={self.agent_id} {self.net}"


class PayLine(models.Model):
    """One line of a statement: quantity, amount, and the parts that explain it."""

    class State(models.TextChoices):
        COUNTED = "counted", _("counted")
        INSUFFICIENT = "insufficient", _("sample too small")
        NO_DATA = "no_data", _("no data")
        AWAITED = "awaited", _("awaited")
        NOT_APPLICABLE = "not_applicable", _("not applicable")
        NOT_AVAILABLE = "not_available", _("not available")
        NOT_MEASURABLE = "not_measurable", _("not measurable")

    statement = models.ForeignKey(PayStatement, models.PROTECT, related_name="lines")
    line = models.SlugField(max_length=64)
    order = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=State.choices)
    quantity = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    amount = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        help_text=_("Negative for a deduction; missing when the line is not counted."),
    )
    detail = models.JSONField(
        default=dict, help_text=_("What the amount is made of: appraisal.pay.statements.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "line"], name="pay_line_once"),
            models.CheckConstraint(
                condition=Q(state="counted") | Q(amount__isnull=True), name="pay_line_no_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"statement={self.statement_id} {self.line} {self.amount}"
