"""Recomputing a run from what it pinned, to show that it comes out the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from appraisal import frames
from appraisal.digest import digest_of
from appraisal.models import Cycle, Run
from appraisal.services import computing, pins, roster, runs


class NothingToVerify(Exception):
    """The cycle has no run that is done."""


@dataclass(frozen=True)
class Verdict:
    """What a run said, what recomputing it says, and what its stored rows say."""

    run: Run
    recomputed: str
    stored: str

    @property
    def is_same(self) -> bool:
        """Whether all three digests are equal."""
        return self.run.digest == self.recomputed == self.stored


def verify_cycle(cycle: Cycle) -> Verdict:
    """Recompute the published run of a cycle, else its newest.

    Raises:
        NothingToVerify: nothing was computed.
    """
    run = cycle.published_run or cycle.current_run
    if run is None:
        raise NothingToVerify(_("{code} is not computed yet.").format(code=cycle.code))
    return verify_run(run)


def verify_run(run: Run) -> Verdict:
    """Recompute a run: pinned versions, watermark and places, nothing of today.

    Raises:
        NothingToVerify: the run is not done.
    """
    if run.state != Run.State.DONE:
        raise NothingToVerify(_("Run {number} is not done.").format(number=run.number))
    inputs = runs.inputs_of(run, seats=roster.seats_of(run))
    again = computing.compute(inputs, progress=lambda _stage: None)
    stored = frames.read_scorecards(run)
    return Verdict(
        run,
        recomputed=digest_of(again.cards, again.lines) if pins.are_months_unchanged(run) else "",
        stored=digest_of(stored.cards, stored.lines),
    )
