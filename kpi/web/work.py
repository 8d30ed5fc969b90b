"""Jobs as people see them: what the work is, which steps it has, how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from kpi.models import Job

# The steps of each kind of work, in their order, as the work itself reports them.
_STEPS: dict[str, tuple[str, ...]] = {
    "appraisal.compute_run": ("watermark", "measures", "points", "storing"),
    "appraisal.compute_pay": ("measures", "storing"),
    "kpi.import_batch": ("reading", "checking", "storing"),
}
_PAGES = {
    "appraisal.compute_run": "appraisal:run",
    "appraisal.compute_pay": "appraisal:pay_run",
    "kpi.import_batch": "kpi:batch",
}


@dataclass(frozen=True)
class Step:
    """One step: done, now or next; the seconds it took, or how many of how many are done."""

    name: str
    state: str
    seconds: float | None = None
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Work:
    """A job with its steps."""

    job: Job
    title: str
    steps: list[Step]
    url: str

    @property
    def percent(self) -> int:
        """How far it is; the step under way counts by what it has done of its rows."""
        if self.job.state == Job.State.DONE:
            return 100
        done = sum(1.0 for step in self.steps if step.state == "done")
        done += sum(step.done / step.total for step in self.steps if step.total)
        return min(int(100 * done / max(len(self.steps), 1)), 99)


def work_of(job: Job) -> Work:
    """A job as its page shows it."""
    return Work(job, _title(job.kind), _steps(job), _address(job))


def _title(kind: str) -> str:
    titles = {
        "appraisal.compute_run": _("Computing scorecards"),
        "appraisal.compute_pay": _("Working out the pay"),
        "kpi.import_batch": _("Importing a file"),
    }
    return titles.get(kind, kind)


def _step_name(code: str) -> str:
    names = {
        "watermark": _("Data and versions pinned"),
        "measures": _("Measures, one query per kind of data"),
        "points": _("Points, totals, grades and ranks"),
        "reading": _("Reading the file"),
        "checking": _("Checking every row"),
        "storing": _("Storing"),
    }
    return names.get(code, code)


def _steps(job: Job) -> list[Step]:
    took = dict(job.stages_done)
    known = _STEPS.get(job.kind, ())
    seen = [code for code in (*took, job.stage) if code and code not in known]
    return [_step(job, code, took) for code in (*known, *seen)]


def _step(job: Job, code: str, took: dict[str, float]) -> Step:
    name = _step_name(code)
    if code in took:
        return Step(name, "done", seconds=took[code])
    if code == job.stage and not job.is_over:
        return Step(name, "now", done=job.done, total=job.total)
    return Step(name, "next")


def _address(job: Job) -> str:
    """The page of what the job works on, where there is one."""
    try:
        return reverse(_PAGES[job.kind], args=[job.subject_id])
    except (KeyError, NoReverseMatch):
        return ""
