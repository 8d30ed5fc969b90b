"""Schemes: a code, and versions that never change once a cycle uses them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Scheme(models.Model):
    """A scheme by its code; what it says stands in its versions."""

    code = models.SlugField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.code


class SchemeVersion(models.Model):
    """One scheme document: items, weights, rules, grades, and for which positions.

    Only a draft changes, and it may be faulty. The database refuses every change of what a version
    says once it is sent for approval, in use, retired, or pinned by a run.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ASKED = "asked", _("waiting for approval")
        PUBLISHED = "published", _("in use")
        RETIRED = "retired", _("retired")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120)
    positions = models.JSONField(default=list, help_text=_("Codes of the positions it appraises."))
    cycles = models.JSONField(default=list, help_text=_("month, quarter, year."))
    document = models.JSONField(help_text=_("As appraisal.scoring.scheme reads it."))
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    editors = models.JSONField(
        default=list, help_text=_("Ids of all who edited it: none of them approves it.")
    )
    edited_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(help_text=_("When it was begun; publishing renews it."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_once"),
            models.UniqueConstraint(
                fields=["scheme"],
                condition=Q(state__in=["draft", "asked"]),
                name="scheme_one_open_draft",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked")
                | (Q(asked_by__isnull=False) & Q(asked_at__isnull=False)),
                name="scheme_version_asked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(asked_by__isnull=True)
                | ~Q(approved_by=F("asked_by")),
                name="scheme_version_not_approved_by_asker",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("edited_by")),
                name="scheme_version_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_en} {self.number}"

    @property
    def name(self) -> str:
        """The name in the language of the page; a draft may lack one of them."""
        is_chinese = (get_language() or "").startswith("zh")
        names = (self.name_zh, self.name_en) if is_chinese else (self.name_en, self.name_zh)
        return names[0] or names[1] or self.scheme.code

    @property
    def is_open(self) -> bool:
        """Whether it is a draft, or one that waits for approval."""
        return self.state in {self.State.DRAFT, self.State.ASKED}
