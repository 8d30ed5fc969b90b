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
    """One immutable scheme document: items, weights, rules, grades, and for which positions."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
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
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("edited_by")),
                name="scheme_version_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_en} {self.number}"

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en
