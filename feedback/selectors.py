"""What each role's home page tells, gathered from below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from agents.access import holding
from agents.models import Assignment, User
from appraisal.models import Cycle, Run, Scorecard
from appraisal.selectors.schemes import list_current_schemes
from appraisal.selectors.scorecards import PUBLISHED, STANDING
from kpi.models import ImportBatch, Job
from kpi.services.revisions import latest_revision

IMPORTS_SHOWN = 5
EARLIER_SHOWN = 12


@dataclass(frozen=True)
class FirstSteps:
    """How far a new installation is on its way to the first scorecard.

    Attributes:
        has_data: facts came in.
        has_people: somebody holds a position that a scheme appraises.
        cycle: the newest cycle that was opened.
        waiting: a file that waits for confirmation.
        is_done: scorecards were computed.
    """

    has_data: bool
    has_people: bool
    cycle: Cycle | None
    waiting: ImportBatch | None
    is_done: bool

    @property
    def may_compute(self) -> bool:
        """Whether computing would give scorecards."""
        return self.has_data and self.has_people


def get_first_steps(on: date) -> FirstSteps:
    """How far a new installation is. Queries: 1 once scorecards exist, 6 before."""
    if Run.objects.filter(state=Run.State.DONE).exists():
        return FirstSteps(has_data=True, has_people=True, cycle=None, waiting=None, is_done=True)
    positions = {code for version in list_current_schemes() for code in version.positions}
    placed = Assignment.objects.filter(Q(position__code__in=positions))
    uploaded = ImportBatch.objects.filter(state=ImportBatch.State.UPLOADED)
    return FirstSteps(
        has_data=latest_revision() > 0,
        has_people=placed.exists(),
        cycle=Cycle.objects.order_by("-opened_at", "-pk").first(),
        waiting=uploaded.order_by("-uploaded_at", "-pk").first(),
        is_done=False,
    )


def list_recent_imports() -> list[ImportBatch]:
    """The last files taken in."""
    batches = ImportBatch.objects.select_related("source", "uploaded_by__agent")
    return list(batches.defer("mapping_text").order_by("-uploaded_at", "-pk")[:IMPORTS_SHOWN])


def count_jobs() -> dict[str, int]:
    """How many jobs wait, run and failed. Queries: 1."""
    counts = dict.fromkeys(Job.State.values, 0)
    for state in Job.objects.exclude(state=Job.State.DONE).values_list("state", flat=True):
        counts[state] += 1
    return counts


def count_users() -> dict[str, int]:
    """How many log-ins are open, and how many of them nobody gave a role or a person."""
    people = User.objects.filter(is_active=True)
    idle = people.filter(role_grants=None, agent=None)
    return {"active": people.count(), "idle": idle.count()}


def list_published(user: User) -> list[Scorecard]:
    """A person's own published scorecards of every kind of cycle, newest first."""
    if user.agent_id is None:
        return []
    mine = Scorecard.objects.filter(PUBLISHED, agent_id=user.agent_id)
    related = mine.select_related("run__cycle", "scheme_version")
    return list(related.order_by("-run__cycle__ends_on", "-run__cycle__starts_on", "pk")[:24])


def list_evaluated(user: User) -> list[Scorecard]:
    """A person's scorecards that are not published yet, newest first; only values are theirs."""
    if user.agent_id is None:
        return []
    standing = Scorecard.objects.filter(
        STANDING, agent_id=user.agent_id, run__cycle__published_run__isnull=True
    )
    return list(standing.select_related("run__cycle").order_by("-run__cycle__ends_on", "pk"))


def has_a_place(user: User, on: date) -> bool:
    """Whether somebody is placed in a team on a day."""
    if user.agent_id is None:
        return False
    return Assignment.objects.filter(holding(on), agent_id=user.agent_id).exists()
