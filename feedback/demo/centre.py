"""The demo centre, month by month: files come in, cycles are computed, results published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import polars as pl
from django.db import connection, transaction

from agents import periods
from agents.periods import Period
from appraisal.models import Cycle
from appraisal.services.schemes import load_shipped_schemes
from feedback.demo import drafting, pay, results, story
from feedback.demo.cast import Cast, read_cast
from feedback.demo.facts import branches as branches_of
from feedback.demo.facts import leading as office_of
from feedback.demo.facts.branches import draw_branches
from feedback.demo.facts.contacts import CHANNELS, CHAT, draw_contacts
from feedback.demo.facts.leading import draw_office
from feedback.demo.facts.month import Month
from feedback.demo.facts.presence import draw_shifts
from feedback.demo.facts.records import draw_events, draw_figures, draw_trainings
from feedback.demo.facts.reviews import draw_reviews
from feedback.demo.facts.surveys import draw_surveys
from feedback.demo.facts.tickets import draw_tickets
from feedback.demo.loading import File, load_file, write_sources
from feedback.demo.people import Register, write_people
from feedback.demo.sizes import SIZES
from feedback.demo.timeline import SURVEYS_LATE_DAYS, Timeline, moment
from kpi.models import FACT_MODELS, ImportBatch, Source
from kpi.services.corrections import undo_batch
from kpi.services.library import load_library

# Of the newest full month HR asked for approval; the manager has not decided yet.
_MONTHS_WITH_PAY = 2
_NOT_PUBLISHED = 2
_WRONG_ROWS = 240
_OFFICES = frozenset({"hr", "office"})

Report = Callable[[str], None]


@dataclass
class Centre:
    """A demo centre while it is built, and what has been made of it."""

    timeline: Timeline
    cast: Cast
    volume: float
    register: Register
    sources: dict[str, Source]
    facts: dict[str, int] = field(default_factory=dict)
    batches: int = 0
    cycles: list[str] = field(default_factory=list)


def build(*, size: str, today: date, report: Report = lambda _line: None) -> Centre:
    """Build the demo centre in an empty database, all of it or nothing.

    Args:
        size: a key of ``sizes.SIZES``: "full" or "small".
        today: the day on which somebody looks at it; the same day gives the same centre.
        report: told of each step in one line.
    """
    wanted = SIZES[size]
    timeline = Timeline(today, wanted.months)
    with transaction.atomic():
        centre = _begin(timeline, wanted.volume, read_cast(
            timeline, teams=wanted.teams, agents=wanted.agents
        ))  # fmt: skip
        report(f"{len(centre.cast.people)} people in {len(centre.cast.teams)} teams")
        for period in timeline.months:
            _live_through(centre, period, report)
        drafting.write_draft(
            edited_by=centre.register.users["hr.zhou"], now=moment(timeline.today, 8, 20)
        )
    _analyse()
    return centre


def _begin(timeline: Timeline, volume: float, cast: Cast) -> Centre:
    now = moment(timeline.starts_on, 7)
    load_library(now=now)
    load_shipped_schemes(now=now)
    register = write_people(cast, now=now)
    pay.put_to_use(register, now=now)
    return Centre(timeline, cast, volume, register, write_sources())


def _live_through(centre: Centre, period: Period, report: Report) -> None:
    """One month: its cycle opens, its files come in, it is computed, HR and manager decide."""
    cycle = _open(centre, period)
    month = Month(period, centre.timeline, centre.cast.people, centre.volume)
    if month.until > period.starts_on:
        counts = [_load(centre, file) for file in _files(centre, month)]
        _correct(centre, month)
        report(f"{period.code}: {sum(counts):,} facts")
        if len(centre.cycles) == 1:
            _analyse()
        _compute(centre, cycle)
    quarter = periods.holding(period.starts_on, "quarter")
    if quarter in centre.timeline.quarters() and quarter.ends_on == period.ends_on:
        _compute(centre, Cycle.objects.get(code=quarter.code))


def _open(centre: Centre, period: Period) -> Cycle:
    quarter = periods.holding(period.starts_on, "quarter")
    if quarter.code not in centre.cycles:
        results.open_cycle(quarter, register=centre.register)
        centre.cycles.append(quarter.code)
    centre.cycles.append(period.code)
    return results.open_cycle(period, register=centre.register)


def _files(centre: Centre, month: Month) -> Iterator[File]:
    """The files of a month, in the order in which HR takes them in."""
    contacts = {channel.source: draw_contacts(month, channel) for channel in CHANNELS}
    month.answered = pl.concat(
        [frame.filter(pl.col("answered")) for frame in contacts.values() if not frame.is_empty()],
        how="diagonal_relaxed",
    )
    month.tickets = draw_tickets(month)
    branches = [(kind, branches_of.SOURCE, frame) for kind, frame in draw_branches(month)]
    office = [(kind, office_of.SOURCE, frame) for kind, frame in draw_office(month)]
    frames = [("contacts", source, frame) for source, frame in contacts.items()] + [
        ("tickets", "desk", month.tickets),
        ("surveys", "survey", draw_surveys(month)),
        ("reviews", "qa", draw_reviews(month)),
        ("shifts", "roster", draw_shifts(month)),
        ("trainings", "training", draw_trainings(month)),
        ("events", "hr", draw_events(month)),
        ("figures", "hr", draw_figures(month)),
        *branches,
        *office,
    ]
    for kind, source, frame in frames:
        if not frame.is_empty():
            yield _file(centre, month, kind, source, frame)


def _file(centre: Centre, month: Month, kind: str, source: str, frame: pl.DataFrame) -> File:
    late = SURVEYS_LATE_DAYS if kind == "surveys" and month.until < month.period.ends_on else 0
    return File(
        kind=kind,
        source=source,
        tag=month.tag,
        frame=frame,
        uploaded_by=centre.register.users["hr.bennett" if source in _OFFICES else "hr.zhou"],
        uploaded_at=centre.timeline.after(month.period, 3, 9, 5 + centre.batches % 10 * 2),
        first_day=month.period.starts_on,
        last_day=month.until - timedelta(days=1 + late),
    )


def _load(centre: Centre, file: File) -> int:
    batch = _import(centre, file)
    centre.facts[file.kind] = centre.facts.get(file.kind, 0) + batch.accepted
    return batch.accepted


def _import(centre: Centre, file: File) -> ImportBatch:
    centre.batches += 1
    codes = [person.code for person in centre.cast.people]
    return load_file(
        file, source=centre.sources[file.source], codes=codes, register=centre.register
    )


def _correct(centre: Centre, month: Month) -> None:
    """What people put right before they computed: a wrong file, and the day of the outage."""
    now = centre.timeline.after(month.period, 3, 9, 40)
    hr = centre.register.users["hr.zhou"]
    if month.period == centre.timeline.month(-2):
        channel = CHAT.source if "chat" in month.answered["team"] else "phone"
        wrong = month.answered.filter(pl.col("external_id").str.starts_with(channel[0].upper()))
        frame = wrong.head(_WRONG_ROWS).with_columns(
            (pl.lit("TEST-") + pl.col("external_id")).alias("external_id")
        )
        file = _file(centre, month, "contacts", channel, frame)
        wrong_file = replace(file, tag=f"{file.tag}_test")
        undo_batch(batch_id=_import(centre, wrong_file).pk, undone_by=hr, now=now)
    if month.period == centre.timeline.month(-1):
        story.exclude_outage(
            team="phone-a",
            outage_day=centre.timeline.outage_day,
            excluded_by=hr,
            approved_by=centre.register.users["manager.lim"],
            now=now,
        )


def _compute(centre: Centre, cycle: Cycle) -> None:
    """Compute a cycle; send what is over for approval, publish all but the newest."""
    timeline, register = centre.timeline, centre.register
    if cycle.kind == Cycle.Kind.QUARTER:
        results.rate_teamwork(cycle, cast=centre.cast, timeline=timeline, register=register)
    if cycle.ends_on <= timeline.today:
        results.rate_by_superiors(cycle, cast=centre.cast, timeline=timeline, register=register)
    now = timeline.after(cycle.period, 3, 10, 15)
    run = results.compute(cycle, asked_by=register.users["hr.zhou"], now=now)
    if cycle.ends_on > timeline.today:
        return
    if cycle.kind == Cycle.Kind.MONTH and timeline.age(cycle.period) < _MONTHS_WITH_PAY:
        pay.propose(run, register, now=now)
    kept = timeline.months[-_NOT_PUBLISHED].starts_on
    results.ask_and_publish(
        run, timeline=timeline, register=register, publish=cycle.ends_on <= kept
    )


def _analyse() -> None:
    """Tell the database what it holds, so that it reads it the right way at once."""
    tables = ", ".join(model._meta.db_table for model in FACT_MODELS.values())
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
