"""Work that is owed. The database remembers it; the queue only wakes a worker."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of work with its state, its lease, its progress and its outcome."""

    class State(models.TextChoices):
        OWED = "owed", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=32, help_text=_("Name of the task that does it."))
    subject_id = models.PositiveBigIntegerField(help_text=_("The batch or run it works on."))
    state = models.CharField(max_length=8, choices=State.choices, default=State.OWED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=40, blank=True, help_text=_("Code of the step under way."))
    stages_done = models.JSONField(default=list, help_text=_("Steps done: code, seconds."))
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=models.Q(state__in=["owed", "running"]),
                name="job_open_once",
            )
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="job_owed")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.state}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {self.State.DONE, self.State.FAILED}
