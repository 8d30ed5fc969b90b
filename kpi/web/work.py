"""Jobs as people see them: what the work is, which steps it has, how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from kpi.models import ImportBatch, Job
from kpi.signals import subjects_asked

_IMPORT = "kpi.import_batch"
# The steps of each kind of work, in their order, as the work itself reports them.
_STEPS: dict[str, tuple[str, ...]] = {
    "appraisal.compute_run": ("watermark", "measures", "points", "storing"),
    "appraisal.compute_pay": ("measures", "storing"),
    _IMPORT: ("reading", "checking", "storing"),
}
# The page of what each works on, and the right that it needs.
_PAGES = {
    "appraisal.compute_run": ("appraisal:run", "cycle.read"),
    "appraisal.compute_pay": ("appraisal:pay_run", "pay.read"),
    _IMPORT: ("kpi:batch", "import.read"),
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
    """A job with its steps.

    Attributes:
        reads: the right that the page at ``url`` needs.
        subject: what it works on, such as a file or a month, where that was looked up.
    """

    job: Job
    title: str
    steps: list[Step]
    url: str
    reads: str = ""
    subject: str = ""

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
    return Work(
        job, _title(job.kind), _steps(job), _address(job), reads=_PAGES.get(job.kind, ("", ""))[1]
    )


def works_of(jobs: Iterable[Job]) -> list[Work]:
    """Jobs as pages show them, with what they work on. Queries: 1 for each kind of work."""
    listed = list(jobs)
    subjects = _files(listed)
    answers: list[tuple[Any, Any]] = subjects_asked.send(sender=Job, jobs=listed)
    for _receiver, answer in answers:
        subjects |= answer
    return [replace(work_of(job), subject=subjects.get(job.pk, "")) for job in listed]


def _files(jobs: list[Job]) -> dict[int, str]:
    batches = {job.pk: job.subject_id for job in jobs if job.kind == _IMPORT}
    if not batches:
        return {}
    found = ImportBatch.objects.only("file_name").in_bulk(set(batches.values()))
    return {pk: found[one].file_name for pk, one in batches.items() if one in found}


def _title(kind: str) -> str:
    titles = {
        "appraisal.compute_run": _("Computing scorecards"),
        "appraisal.compute_pay": _("Working out the pay"),
        _IMPORT: _("Importing a file"),
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
    if job.state == Job.State.DONE:  # what was made before steps were told has none on record
        return Step(name, "done")
    if code == job.stage and not job.is_over:
        return Step(name, "now", done=job.done, total=job.total)
    return Step(name, "next")


def _address(job: Job) -> str:
    """The page of what the job works on, where there is one."""
    try:
        return reverse(_PAGES[job.kind][0], args=[job.subject_id])
    except (KeyError, NoReverseMatch):
        return ""
