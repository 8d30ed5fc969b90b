"""What happens here and is of interest above."""

from django.dispatch import Signal

# Sent when a job is given up. Arguments: ``job`` (kpi.models.Job, state "failed").
job_failed = Signal()
