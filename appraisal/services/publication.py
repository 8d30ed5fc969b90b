"""The way of a run to the agents: HR sends it, a manager publishes it or returns it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from agents.access import allows
from agents.models import User
from appraisal.models import Cycle, Publication, Run
from appraisal.services.targets import has_set_targets
from kpi.selectors import has_touched_facts


class NotReady(Exception):
    """The run cannot be sent or published now; the message says why."""


class NotAllowed(Exception):
    """This person may not decide here: two people are needed, or the role is missing."""


@transaction.atomic
def ask_publication(*, run: Run, asked_by: User, note: str, now: datetime) -> Publication:
    """Send a run to the manager for approval.

    Raises:
        NotAllowed: the role does not send runs.
        NotReady: not done, not the cycle's newest, sent already, or the cycle is published.
    """
    cycle = Cycle.objects.select_for_update().get(pk=run.cycle_id)
    if not allows(asked_by, "cycle.ask"):
        raise NotAllowed(_("Only HR sends results for approval."))
    _check_publishable(cycle, run)
    if Publication.objects.filter(run__cycle=cycle, state=Publication.State.ASKED).exists():
        raise NotReady(_("A run of this cycle is waiting for approval already."))
    return Publication.objects.create(run=run, asked_by=asked_by, asked_at=now, note=note)


@transaction.atomic
def publish(*, publication: Publication, decided_by: User, now: datetime) -> Run:
    """Publish a run: from now on the database refuses every change of it.

    Raises:
        NotAllowed: not a manager, the person who sent it, or one who imported its data.
        NotReady: another run was computed since, or it was decided already.
    """
    publication = Publication.objects.select_for_update().get(pk=publication.pk)
    run = Run.objects.select_related("cycle").get(pk=publication.run_id)
    cycle = Cycle.objects.select_for_update().get(pk=run.cycle_id)
    _check_decidable(publication)
    _check_second_person(publication, cycle, decided_by)
    _check_publishable(cycle, run)
    run.published_at = now
    run.save(update_fields=["published_at"])
    cycle.published_run, cycle.phase = run, Cycle.Phase.FEEDBACK
    cycle.save(update_fields=["published_run", "phase"])
    _decide(publication, Publication.State.PUBLISHED, by=decided_by, now=now)
    return run


@transaction.atomic
def return_to_hr(
    *, publication: Publication, decided_by: User, answer: str, now: datetime
) -> Publication:
    """Send a run back with a reason.

    Raises:
        NotAllowed: not a manager, or the person who sent it.
        NotReady: it was decided already, or no reason is given.
    """
    publication = Publication.objects.select_for_update().get(pk=publication.pk)
    _check_decidable(publication)
    _check_second_person(publication, publication.run.cycle, decided_by)
    if not answer.strip():
        raise NotReady(_("Say why it goes back, so that HR knows what to do."))
    return _decide(
        publication, Publication.State.RETURNED, by=decided_by, now=now, answer=answer.strip()
    )


def _check_publishable(cycle: Cycle, run: Run) -> None:
    if cycle.published_run_id:
        raise NotReady(_("This cycle is published already."))
    if run.state != Run.State.DONE:
        raise NotReady(_("The run is not done."))
    if cycle.current_run_id != run.pk:
        raise NotReady(_("A newer run was computed; send that one."))
    if cycle.runs.filter(state__in=[Run.State.OWED, Run.State.RUNNING]).exists():
        raise NotReady(_("A run of this cycle is being computed now; wait for it."))


def _check_decidable(publication: Publication) -> None:
    if publication.state != Publication.State.ASKED:
        raise NotReady(_("This was decided already."))


def _check_second_person(publication: Publication, cycle: Cycle, user: User) -> None:
    if not allows(user, "cycle.publish"):
        raise NotAllowed(_("Only a manager publishes results."))
    if publication.asked_by_id == user.pk:
        raise NotAllowed(_("Two people publish: not the one who sent it."))
    run = publication.run
    has_edited = (
        run.scheme_versions.filter(scheme_version__edited_by=user).exists()
        or run.kpi_versions.filter(kpi_version__edited_by=user).exists()
    )
    if has_edited or has_set_targets(user, cycle) or has_touched_facts(user, cycle.period):
        raise NotAllowed(
            _(
                "Who imported or changed data of a cycle, or edited its weights or KPIs, does not"
                " publish it. Ask another manager."
            )
        )


def _decide(
    publication: Publication, state: str, *, by: User, now: datetime, answer: str = ""
) -> Publication:
    publication.state, publication.answer = state, answer
    publication.decided_by, publication.decided_at = by, now
    publication.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    return publication
