"""The head of a cycle's page: its name, its phases, and why a button cannot be pressed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from agents.templatetags.figures import day, moment
from appraisal.cycle_names import long_name
from appraisal.models import Cycle, Publication, Run
from appraisal.selectors.cycles import CycleRow
from appraisal.web.pages.strips import short_day


@dataclass(frozen=True)
class Phase:
    """One phase of the path: done, now or next, and when and whose it is."""

    name: str
    state: str
    lines: list[str]


@dataclass(frozen=True)
class Reasons:
    """Why a deed is not open now; an empty text where it is."""

    compute: str
    ask: str
    publish: str


def name_of(cycle: Cycle) -> str:
    """What people call the cycle."""
    return long_name(cycle.period)


def phases(row: CycleRow) -> list[Phase]:
    """The six phases, each with what is known of it."""
    codes = list(Cycle.Phase)
    now = codes.index(Cycle.Phase(row.cycle.phase))
    states = ["done" if at < now else "now" if at == now else "next" for at in range(len(codes))]
    return [
        Phase(str(code.label), state, _known(code, row))
        for code, state in zip(codes, states, strict=True)
    ]


def _known(code: Cycle.Phase, row: CycleRow) -> list[str]:
    cycle = row.cycle
    if code == Cycle.Phase.PREPARE:
        by = cycle.opened_by.display_name if cycle.opened_by else ""
        return [line for line in (day(cycle.opened_at.date()), by) if line]
    if code == Cycle.Phase.COLLECT:
        return [f"{short_day(cycle.starts_on)} – {short_day(cycle.period.last_day)}"]
    if code == Cycle.Phase.EVALUATE and row.run and row.run.finished_at:
        return [_("Run %(number)s") % {"number": row.run.number}, moment(row.run.finished_at)]
    if code == Cycle.Phase.FEEDBACK and cycle.published_run:
        return [_published(row)]
    return []


def _published(row: CycleRow) -> str:
    run = row.cycle.published_run
    return _("published %(time)s") % {"time": moment(run.published_at if run else None)}


def reasons(row: CycleRow) -> Reasons:
    """Why the cycle cannot be computed, sent or published now."""
    return Reasons(_no_computing(row), _no_asking(row), _no_publishing(row))


def _no_computing(row: CycleRow) -> str:
    if row.cycle.published_run_id:
        return _("It is published, and a published result never changes.")
    if row.open_run is not None:
        return _("Run %(number)s is computing.") % {"number": row.open_run.number}
    return ""


def _no_asking(row: CycleRow) -> str:
    run = row.cycle.current_run
    if row.cycle.published_run_id:
        return _("It is published.")
    if run is None or run.state != Run.State.DONE:
        return _("Compute it first.")
    if row.open_run is not None:
        return _("Wait for run %(number)s.") % {"number": row.open_run.number}
    if row.is_waiting:
        return _("It waits for a manager.")
    return ""


def _no_publishing(row: CycleRow) -> str:
    if row.cycle.published_run_id:
        return _("It is published.")
    if not row.is_waiting:
        return _("HR has not sent it for approval.")
    asked = row.publication
    if asked is not None and asked.run_id != row.cycle.current_run_id:
        return _("A newer run was computed since; HR sends that one.")
    return ""


def state_sentence(row: CycleRow) -> str:
    """Where a cycle stands, in one sentence."""
    cycle = row.cycle
    if cycle.published_run_id:
        return _("Published: agents see their scorecards.")
    if row.open_run is not None:
        return _("Run %(number)s is computing.") % {"number": row.open_run.number}
    if row.is_waiting:
        return _("Waiting for a manager to publish it.")
    if row.run is None:
        return _("Not computed yet.")
    if row.publication and row.publication.state == Publication.State.RETURNED:
        return _("Sent back by the manager.")
    return _("Computed; not yet sent for approval.")
