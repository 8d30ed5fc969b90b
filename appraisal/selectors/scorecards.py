"""Which scorecards a person may see. Nobody sees the own draft, whatever their role."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import F, Q, QuerySet

from agents import access
from agents.models import User
from agents.selectors import list_members
from appraisal.models import Run, Scorecard

PUBLISHED = Q(run_id=F("run__cycle__published_run_id"))
# The run that a cycle shows: the published one, before that the newest one done.
STANDING = PUBLISHED | Q(
    run__cycle__published_run__isnull=True, run_id=F("run__cycle__current_run_id")
)


def scorecards_visible_to(
    user: User, on: date, *, led: Collection[int] | None = None
) -> QuerySet[Scorecard]:
    """The scorecards that a person may look at on a day, drafts and earlier runs included.

    HR sees everybody's; who leads teams sees those of people who are in these teams on the day,
    as far as the scorecard was made in one of them. Everybody sees the own published ones.

    Args:
        led: the teams led on the day, where the caller has asked for them already.
    Queries: at most 3, before the scorecards are read; 1 with ``led``.
    """
    own = Q(agent_id=user.agent_id) if user.agent_id else Q(pk__in=[])
    return Scorecard.objects.filter(
        (own & PUBLISHED) | (_led(user, on, led) & ~own), run__state=Run.State.DONE
    )


def seen_before(user: User, led: Collection[int]) -> Q:
    """Of a person whose card is seen, the other cards in the runs that cycles show.

    Lighter than the whole rule: that the person is in a team led today is known already.
    """
    own = Q(agent_id=user.agent_id) if user.agent_id else Q(pk__in=[])
    others = ~own if access.reach_of(user) == "all" else Q(team_id__in=led) & ~own
    return (own & Q(run__published_at__isnull=False)) | others


def _led(user: User, on: date, led: Collection[int] | None) -> Q:
    if access.reach_of(user) == "all":
        return Q(pk__isnull=False)
    teams = access.teams_led_by(user, on) if led is None else set(led)
    return Q(team_id__in=teams, agent_id__in=list_members(teams, on).values("pk"))
