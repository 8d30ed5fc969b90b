"""The eight fact tables. A row is never changed: it is closed, and another is added.

Ids of agents and teams stand without database-level references: they double the load time,
and the import checks them for a whole file at once.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


def _reference(to: str) -> models.ForeignKey:
    return models.ForeignKey(
        to,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )


class Fact(models.Model):
    """What every fact carries.

    ``valid_from`` is the revision that added the row, ``valid_until`` the one that closed it.
    An excluded fact stays and shows its exclusion, but counts nowhere.
    """

    source = models.CharField(max_length=64)
    external_id = models.CharField(max_length=120)
    agent = _reference("agents.Agent")
    team = _reference("agents.Team")
    position = _reference("agents.Position")
    shift = _reference("agents.Shift")
    day = models.DateField(help_text=_("Local day of the organisation's zone, fixed at import."))
    batch = _reference("kpi.ImportBatch")
    line = models.PositiveIntegerField(null=True, blank=True)
    exclusion = _reference("kpi.Exclusion")
    valid_from = models.PositiveIntegerField()
    valid_until = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=Q(valid_until__isnull=True),
                name="%(class)s_once_while_valid",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="%(class)s_validity_order",
            ),
        ]
        indexes = [
            models.Index(fields=["day"], name="%(class)s_by_day"),
            models.Index(fields=["agent", "day"], name="%(class)s_by_agent"),
            models.Index(
                fields=["source", "external_id"],
                condition=Q(exclusion__isnull=False),
                name="%(class)s_excluded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"


def _seconds(**options: object) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(null=True, blank=True, **options)  # type: ignore[arg-type]


def _count() -> models.PositiveIntegerField:
    return models.PositiveIntegerField(null=True, blank=True)


def _flag() -> models.BooleanField:
    return models.BooleanField(null=True, blank=True)


def _moment() -> models.DateTimeField:
    return models.DateTimeField(null=True, blank=True)


def _word(length: int = 120) -> models.CharField:
    return models.CharField(max_length=length, null=True, blank=True)


def _score() -> models.DecimalField:
    return models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)


class Contact(Fact):
    """One agent's leg of one interaction; an unanswered one may belong to no agent."""

    channel = _word(16)
    direction = _word(8)
    queue = _word()
    topic = _word()
    complexity = _word(16)
    started_at = models.DateTimeField()
    wait_s = _seconds()
    ring_s = _seconds()
    ring_count = _count()
    first_response_s = _seconds()
    talk_s = _seconds()
    hold_s = _seconds()
    after_call_s = _seconds()
    handle_s = models.GeneratedField(
        expression=F("talk_s") + Coalesce(F("hold_s"), 0) + Coalesce(F("after_call_s"), 0),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )
    answered = _flag()
    abandoned = _flag()
    transferred = _flag()
    transferred_in = _flag()
    resolved = _flag()
    resolved_first = _flag()
    outcome = _word(16)
    hold_count = _count()
    wrap_up = _word()
    customer = _word(64)
    customer_tail = _word(8)
    ended_by = _word(16)
    sales = _count()
    sale_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta(Fact.Meta):
        indexes = [
            *Fact.Meta.indexes,
            models.Index(
                fields=["customer", "started_at"],
                condition=Q(customer__isnull=False),
                name="contact_by_customer",
            ),
        ]


class Ticket(Fact):
    """A case: enquiry, complaint, refund, return, fault, request."""

    channel = _word(16)
    kind = _word(16)
    topic = _word()
    priority = _word(16)
    complexity = _word(16)
    created_at = models.DateTimeField()
    first_response_s = _seconds()
    resolution_s = _seconds()
    solved = _flag()
    solved_at = _moment()
    solved_day = models.DateField(null=True, blank=True)
    reopened = _flag()
    replies = _count()
    escalated = _flag()
    sla_met = _flag()
    due_at = _moment()
    upheld = _flag()
    outcome_score = _score()
    customer = _word(64)
    customer_tail = _word(8)

    class Meta(Fact.Meta):
        indexes = [
            *Fact.Meta.indexes,
            models.Index(fields=["solved_day"], name="ticket_by_solved_day"),
        ]


class Survey(Fact):
    """What a customer answered; it points to its contact or ticket by their external id."""

    contact = _word()
    ticket = _word()
    channel = _word(16)
    sent_at = _moment()
    answered_at = _moment()
    score = _score()
    scale = _word(8)
    attitude = _score()
    speed = _score()
    solving = _score()
    expertise = _score()
    nps = models.SmallIntegerField(null=True, blank=True)
    resolved_first = _flag()
    comment = models.TextField(null=True, blank=True)  # noqa: DJ001


class Review(Fact):
    """A quality review of one contact on a form; ``score`` is percent, 0 to 100."""

    contact = _word()
    form = _word(64)
    reviewer = _word()
    reviewed_at = _moment()
    score = _score()
    critical = _flag()
    fatal = _flag()
    items = models.JSONField(default=dict, blank=True)


class ShiftWorked(Fact):
    """What one agent's shift was planned to be and what it was."""

    scheduled_s = _seconds()
    logged_in_s = _seconds()
    handling_s = _seconds()
    ready_s = _seconds()
    not_ready_s = _seconds()
    wrap_up_s = _seconds()
    break_s = _seconds()
    sign_ins = _count()
    late_min = _count()
    early_min = _count()
    leave_days = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    absent = _flag()
    protected = _flag()
    overtime_s = _seconds()


class Training(Fact):
    """A course, test or certificate of one agent; ``score`` is percent, 0 to 100."""

    course = _word()
    kind = _word(16)
    hours = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    score = _score()
    passed = _flag()


class Event(Fact):
    """Praise, idea, breach, lapse, error and the like; ``quantity`` counts as so many."""

    kind = _word(32)
    quantity = models.DecimalField(max_digits=9, decimal_places=2, default=1)
    severity = _word(16)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    note = models.TextField(null=True, blank=True)  # noqa: DJ001


class Figure(Fact):
    """A value given from outside for a month or another period: plan, budget, turnover."""

    figure = _word(64)
    period = _word(24)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    denominator = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)


FACT_MODELS: dict[str, type[Fact]] = {
    "contacts": Contact,
    "tickets": Ticket,
    "surveys": Survey,
    "reviews": Review,
    "shifts": ShiftWorked,
    "trainings": Training,
    "events": Event,
    "figures": Figure,
}
