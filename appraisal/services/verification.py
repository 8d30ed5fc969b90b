"""Recomputing a run from what it pinned, to show that it comes out the same."""

from __future__ import annotations

from dataclasses import dataclass

from appraisal.digest import digest_of
from appraisal.models import Run
from appraisal.services import computing, roster, runs


class NothingToVerify(Exception):
    """The cycle has no run that is done."""


@dataclass(frozen=True)
class Verdict:
    """What a run said and what recomputing it says."""

    run: Run
    recomputed: str

    @property
    def is_same(self) -> bool:
        """Whether both digests are equal."""
        return self.run.digest == self.recomputed


def verify_run(run: Run) -> Verdict:
    """Recompute a run: pinned versions, watermark and places, nothing of today.

    Raises:
        NothingToVerify: the run is not done.
    """
    if run.state != Run.State.DONE:
        raise NothingToVerify(f"Run {run.number} is {run.get_state_display()}.")
    inputs = runs.inputs_of(run, seats=roster.seats_of(run))
    outcome = computing.compute(inputs, progress=lambda _stage: None)
    return Verdict(run, digest_of(outcome.cards, outcome.lines))
