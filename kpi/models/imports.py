"""How facts came in: sources, mappings, batches, and the sequence every fact is stamped with."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The eight kinds of fact, named as formulas and mappings name them."""

    CONTACTS = "contacts", _("Contacts")
    TICKETS = "tickets", _("Tickets")
    SURVEYS = "surveys", _("Surveys")
    REVIEWS = "reviews", _("Quality reviews")
    SHIFTS = "shifts", _("Shifts worked")
    TRAININGS = "trainings", _("Trainings and tests")
    EVENTS = "events", _("Events")
    FIGURES = "figures", _("Figures from outside")


class Source(models.Model):
    """A system that files come from; its code stands on every fact."""

    code = models.SlugField(_("code"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        help_text=_("Of its clock; empty is the organisation's."),
    )

    def __str__(self) -> str:
        return self.code


class Mapping(models.Model):
    """Which column of a source's file feeds which field. Kept for ever; the newest one holds."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="mappings")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    text = models.TextField(help_text=_("YAML, see docs/import-mapping.md."))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["source", "kind", "-id"], name="mapping_newest")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.pk}"


class FactRevision(models.Model):
    """One change of the facts: an import, an undo, an exclusion. Its number is the watermark.

    Facts carry the revision from which and until which they are valid. Revisions are made one
    at a time under a lock, so a smaller number was always visible before a greater one.
    """

    class Reason(models.TextChoices):
        IMPORT = "import", _("import")
        UNDO = "undo", _("undo")
        EXCLUDE = "exclude", _("exclusion")
        INCLUDE = "include", _("exclusion lifted")
        RESTAMP = "restamp", _("people moved")
        ENTRY = "entry", _("entry")

    reason = models.CharField(max_length=8, choices=Reason.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk} {self.reason}"


class ImportBatch(models.Model):
    """One file taken in: what it was, how it was read, and what became of every row."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("waiting for confirmation")
        QUEUED = "queued", _("waiting to be imported")
        RUNNING = "running", _("being imported")
        DONE = "done", _("imported")
        REFUSED = "refused", _("refused")
        UNDONE = "undone", _("undone")

    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="batches"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices, blank=True)
    also_kind = models.CharField(max_length=16, choices=Kind.choices, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.UPLOADED)
    file_name = models.CharField(max_length=255)
    file_path = models.CharField(max_length=500, help_text=_("Below the folder of uploads."))
    file_size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    sheet = models.CharField(max_length=120, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    mapping_text = models.TextField(blank=True)
    corrects = models.BooleanField(
        default=False,
        help_text=_("Rows that are there already and say something else are replaced."),
    )
    rows = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    replaced = models.PositiveIntegerField(
        default=0, help_text=_("Of the accepted, those in place of earlier rows.")
    )
    rejected = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0, help_text=_("Parked rows are among them."))
    parked = models.PositiveIntegerField(default=0)
    left_out_reasons = models.JSONField(default=dict)
    also_tally = models.JSONField(
        default=dict, help_text=_("accepted, rejected, duplicate, left_out of the second kind.")
    )
    created_agents = models.PositiveIntegerField(default=0)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    revision = models.OneToOneField(
        FactRevision, models.PROTECT, null=True, blank=True, related_name="batch"
    )
    undone_revision = models.OneToOneField(
        FactRevision, models.PROTECT, null=True, blank=True, related_name="undone_batch"
    )
    message = models.TextField(blank=True, help_text=_("Why it was refused, or what to know."))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    job = models.ForeignKey("kpi.Job", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(
                    rows=models.F("accepted")
                    + models.F("rejected")
                    + models.F("duplicate")
                    + models.F("left_out")
                ),
                name="batch_accounts_for_every_row",
            ),
            models.CheckConstraint(
                condition=Q(left_out__gte=models.F("parked")), name="batch_parked_among_left_out"
            ),
            models.CheckConstraint(
                condition=Q(accepted__gte=models.F("replaced")),
                name="batch_replaced_among_accepted",
            ),
        ]
        indexes = [models.Index(fields=["-uploaded_at"], name="batch_newest")]

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"

    @property
    def has_replaced(self) -> bool:
        """Whether rows of it stand in place of earlier ones, of either kind."""
        return bool(self.replaced or self.also_tally.get("replaced"))


class RejectedRow(models.Model):
    """A row that could not be taken, with the reason for each thing wrong."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rejected_rows")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    line = models.PositiveIntegerField(help_text=_("Physical line of the file, from 1."))
    column = models.CharField(max_length=160, blank=True)
    code = models.CharField(max_length=40)
    value = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "line"], name="rejected_by_line")]

    def __str__(self) -> str:
        return f"batch={self.batch_id} line={self.line} {self.code}"


class ParkedRow(models.Model):
    """A row whose agent is unknown, kept until somebody says who it is."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="parked_rows")
    line = models.PositiveIntegerField()
    agent_text = models.CharField(max_length=160)
    record = models.JSONField(help_text=_("The row as the file has it, column to text."))
    replayed_by = models.ForeignKey(
        ImportBatch, models.SET_NULL, null=True, blank=True, related_name="replayed_rows"
    )

    class Meta:
        indexes = [models.Index(fields=["batch", "agent_text"], name="parked_by_agent")]

    def __str__(self) -> str:
        return f"batch={self.batch_id} line={self.line} {self.agent_text}"


class Exclusion(models.Model):
    """Facts that shall not count, why, who asked for it, and what a second person said.

    It is about one fact, named by its number in its source, or about all of a kind in a range of
    days. Nothing is left out before it is approved, and everything counts again once it is lifted.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for approval")
        APPROVED = "approved", _("left out")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back")
        LIFTED = "lifted", _("lifted")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.CharField(_("reason"), max_length=300)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    queue = models.CharField(max_length=120, blank=True)
    team = models.ForeignKey("agents.Team", models.PROTECT, null=True, blank=True, related_name="+")
    agent = models.ForeignKey(
        "agents.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField(max_length=64, blank=True)
    external_id = models.CharField(
        max_length=120, blank=True, help_text=_("Of a single fact; empty for a range of days.")
    )
    rows = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("When it was asked for; once approved, those left out.")
    )
    excluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    excluded_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="exclusion_has_a_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("excluded_by")),
                name="exclusion_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reason}"

    @property
    def is_single(self) -> bool:
        """Whether it is about one fact."""
        return self.first_day is None
