"""Work that is owed: asked for, claimed under a lease, repeated when a worker died, given up.

The row is the truth; a message in the queue only wakes a worker. A message lost, repeated or
late therefore changes nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from celery import current_app
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerDown

from agents.models import User
from kpi.models import Job
from kpi.signals import job_failed

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 3
# A fresh job is woken by its own message; the sweeper steps in when that was lost.
PATIENCE = timedelta(seconds=30)
_OVER = (Job.State.DONE, Job.State.FAILED)


class Refused(Exception):
    """The work cannot be done and trying again would not help; the message is for people."""


class Superseded(Exception):
    """The lease ended in mid-work and somebody else has the job now; this attempt is void."""


class Progress:
    """Tells the job row how far the work is, and keeps its lease alive."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._started = time.monotonic()

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Report a step; a new step closes the one before with the seconds it took.

        Raises:
            Superseded: the job was taken over or given up meanwhile.
        """
        job = self.job
        if job.stage and job.stage != stage:
            took = round(time.monotonic() - self._started, 1)
            job.stages_done = [*job.stages_done, [job.stage, took]]
            self._started = time.monotonic()
        job.stage, job.done, job.total = stage, done, total
        job.lease_until = timezone.now() + LEASE
        _write(job, "stage", "stages_done", "done", "total", "lease_until")


def owe(*, kind: str, subject_id: int, asked_by: User | None, now: datetime) -> Job:
    """Write down that work is owed and wake a worker once this transaction is committed.

    Asked twice while the first is still open, the first is given back.
    """
    job, created = Job.objects.get_or_create(
        kind=kind,
        subject_id=subject_id,
        state__in=[Job.State.OWED, Job.State.RUNNING],
        defaults={"asked_by": asked_by, "asked_at": now, "state": Job.State.OWED},
    )
    if created:
        transaction.on_commit(lambda: _wake_if_open(job))
    return job


def _wake_if_open(job: Job) -> None:
    """Spare the queue a message for work that was done before the transaction ended."""
    if Job.objects.filter(pk=job.pk, state=Job.State.OWED).exists():
        wake(job)


def wake(job: Job) -> None:
    """Send the message that wakes a worker; without a broker the sweeper does it in time."""
    try:
        current_app.send_task(job.kind, kwargs={"job_id": job.pk}, ignore_result=True)
    except (BrokerDown, OSError):
        logger.warning("job %s waits: the message broker does not answer", job.pk)


def perform(*, job_id: int, do: Callable[[Job, Progress], None]) -> bool:
    """Claim a job, do it, and write down how it ended.

    Returns:
        Whether the work was done now; False when somebody else has it or it is over.
    Raises:
        Exception: what ``do`` raised; the job is owed again, or failed after three attempts.
    """
    job = _claim(job_id, now=timezone.now())
    if job is None:
        return False
    try:
        with _lease_kept(job):
            return _attempt(job, do)
    except Superseded:
        logger.warning("job %s: attempt %s came too late", job.pk, job.attempts)
        return False


def _attempt(job: Job, do: Callable[[Job, Progress], None]) -> bool:
    progress = Progress(job)
    try:
        do(job, progress)
    except Refused as error:
        _give_up(job, message=str(error))
        return False
    except Superseded:
        raise
    except Exception:
        _put_back(job)
        raise
    progress("")
    job.state, job.lease_until, job.finished_at = Job.State.DONE, None, timezone.now()
    _write(job, "state", "lease_until", "finished_at")
    return True


def sweep(*, now: datetime) -> int:
    """Wake a worker for every job that nobody works on; give up those tried too often.

    Returns:
        How many were woken.
    """
    lost = Q(state=Job.State.RUNNING, lease_until__lt=now) | Q(
        state=Job.State.OWED, asked_at__lt=now - PATIENCE
    )
    woken = 0
    for job in Job.objects.filter(lost).order_by("pk"):
        if job.attempts >= MOST_ATTEMPTS:
            with suppress(Superseded):  # it was done at the last moment
                _give_up(job, message=_("The work stopped three times before it was done."))
        else:
            wake(job)
            woken += 1
    return woken


@transaction.atomic
def _claim(job_id: int, *, now: datetime) -> Job | None:
    """Take a job in a transaction of its own, so that an attempt counts even if it is killed."""
    job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id).first()
    if job is None or job.is_over:
        return None
    if job.state == Job.State.RUNNING and job.lease_until and job.lease_until > now:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        _give_up(job, message=_("The work stopped three times before it was done."))
        return None
    job.state, job.attempts, job.lease_until = Job.State.RUNNING, job.attempts + 1, now + LEASE
    job.started_at, job.stage, job.stages_done, job.error = now, "", [], ""
    job.save(
        update_fields=[
            "state", "attempts", "lease_until", "started_at", "stage", "stages_done", "error",
        ]
    )  # fmt: skip
    return job


def _put_back(job: Job) -> None:
    logger.exception("job %s (%s) failed at attempt %s", job.pk, job.kind, job.attempts)
    if job.attempts >= MOST_ATTEMPTS:
        _give_up(job, message=_("An unexpected error stopped the work; the log says which."))
        return
    job.state, job.lease_until = Job.State.OWED, None
    _write(job, "state", "lease_until")


def _give_up(job: Job, *, message: str) -> None:
    job.state, job.error, job.lease_until = Job.State.FAILED, message, None
    job.finished_at = timezone.now()
    _write(job, "state", "error", "lease_until", "finished_at")
    job_failed.send(sender=Job, job=job)


def _write(job: Job, *fields: str) -> None:
    """Write columns of a job's row, as long as the row still stands at the job's attempt.

    A worker that slept past its lease thus changes nothing of the attempt that followed.

    Raises:
        Superseded: another attempt was begun, or the job is over.
    """
    mine = Job.objects.filter(pk=job.pk, attempts=job.attempts).exclude(state__in=_OVER)
    if not mine.update(**{field: getattr(job, field) for field in fields}):
        raise Superseded(f"job {job.pk}, attempt {job.attempts}")


@contextmanager
def _lease_kept(job: Job) -> Iterator[None]:
    """Prolong the lease while a step takes longer than it; a killed worker prolongs nothing."""
    is_over = threading.Event()

    def prolong() -> None:
        while not is_over.wait(LEASE.total_seconds() / 3):
            mine = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING)
            # A row locked just now, or a server away, is asked again the next time.
            with suppress(DatabaseError, InterfaceError):
                mine.update(lease_until=timezone.now() + LEASE)
            connection.close()

    keeper = threading.Thread(target=prolong, name=f"lease of job {job.pk}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        is_over.set()
        keeper.join()
