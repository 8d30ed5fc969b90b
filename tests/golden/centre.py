"""Small centres whose facts fit on a page: real rows in the real tables, computed the whole way.

A test writes its facts and the points worked out by hand as two tables of text, a column for
each person and a row for each figure or item, so that both can be read beside each other. Who
differs from somebody in a few rows stands in a short table of those rows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from agents import periods, services
from agents.models import Agent, Assignment, Organisation, Position, Shift, Team, User
from appraisal.models import Cycle, Rating, Run, Scorecard, ScorecardLine
from appraisal.services import cycles, runs
from kpi.models import FACT_MODELS
from kpi.services.revisions import next_revision
from tests.factories import NOW

LONG_AGO = date(2026, 1, 1)
SHIFT_S = 28_800
_MOMENTS = {"contacts": "started_at", "tickets": "created_at"}

Columns = dict[str, dict[str, str]]


def columns(table: str) -> Columns:
    """A table of text, column by column: the head of a column to its cells by row."""
    names, *rows = (line.split() for line in table.strip().splitlines())
    return {name: {row[0]: row[at] for row in rows} for at, name in enumerate(names, start=1)}


def beside(table: str, others: str, *, like: str = "ann") -> Columns:
    """The columns of a table, and those of people who are like one of it but for a few rows.

    A ``.`` in the second table is the cell of the one they are like.
    """
    known = columns(table)
    written = columns(others)
    for code, cells in written.items():
        assert cells.keys() <= known[like].keys(), code
        differs = {row: cell for row, cell in cells.items() if cell != "."}
        known[code] = known[like] | differs
    return known


def part(cell: str) -> tuple[int, int]:
    """ "19/20" as two whole numbers."""
    above, below = cell.split("/")
    return int(above), int(below)


def pairs(cell: str, count: int) -> list[int]:
    """ "30+270x5" for 40 is 35 times 30 and 5 times 270."""
    first, _, others = cell.partition("+")
    slow, _, many = others.partition("x")
    apart = [int(slow)] * int(many) if others else []
    return [int(first)] * (count - len(apart)) + apart


def october(day: int) -> date:
    """A day of October 2026."""
    return date(2026, 10, day)


@dataclass
class Centre:
    """People on record and the facts about them; facts wait until they are stored.

    With a ``mark`` before the codes of its people and teams several stand beside each other.
    """

    mark: str = ""
    teams: dict[str, Team] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    shifts: dict[str, Shift] = field(default_factory=dict)
    people: dict[str, Agent] = field(default_factory=dict)
    waiting: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def team(self, code: str, *, under: str | None = None) -> Team:
        """A team by its code; made when it is new."""
        if code not in self.teams:
            parent = self.team(under) if under else None
            self.teams[code], _made = Team.objects.get_or_create(
                code=self.mark + code,
                defaults={"name_en": code, "name_zh": code, "parent": parent},
            )
        return self.teams[code]

    def person(
        self, code: str, position: str, *, team: str = "hall", shift: str = "early",
        since: date = LONG_AGO,
    ) -> Agent:  # fmt: skip
        """Put somebody on record."""
        self.people[code] = services.hire_agent(
            code=self.mark + code,
            name=code.title(),
            hired_on=since,
            team=self.team(team),
            position=_named(Position, self.positions, position),
            shift=_named(Shift, self.shifts, shift),
        )
        return self.people[code]

    def off(self, code: str, day: date, **fields: Any) -> None:
        """A day of leave, protected unless its fields say otherwise."""
        told = {"logged_in_s": 0, "leave_days": 1, "protected": True}
        self.work(code, day, **told | fields)

    def move(self, code: str, on: date, **place: str) -> None:
        """Move somebody to another ``team``, ``position`` or ``shift``; the others stay."""
        held = Assignment.objects.filter(agent=self.people[code]).latest("starts_on")
        services.move_agent(
            agent=self.people[code],
            team=self.team(place["team"]) if "team" in place else held.team,
            position=_named(Position, self.positions, place["position"])
            if "position" in place
            else held.position,
            shift=_named(Shift, self.shifts, place["shift"]) if "shift" in place else held.shift,
            from_day=on,
        )

    def lead(self, code: str, team: str, *, since: date = LONG_AGO, until: date | None = None):
        """Let somebody lead a team."""
        services.appoint_leader(
            team=self.team(team), leader=self.people[code], starts_on=since, ends_on=until
        )

    def add(self, fact: str, code: str | None, day: date, count: int = 1, /, **fields: Any) -> None:
        """Facts of a kind about somebody, or about nobody, on a day."""
        for _ in range(count):
            self.waiting.append((fact, {"code": code, "day": day, **fields}))

    def calls(self, code: str | None, day: date, count: int, **fields: Any) -> None:
        """Incoming calls: answered by somebody, or lost with nobody."""
        taken = code is not None
        given = {"talk_s": 270, "wait_s": 10} if taken else {"wait_s": 90}
        told = {
            "channel": "phone",
            "direction": "in",
            "answered": taken,
            "abandoned": not taken,
            "outcome": "answered" if taken else "abandoned",
        }
        self.add("contacts", code, day, count, **told | given | fields)

    def work(self, code: str, day: date, **fields: Any) -> None:
        """A shift worked in full, unless its fields say otherwise."""
        told = {"scheduled_s": SHIFT_S, "logged_in_s": SHIFT_S, "late_min": 0, "early_min": 0}
        self.add("shifts", code, day, **told | fields)

    def events(self, code: str, day: date, **quantities: int | str) -> None:
        """Events by kind: ``praise=3`` is one record of three."""
        for kind, quantity in quantities.items():
            if Decimal(quantity):
                self.add("events", code, day, kind=kind, quantity=Decimal(quantity))

    def surveys(self, code: str, day: date, good: int, rated: int, **fields: Any) -> None:
        """Ratings of 1 to 5: so many of 5, the others of 3."""
        told = {"scale": "1-5", "channel": "phone"} | fields
        self.add("surveys", code, day, good, score=5, **told)
        self.add("surveys", code, day, rated - good, score=3, **told)

    def figure(self, name: str, above: str | None = None, below: str | None = None, **more: Any):
        """A figure given from outside, of the whole centre or of a ``code``."""
        code = more.pop("code", None)
        told = {"numerator": above, "denominator": below} if below else {"value": above}
        kept = {key: Decimal(value) for key, value in told.items() if value is not None}
        self.add("figures", code, more.pop("day", october(1)), figure=name, **kept | more)

    def store(self, *, seed: int | None = None) -> None:
        """Write the facts that wait, in the order given or in one drawn by lot."""
        rows = list(self.waiting)
        if seed is not None:
            random.Random(seed).shuffle(rows)
        held = {code: _places(agent) for code, agent in self.people.items()}
        for kind in sorted({kind for kind, _row in rows}):
            with transaction.atomic():
                revision = next_revision(reason="import", made_by=None, now=NOW).pk
                facts = [_fact(kind, revision, row, held) for of, row in rows if of == kind]
                for number, fact in enumerate(facts):
                    fact.external_id = f"{revision}-{number}"
                FACT_MODELS[kind]._default_manager.bulk_create(facts)

    def rate(self, cycle: Cycle, item: str, **percents: str) -> None:
        """Ratings of one item: ``ann="90"`` by one rater, ``ann="90,80"`` by two."""
        with transaction.atomic():
            revision = next_revision(reason="entry", made_by=None, now=NOW).pk
            for code, given in percents.items():
                for number, percent in enumerate(given.split(",")):
                    rater, _made = User.objects.get_or_create(username=f"rater-{number}")
                    Rating.objects.create(
                        cycle=cycle, item=item, agent=self.people[code], rater=rater,
                        percent=Decimal(percent), rated_at=NOW, valid_from=revision,
                    )  # fmt: skip

    def rate_from(self, cycle: Cycle, people: Columns, *items: str) -> None:
        """Ratings of these rows of a table of facts; ``-`` is none."""
        for item in items:
            given = {code: facts[item] for code, facts in people.items() if facts[item] != "-"}
            self.rate(cycle, item, **given)


def _fact(kind: str, revision: int, row: dict[str, Any], held: dict[str, list[Assignment]]) -> Any:
    fields = dict(row)
    code, day = fields.pop("code"), fields["day"]
    stamps = {} if code is None else _stamps(held[code], day)
    if kind in _MOMENTS:
        fields.setdefault(_MOMENTS[kind], datetime.combine(day, time(4), tzinfo=UTC))
    return FACT_MODELS[kind](source="golden", valid_from=revision, **stamps, **fields)


def _stamps(places: list[Assignment], day: date) -> dict[str, Any]:
    held = next(one for one in places if periods.contains(one.starts_on, one.ends_on, day))
    return {
        "agent": held.agent,
        "team": held.team,
        "position": held.position,
        "shift": held.shift,
    }


def _places(agent: Agent) -> list[Assignment]:
    return list(agent.assignments.select_related("agent", "team", "position", "shift"))


def _named(model: type[Any], known: dict[str, Any], code: str) -> Any:
    if code not in known:
        known[code], _made = model.objects.get_or_create(
            code=code, defaults={"name_en": code, "name_zh": code}
        )
    return known[code]


def open_centre(mark: str = "") -> Centre:
    """An empty centre of Shanghai time."""
    if not Organisation.objects.exists():
        Organisation.objects.create(name="Golden", zone="Asia/Shanghai")
    return Centre(mark)


def open_cycle(code: str = "2026-10") -> Cycle:
    """The cycle of a month, quarter or year."""
    return cycles.open_cycle(period=periods.parse(code), opened_by=None, now=NOW)


@contextmanager
def far_zone() -> Iterator[None]:
    """A session of the database that takes itself to stand in Newfoundland."""
    with connection.cursor() as cursor:
        cursor.execute("SET timezone TO 'America/St_Johns'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET timezone TO 'UTC'")


def compute(cycle: Cycle) -> Run:
    """Compute a cycle the whole way: watermark, measures, points, stored scorecards."""
    run = runs.request_run(cycle=cycle, asked_by=None, now=NOW)
    return runs.compute_run(run_id=run.pk, progress=lambda _stage: None, now=lambda: NOW)


def card_of(run: Run, code: str) -> Scorecard:
    """The stored card of somebody."""
    return run.scorecards.get(agent__code=code)


def line_of(run: Run, code: str, item: str) -> ScorecardLine:
    """One stored line of somebody."""
    return card_of(run, code).lines.get(item=item)


def points_of(card: Scorecard) -> dict[str, str]:
    """A stored card as a column of a table: points, or why there are none; total and grade."""
    lines = {
        line.item: line.state if line.points is None else str(line.points)
        for line in card.lines.order_by("order")
    }
    return lines | {"total": str(card.total), "grade": card.grade or "none"}


def assert_cards(run: Run, table: str | Columns) -> None:
    """Hold the stored cards against a table worked out by hand, to the last digit.

    ``-`` stands for a line that a card does not have.
    """
    expected = columns(table) if isinstance(table, str) else table
    cards = {card.agent.code: card for card in run.scorecards.select_related("agent")}
    computed = {code: points_of(cards[code]) for code in expected}
    differ = [
        f"{code} {item}: {computed[code].get(item)} and not {expected[code].get(item)}"
        for code in expected
        for item in expected[code] | computed[code]
        if computed[code].get(item, "-") != expected[code].get(item, "-")
    ]
    assert not differ, "\n".join(differ)
    for code in expected:
        points = [line.points for line in cards[code].lines.all() if line.points is not None]
        assert cards[code].total == sum(points, Decimal(0)), code
