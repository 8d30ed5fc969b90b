"""Computing a cycle: asked for, pinned, computed, stored at once. Safe to repeat, safe to kill."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.utils.translation import gettext as _

from agents.clock import local_today
from agents.models import User
from appraisal import frames
from appraisal.digest import digest_of
from appraisal.models import Cycle, Run, RunKPI, RunScheme, SchemeVersion
from appraisal.services import computing, figures, pins, roster, scores
from appraisal.services.inputs import Inputs
from appraisal.services.parts import lay_out
from appraisal.services.targets import targets_for
from appraisal.services.tenures import versions_of
from appraisal.staff import CircularScores
from kpi import tallies
from kpi.engine import NOT_MEASURABLE, FigureTooLarge
from kpi.frames import Window, window_of
from kpi.places import Led
from kpi.selectors import list_current_versions
from kpi.services import jobs, revisions

TASK = "appraisal.compute_run"
_PURE = ("appraisal/scoring", "kpi/formula", "kpi/engine.py")


class AlreadyComputing(Exception):
    """A run of this cycle is waiting or under way; the message says which."""


class AlreadyPublished(Exception):
    """The cycle is published; its results never change."""


@transaction.atomic
def request_run(*, cycle: Cycle, asked_by: User | None, now: datetime) -> Run:
    """Ask for a new run of a cycle and wake a worker.

    Raises:
        AlreadyComputing: one is open.
        AlreadyPublished: there is nothing left to compute.
    """
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if cycle.published_run_id:
        raise AlreadyPublished(_("This cycle is published, and a published result never changes."))
    open_run = cycle.runs.filter(state__in=[Run.State.OWED, Run.State.RUNNING]).first()
    if open_run is not None:
        message = _("Run {number} of this cycle is being computed already.")
        raise AlreadyComputing(message.format(number=open_run.number))
    number = (cycle.runs.aggregate(last=Max("number"))["last"] or 0) + 1
    run = Run.objects.create(cycle=cycle, number=number, asked_by=asked_by)
    run.job = jobs.owe(kind=TASK, subject_id=run.pk, asked_by=asked_by, now=now)
    run.save(update_fields=["job"])
    return run


def open_jobs(cycle: Cycle) -> list[int]:
    """The jobs of the cycle's run that is waiting or under way. Queries: 1."""
    open_run = cycle.runs.filter(state__in=[Run.State.OWED, Run.State.RUNNING])
    return list(open_run.exclude(job=None).values_list("job_id", flat=True))


def compute_run(
    *, run_id: int, progress: Callable[[str], None], now: Callable[[], datetime]
) -> Run:
    """Compute a run and store its scorecards in one transaction.

    A run done before is left as it is, so that a message delivered twice changes nothing. One
    that was killed half way starts again from the same watermark. One given up in the meantime
    stores nothing: another run may have been asked for since.

    Raises:
        Refused: nobody in the cycle has a scheme, or a figure is absurdly large.
    """
    run = Run.objects.select_related("cycle").get(pk=run_id)
    if run.state in {Run.State.DONE, Run.State.FAILED}:
        return run
    progress("watermark")
    inputs = _pinned(run, started_at=now())
    try:
        results = computing.compute(replace(inputs, from_tallies=True), progress=progress)
    except FigureTooLarge as error:
        raise jobs.Refused(
            _(
                "A figure is too large to be computed; the facts behind it must be absurd. {figure}"
            ).format(figure=error)
        ) from error
    except CircularScores as error:
        raise jobs.Refused(scores.circle_message(error.circle)) from error
    progress("storing")
    with transaction.atomic():
        Cycle.objects.select_for_update().get(pk=run.cycle_id)
        run.refresh_from_db(fields=["state"])
        if run.state == Run.State.RUNNING:
            frames.store_scorecards(run, inputs.seats, results)
            _finish(run, digest=digest_of(results.cards, results.lines), now=now())
    return run


def keep_tallies(*, run_id: int) -> None:
    """After a run: tally its days, so that the next run of the cycle reads what changed alone.

    Nothing rests on it; a run that is not done, or of a cycle that is published, needs none.
    """
    run = Run.objects.select_related("cycle").get(pk=run_id)
    if run.state == Run.State.DONE and not run.cycle.published_run_id:
        figures.keep_tallies(inputs_of(run, seats=roster.seats_of(run)))


def tally_news() -> list[Run]:
    """Tally the days that came in since the last run of each cycle that is not published.

    Whoever computes the cycle again finds them added up. Where most days are new, reading the
    facts once more costs less, and it is left to the next run.

    Returns:
        The runs whose KPIs were tallied.
    """
    newest = Run.objects.filter(cycle__published_run=None, cycle__current_run=F("pk"))
    listed = newest.select_related("cycle").order_by("cycle_id")
    concerned = [run for run in listed if tallies.has_news(run.cycle.period)]
    for run in concerned:
        inputs = inputs_of(run, seats=roster.seats_of(run))
        now = window_of(run.cycle.period, revisions.latest_revision())
        figures.keep_tallies(replace(inputs, window=now), however_many=False)
    return concerned


