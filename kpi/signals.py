"""What happens here and is of interest above."""

from django.dispatch import Signal

# Sent when a job is given up. Arguments: ``job`` (kpi.models.Job, state "failed").
job_failed = Signal()

# Asked when a page tells what rests on KPIs. Arguments: ``codes`` (frozenset of KPI codes) and
# ``user`` (who reads it; None where everything counts, whoever may see it).
# A receiver answers with the address and the name of each thing that uses a KPI, by code:
# dict[str, list[tuple[str, str]]].
uses_asked = Signal()

# Asked when a page lists jobs. Arguments: ``jobs`` (list of kpi.models.Job).
# A receiver answers with what the jobs that it knows work on, by the job's key: dict[int, str].
subjects_asked = Signal()
