"""What still holds up a cycle, computed from what is on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from appraisal.models import Cycle, Publication, Run, ScorecardLine
from appraisal.selectors.coverage import Strip
from appraisal.selectors.cycles import CycleRow
from appraisal.selectors.news import news_since
from kpi.conditions import valid_at
from kpi.formula import compile_formula
from kpi.formula.compiler import facts_of, resolve
from kpi.frames import imported_kinds
from kpi.models import Contact, ImportBatch, KPIVersion, ParkedRow
from kpi.services.revisions import latest_revision

CHANGED, AWAITED, RATINGS = "changed", "awaited", "ratings"
UNMEASURABLE = "unmeasurable"
NOBODY, PARKED, NO_GRADE, FAILED = "nobody", "parked", "no_grade", "failed"
DAYS = "days"
APPROVAL, RETURNED, UNCOMPUTED, COMPUTING = "approval", "returned", "uncomputed", "computing"


@dataclass(frozen=True)
class Hold:
    """One thing that stands between a cycle and its publication.

    Attributes:
        code: what it is, one of the names above.
        count: how many there are of it.
        kind: the kind of fact it is about, where it is about one.
        people: how many scorecards it concerns.
        subject_id: the row its page is about.
        names: who or what, in words of the data.
        days: the days it is about.
        parts: what it is made of, and how many of each.
    """

    code: str
    count: int
    kind: str = ""
    people: int = 0
    subject_id: int = 0
    names: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    parts: tuple[tuple[str, int], ...] = ()


def list_holds(row: CycleRow, strips: Sequence[Strip] = ()) -> list[Hold]:
    """Everything that still holds a cycle up, what blocks most first.

    A published cycle is held up by nothing. Queries: about 18, whatever the size.

    Args:
        strips: the data by day, so that days that fall short are told too.
    """
    cycle = row.cycle
    if cycle.published_run_id:
        return []
    watermark = latest_revision()
    return [
        *_of_publication(row),
        *_of_runs(row),
        *(_of_lines(row.run, imported_kinds(cycle.period, watermark)) if row.run else ()),
        *_of_days(strips),
        *_of_facts(cycle, watermark),
        *_of_cards(row),
    ]


def _of_publication(row: CycleRow) -> Iterator[Hold]:
    asked = row.publication
    if asked is None:
        return
    if asked.state == Publication.State.ASKED:
        yield Hold(APPROVAL, 1, subject_id=asked.run.number, names=(asked.asked_by.display_name,))
    if asked.state == Publication.State.RETURNED and asked.run_id == row.cycle.current_run_id:
        by = asked.decided_by.display_name if asked.decided_by else ""
        yield Hold(RETURNED, 1, subject_id=asked.run.number, names=(by, asked.answer))


def _of_runs(row: CycleRow) -> Iterator[Hold]:
    cycle, run = row.cycle, row.run
    if row.open_run is not None:
        yield Hold(COMPUTING, 1, subject_id=row.open_run.number)
    elif run is None:
        yield Hold(UNCOMPUTED, 1)
    newest = cycle.runs.order_by("-number").select_related("job").first()
    if newest is not None and newest.state == Run.State.FAILED:
        error = newest.job.error if newest.job else ""
        yield Hold(FAILED, 1, subject_id=newest.job_id or 0, names=(error,))
    if run is not None and row.open_run is None and (news := news_since(run)):
        yield Hold(CHANGED, sum(news.values()), subject_id=run.number, parts=tuple(news.items()))


def _of_lines(run: Run, imported: frozenset[str]) -> Iterator[Hold]:
    """Kinds of facts and ratings that lines of the run wait for, and what no source gives."""
    states = [ScorecardLine.State.AWAITED, ScorecardLine.State.NOT_MEASURABLE]
    without = ScorecardLine.objects.filter(scorecard__run=run, state__in=states).order_by()
    # A card in parts may wait for the same KPI in several; of ratings each is told.
    per_version = without.values("state", "kpi_version").annotate(
        people=Count("scorecard", distinct=True), lines=Count("pk")
    )
    people: dict[str, dict[int | None, int]] = {state: {} for state in states}
    for row in per_version:
        counted = row["people" if row["kpi_version"] else "lines"]
        people[row["state"]][row["kpi_version"]] = counted
    awaited, unmeasurable = (people[state] for state in states)
    used = KPIVersion.objects.in_bulk([pk for pk in {*awaited, *unmeasurable} if pk])
    yield from _of_kinds(
        run, imported, {used[pk]: awaited[pk] for pk in sorted(used) if pk in awaited}
    )
    if unmeasurable:
        names = tuple(used[pk].name for pk in sorted(pk for pk in unmeasurable if pk))
        yield Hold(UNMEASURABLE, len(names), people=max(unmeasurable.values()), names=names)
    if None in awaited:
        yield Hold(RATINGS, awaited[None])


def _of_kinds(
    run: Run, imported: frozenset[str], people: Mapping[KPIVersion, int]
) -> Iterator[Hold]:
    """Kinds of facts that these KPIs of the run wait for, and still do."""
    read = frozenset(run.parameters.get("imported", ()))
    waiting: dict[str, list[KPIVersion]] = {}
    for version in people:
        missing = facts_of(resolve(compile_formula(version.formula), read)) - read
        for kind in sorted(missing - imported):
            waiting.setdefault(kind, []).append(version)
    for kind, versions in sorted(waiting.items()):
        most = max(people[version] for version in versions)
        names = tuple(version.name for version in versions)
        yield Hold(AWAITED, len(versions), kind=kind, people=most, names=names)


def _of_days(strips: Sequence[Strip]) -> Iterator[Hold]:
    """Days of which data came in for other days but not, or hardly, for these."""
    for strip in strips:
        days = sorted([*strip.starts("none"), *strip.starts("part")])
        if days and strip.count:
            yield Hold(DAYS, len(days), kind=strip.kind, days=tuple(days))


def _of_facts(cycle: Cycle, watermark: int) -> Iterator[Hold]:
    answered = Contact.objects.filter(
        valid_at(watermark),
        day__gte=cycle.starts_on,
        day__lt=cycle.ends_on,
        answered=True,
        agent_id__isnull=True,
        exclusion_id__isnull=True,
    )
    if count := answered.count():
        yield Hold(NOBODY, count, kind="contacts")
    parked = ParkedRow.objects.filter(
        batch__in=_batches(cycle).exclude(state=ImportBatch.State.UNDONE), replayed_by=None
    ).order_by()
    for entry in parked.values("batch_id").annotate(
        rows=Count("pk"), people=Count("agent_text", distinct=True)
    ):
        yield Hold(PARKED, entry["rows"], people=entry["people"], subject_id=entry["batch_id"])


def _of_cards(row: CycleRow) -> Iterator[Hold]:
    if row.tally.no_grade:
        yield Hold(NO_GRADE, row.tally.no_grade)


def _batches(cycle: Cycle) -> QuerySet[ImportBatch]:
    """The batches with facts, or rows that may become facts, of the cycle's days."""
    touching = Q(first_day__lt=cycle.ends_on, last_day__gte=cycle.starts_on)
    return ImportBatch.objects.filter(touching | Q(first_day=None, parked__gt=0))