def inputs_of(
    run: Run,
    *,
    seats: Sequence[roster.Seat],
    schemes: Mapping[int, SchemeVersion] | None = None,
    led: Iterable[Led] = (),
) -> Inputs:
    """What a run rests on, from what it pinned: versions, watermark, parameters.

    Args:
        schemes: by the ids that the seats carry, where others than those pinned are tried.
        led: the teams of leaders whom the run did not place.
    """
    pinned = run.parameters
    if schemes is None:
        versions = run.scheme_versions.select_related("scheme_version")
        schemes = {one.scheme_version_id: one.scheme_version for one in versions}
    used = run.kpi_versions.select_related("kpi_version__kpi")
    window = Window(run.cycle.period, run.watermark or 0, frozenset(pinned["imported"]))
    inputs = Inputs(
        window=window,
        seats=seats,
        schemes=schemes,
        kpis={one.kpi_version.kpi.code: one.kpi_version for one in used},
        ratings=frames.ratings_given(run.cycle, window.watermark),
        minimum_presence=Decimal(pinned["minimum_presence"]),
        led=(*pins.led_of(pinned), *led),
        # Runs from before facts were told apart by position are recomputed as they were.
        is_one_position=pinned.get("own_facts") == "position",
        # Nor did they tell what cannot be measured from 0.
        tells_unmeasurable=pinned.get("lacking") == NOT_MEASURABLE,
        months=pins.months_of(pinned),
    )
    return lay_out(
        inputs, targets=lambda held: targets_for(run.cycle, window.watermark, held, schemes)
    )


def _pinned(run: Run, *, started_at: datetime) -> Inputs:
    seats = roster.seats_in(run.cycle.period)
    if not seats:
        message = _(
            "Nobody has a scheme for {period}: put people on record with a position that a scheme"
            " appraises, then compute again."
        )
        _fail(run, now=started_at)
        raise jobs.Refused(message.format(period=run.cycle.code))
    with transaction.atomic():
        _pin_versions(run, versions_of(seats))
        if run.watermark is None:
            run.watermark = revisions.latest_revision()
        window = window_of(run.cycle.period, run.watermark)
        run.parameters = pins.pin(run.cycle.period, window, seats)
        run.state, run.started_at = Run.State.RUNNING, started_at
        run.package_version, run.scoring_hash = settings.VERSION, scoring_hash()
        run.save(
            update_fields=[
                "watermark", "parameters", "state", "started_at", "package_version", "scoring_hash",
            ]
        )  # fmt: skip
    return inputs_of(run, seats=seats)


def _pin_versions(run: Run, scheme_ids: set[int]) -> None:
    run.scheme_versions.all().delete()
    run.kpi_versions.all().delete()
    pinned = [RunScheme(run=run, scheme_version_id=pk) for pk in sorted(scheme_ids)]
    RunScheme.objects.bulk_create(pinned)
    schemes = {one.scheme_version_id: one.scheme_version for one in run.scheme_versions.all()}
    codes = figures.kpi_codes(schemes)
    current = list_current_versions().filter(kpi__code__in=codes)
    versions = {one.kpi.code: one for one in current}
    if missing := sorted(codes - set(versions)):
        raise jobs.Refused(
            _("The schemes name KPIs that do not exist: {codes}.").format(codes=", ".join(missing))
        )
    RunKPI.objects.bulk_create(
        RunKPI(run=run, kpi_version=version) for version in versions.values()
    )


def _finish(run: Run, *, digest: str, now: datetime) -> None:
    run.state, run.digest, run.finished_at = Run.State.DONE, digest, now
    run.save(update_fields=["state", "digest", "finished_at"])
    cycle = run.cycle
    cycle.current_run = run
    is_over = local_today(now) >= cycle.ends_on
    if is_over and cycle.phase in {Cycle.Phase.PREPARE, Cycle.Phase.COLLECT}:
        cycle.phase = Cycle.Phase.EVALUATE
    cycle.save(update_fields=["current_run", "phase"])


def _fail(run: Run, *, now: datetime) -> None:
    run.state, run.finished_at = Run.State.FAILED, now
    run.save(update_fields=["state", "finished_at"])


def mark_failed(*, run_id: int, now: datetime) -> None:
    """Close a run whose job was given up, so that another may be asked for."""
    Run.objects.filter(pk=run_id, state__in=[Run.State.OWED, Run.State.RUNNING]).update(
        state=Run.State.FAILED, finished_at=now
    )


def wait_for(run: Run, *, seconds: float = 600) -> dict[str, Any]:
    """Wait until a run is over, also when a worker took it, and sum it up."""
    deadline = time.monotonic() + seconds
    run.refresh_from_db()
    while run.state in {Run.State.OWED, Run.State.RUNNING} and time.monotonic() < deadline:
        time.sleep(0.2)
        run.refresh_from_db()
    return summary_of(run)


def summary_of(run: Run) -> dict[str, Any]:
    """What came out of a run, in figures. Queries: 3."""
    cards = run.scorecards.aggregate(
        scorecards=Count("pk"),
        graded=Count("pk", filter=Q(state="graded")),
        no_grade=Count("pk", filter=Q(state="no_grade")),
        not_ranked=Count("pk", filter=Q(state="not_ranked")),
        provisional=Count("pk", filter=Q(provisional=True)),
    )
    return {
        "period": run.cycle.code,
        "run": run.number,
        "state": run.state,
        "watermark": run.watermark,
        "digest": run.digest,
        **cards,
        "error": run.job.error if run.job else "",
    }


@cache
def scoring_hash() -> str:
    """SHA-256 of the modules that turn facts into points: information, not part of a digest."""
    root = Path(settings.BASE_DIR)
    paths = [path for part in _PURE for path in sorted(_modules(root / part))]
    text = hashlib.sha256()
    for path in paths:
        text.update(path.read_bytes())
    return text.hexdigest()


def _modules(path: Path) -> list[Path]:
    return list(path.rglob("*.py")) if path.is_dir() else [path]
