"""People and where they belong, dated."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agents import periods


class IntRange(Func):
    """An integer as the one-element range that an exclusion constraint can compare."""

    function = "int8range"
    template = "%(function)s(%(expressions)s, '[]')"


class DayRange(Func):
    """Two dates as the half-open range ``[starts_on, ends_on)``; an open end is infinite."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[)')"


def _never_overlapping(name: str, *keys: str) -> ExclusionConstraint:
    """Dated rows with the same keys may touch but never overlap."""
    same = [(IntRange(F(key), F(key)), RangeOperators.OVERLAPS) for key in keys]
    days = (DayRange("starts_on", "ends_on"), RangeOperators.OVERLAPS)
    return ExclusionConstraint(name=name, expressions=[*same, days], index_type="GIST")


class Named(models.Model):
    """Something with a code and a name in English and in Chinese."""

    code = models.SlugField(_("code"), max_length=64, unique=True, allow_unicode=True)
    name_en = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the language of the page, the other one where it is missing."""
        if (get_language() or "").startswith("zh"):
            return self.name_zh or self.name_en
        return self.name_en or self.name_zh


class Organisation(models.Model):
    """The one company that uses this installation: name, zone of its days, language."""

    name = models.CharField(_("name"), max_length=160)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[("en", "English"), ("zh-hans", "简体中文")],
        default="en",
    )
    singleton = models.BooleanField(default=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["singleton"], name="organisation_only_one"),
            models.CheckConstraint(condition=Q(singleton=True), name="organisation_singleton"),
        ]

    def __str__(self) -> str:
        return self.name


class Team(Named):
    """A node of the team tree; a department is a subtree."""

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="team_not_its_own_parent")
        ]


class Position(Named):
    """What somebody does; every position has schemes."""


class Shift(Named):
    """A named part of the day; the local hours are information."""

    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)


class Agent(models.Model):
    """A person who is appraised; leaders and managers are agents too."""

    code = models.CharField(_("staff number"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    hired_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(
        _("left on"), null=True, blank=True, help_text=_("The first day that no longer counts.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True)
                | Q(hired_on__isnull=True)
                | Q(left_on__gte=F("hired_on")),
                name="agent_leaves_after_joining",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def display_name(self) -> str:
        """The name in the language of the page."""
        if (get_language() or "").startswith("zh") and self.name_zh:
            return self.name_zh
        return self.name


class Dated(models.Model):
    """A row that holds over the half-open days ``[starts_on, ends_on)``."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Exclusive; empty is open.")
    )

    class Meta:
        abstract = True

    def holds_on(self, day: date) -> bool:
        """Whether the row holds on this day."""
        return periods.contains(self.starts_on, self.ends_on, day)


class Assignment(Dated):
    """Places an agent in a team, position and shift; an agent's assignments never overlap."""

    agent = models.ForeignKey(Agent, models.PROTECT, related_name="assignments")
    team = models.ForeignKey(
        Team, models.PROTECT, related_name="assignments", verbose_name=_("team")
    )
    position = models.ForeignKey(
        Position, models.PROTECT, related_name="assignments", verbose_name=_("position")
    )
    shift = models.ForeignKey(
        Shift,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("shift"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="assignment_order",
            ),
            _never_overlapping("assignment_no_overlap", "agent"),
        ]
        indexes = [models.Index(fields=["team", "starts_on"], name="assignment_by_team")]

    def __str__(self) -> str:
        return f"agent={self.agent_id} team={self.team_id} {self.starts_on}..{self.ends_on or ''}"


class Leadership(Dated):
    """Says who leads a team, and with it its subtree, from when until when."""

    team = models.ForeignKey(
        Team, models.PROTECT, related_name="leaderships", verbose_name=_("team")
    )
    leader = models.ForeignKey(
        Agent, models.PROTECT, related_name="leaderships", verbose_name=_("leader")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="leadership_order",
            ),
            _never_overlapping("leadership_no_overlap", "team", "leader"),
        ]

    def __str__(self) -> str:
        return f"team={self.team_id} leader={self.leader_id} {self.starts_on}..{self.ends_on or ''}"


class Alias(models.Model):
    """How a source calls an agent: extension, e-mail, log-in or name.

    An empty source is any source.
    """

    source = models.CharField(_("source"), max_length=64, blank=True)
    value = models.CharField(_("called"), max_length=160)
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="aliases")

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(fields=["source", "value"], name="alias_once_a_source")
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.value} agent={self.agent_id}"


class User(AbstractUser):
    """A log-in. Roles say what it may do; the agent, where there is one, says who it is."""

    agent = models.OneToOneField(
        Agent, models.PROTECT, null=True, blank=True, related_name="user", verbose_name=_("person")
    )
    language = models.CharField(max_length=10, blank=True)

    @property
    def display_name(self) -> str:
        """The person's name, else the full name, else the user name."""
        if self.agent is not None:
            return self.agent.display_name
        return self.get_full_name() or self.username


class RoleGrant(models.Model):
    """One role of one user. Nobody grants a role to themself."""

    class Role(models.TextChoices):
        AGENT = "agent", _("Agent")
        TEAM_LEADER = "team_leader", _("Team leader")
        SUPERVISOR = "supervisor", _("Supervisor")
        REVIEWER = "reviewer", _("QA reviewer")
        HR = "hr", _("HR")
        MANAGER = "manager", _("Manager")
        ASSESSOR = "assessor", _("Assessor")
        ADMINISTRATOR = "administrator", _("Administrator")

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=16, choices=Role.choices)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="role_once_a_user"),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
                name="role_not_granted_to_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"user={self.user_id} {self.role}"
