"""Whole runs against the oracle: every card and every line, exactly."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import F

from agents import periods, services
from agents.models import Agent, Assignment, Position, Shift, Team
from agents.periods import Period
from appraisal.models import Cycle, Rating, Run, ScorecardLine
from appraisal.services import cycles, runs
from appraisal.services.verification import verify_run
from feedback.demo.centre import build
from kpi.models import FACT_MODELS, Exclusion, FactRevision, ImportBatch
from kpi.services.corrections import undo_batch
from kpi.services.exclusions import exclude_fact
from kpi.services.revisions import next_revision
from tests.factories import NOW, add_agent, add_facts, add_user
from tests.journeys import oracle

CARD_FIELDS = (
    "total", "covered", "grade", "capped", "provisional", "state", "rank", "ranked_among",
    "days_present", "team_id", "shift_id",
)  # fmt: skip
LINE_FIELDS = (
    "state", "value", "numerator", "denominator", "sample", "target", "weight",
    "effective_weight", "share", "points", "level",
)  # fmt: skip
VARIATIONS = 36


def compute(cycle: Cycle) -> Run:
    run = runs.request_run(cycle=cycle, asked_by=None, now=NOW)
    return runs.compute_run(run_id=run.pk, progress=lambda _stage: None, now=lambda: NOW)


def exact(value):
    return Fraction(value) if isinstance(value, Decimal) else value


def stored_cards(run):
    cards = {}
    known = run.scorecards.filter(position__code__in=oracle.POSITIONS)
    for card in known.select_related("position"):
        cards[card.agent_id] = {name: exact(getattr(card, name)) for name in CARD_FIELDS}
        cards[card.agent_id] |= {"position": card.position.code, "lines": {}}
    for line in ScorecardLine.objects.filter(scorecard__in=known).select_related("scorecard"):
        cards[line.scorecard.agent_id]["lines"][line.item] = {
            name: exact(getattr(line, name)) for name in LINE_FIELDS
        }
    return cards


def expected_cards(run):
    cycle = run.cycle
    rows = {kind: list(model._default_manager.values()) for kind, model in FACT_MODELS.items()}
    held = [
        {
            "agent_id": one.agent_id,
            "position": one.position.code,
            "position_id": one.position_id,
            "team_id": one.team_id,
            "shift_id": one.shift_id,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
        }
        for one in Assignment.objects.select_related("position")
    ]
    percents = {}
    for rating in Rating.objects.filter(cycle=cycle):
        closed = rating.valid_until is not None and rating.valid_until <= run.watermark
        if rating.valid_from <= run.watermark and not closed:
            of_item = percents.setdefault(rating.item, {})
            of_item.setdefault(rating.agent_id, []).append(rating.percent)
    return oracle.cards_of(
        kind=cycle.kind,
        starts_on=cycle.starts_on,
        ends_on=cycle.ends_on,
        watermark=run.watermark,
        rows=rows,
        assignments=held,
        percents=percents,
    )


def assert_agrees(run):
    every, expected = stored_cards(run), expected_cards(run)
    stored = {agent: card for agent, card in every.items() if card["position"] in oracle.POSITIONS}
    assert stored.keys() == expected.keys()
    for agent, card in expected.items():
        assert stored[agent] == card, f"{run.cycle.code}, agent {agent}"


def rate(cycle, agent, rater, percent, *, valid_from, valid_until=None):
    Rating.objects.create(
        cycle=cycle,
        item="teamwork",
        agent=agent,
        rater=rater,
        percent=Decimal(percent),
        rated_at=NOW,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def add_oddities(october: Period) -> None:
    """What happens between an import and a computation, in the newest full month.

    Somebody moves to another team and position in mid-month, somebody leaves, somebody new has
    nine calls, a file is taken back, facts are excluded, values are missing.
    """
    day = october.starts_on + timedelta(days=14)
    placed = Assignment.objects.filter(position__code="agent", ends_on__isnull=True)
    first, second, third = (one.agent for one in placed.order_by("agent__code")[:3])
    team = Team.objects.get(code="after-sales")
    services.move_agent(
        agent=first,
        team=team,
        position=Position.objects.get(code="after_sales_specialist"),
        shift=Shift.objects.get(code="late"),
        from_day=day + timedelta(days=1),
    )
    services.end_agent(agent=second, from_day=october.starts_on + timedelta(days=12))
    novice = add_agent(
        "novice",
        team=Team.objects.get(code="phone-a"),
        position=Position.objects.get(code="agent"),
        hired_on=october.last_day,
    )
    call = {"day": october.last_day, "channel": "phone", "direction": "in", "outcome": "answered"}
    calls = [{**call, "answered": True, "talk_s": 240 + number} for number in range(8)]
    add_facts("contacts", [*calls, {**call, "answered": True, "talk_s": None}], agent=novice)
    add_facts(
        "contacts", [{**call, "answered": None, "outcome": None}, {**call, "answered": False}]
    )
    add_facts(
        "contacts",
        [{**call, "answered": False, "outcome": "missed"}, {**call, "direction": "out"}],
        agent=third,
    )
    specialist = Assignment.objects.filter(position__code="after_sales_specialist").first().agent
    later = {"day": day, "solved": True, "solved_day": october.ends_on + timedelta(days=3)}
    unknown = {"day": day, "solved": None, "first_response_s": None}
    add_facts("tickets", [later, later, unknown], agent=specialist)
    add_facts(
        "events",
        [
            {"day": day, "kind": "callback_due", "quantity": Decimal("2.5")},
            {"day": october.ends_on, "kind": "callback_due", "quantity": 40},
        ],
        agent=specialist,
    )
    add_facts("reviews", [{"day": day, "form": "service", "score": None}], agent=third)


def exclude_some(period: Period, *, by, approver) -> None:
    """Every kind loses one fact of the period to an exclusion."""
    for kind, model in FACT_MODELS.items():
        facts = model._default_manager.filter(
            valid_until__isnull=True, exclusion__isnull=True, agent__isnull=False
        )
        one = facts.filter(day__gte=period.starts_on, day__lt=period.ends_on).order_by("pk").first()
        if one is not None:
            exclude_fact(
                kind=kind,
                fact_id=one.pk,
                reason="A drill.",
                excluded_by=by,
                approved_by=approver,
                now=NOW,
            )


def rate_some(cycle: Cycle, raters) -> None:
    """Teamwork of half the specialists: two raters, one who changed their mind, one too late."""
    revision = next_revision(reason=FactRevision.Reason.ENTRY, made_by=None, now=NOW).pk
    placed = Assignment.objects.filter(position__code="after_sales_specialist")
    agents = [one.agent for one in placed.order_by("agent__code")]
    for number, agent in enumerate(agents[::2]):
        rate(cycle, agent, raters[0], "79.99" if number else "90", valid_from=revision)
        rate(cycle, agent, raters[1], 90, valid_from=revision - 1, valid_until=revision)
        rate(cycle, agent, raters[1], 80, valid_from=revision)
        rate(cycle, agent, raters[2], 0, valid_from=revision + 1)


def test_every_card_of_the_demo_centre_is_what_the_oracle_says(db):
    centre = build(size="small", today=date(2026, 11, 21))
    done = list(Run.objects.filter(state=Run.State.DONE).select_related("cycle"))
    assert {"2026-Q3", "2026-09", "2026-10"} <= {run.cycle.code for run in done}
    for run in done:
        assert_agrees(run)

    october = periods.month(2026, 10)
    add_oddities(october)
    users = centre.register.users
    exclude_some(october, by=users["hr.zhou"], approver=users["hr.bennett"])
    surveys = ImportBatch.objects.get(kind="surveys", state="done", first_day=october.starts_on)
    undo_batch(batch_id=surveys.pk, undone_by=None, now=NOW)
    fourth = Cycle.objects.get(code="2026-Q4")
    rate_some(fourth, list(centre.register.users.values()))
    again = [compute(Cycle.objects.get(code=code)) for code in ("2026-10", "2026-Q4")]

    for run in again:
        assert_agrees(run)
    for run in [*done, *again]:
        assert verify_run(run).is_same, run.cycle.code


# Random small centres: a few people, a few facts around every threshold, whole kinds missing.


@dataclass
class Luck:
    """A seeded source of facts for one period."""

    random: random.Random
    period: Period
    is_good: bool
    positions: list[int]

    def day(self) -> date:
        """Mostly a day of the period, sometimes just outside."""
        length = (self.period.ends_on - self.period.starts_on).days
        return self.period.starts_on + timedelta(days=self.random.randint(-1, length))

    def maybe(self, values, *, missing: float = 0.1):
        """One of the values, or nothing; in a good centre mostly the first, which is the best."""
        if self.is_good and self.random.random() < 0.95:
            return values[0]
        return None if self.random.random() < missing else self.random.choice(values)

    def rows(self, kind: str, agent: Agent | None) -> list[dict]:
        """Rows of one person: few, or enough for every minimum sample."""
        many = {"contacts": 60, "tickets": 30, "surveys": 45, "shifts": 2, "trainings": 3}
        least, most = (0, many.get(kind, 12))
        if self.random.random() < 0.6:
            least = most // 2
        return [
            {"agent": agent, "day": self.day(), **self.stamp(), **getattr(self, kind)()}
            for _ in range(self.random.randint(least, most))
        ]

    def stamp(self) -> dict:
        """Mostly no position, sometimes one that may be another than the person's."""
        return {"position_id": self.random.choice([None, None, *self.positions])}

    def contacts(self) -> dict:
        answered = self.maybe([True, True, True, False])
        return {
            "direction": self.maybe(["in", "in", "out"]),
            "answered": answered,
            "outcome": self.maybe(["answered"] if answered else ["abandoned", "missed"]),
            "talk_s": self.maybe([270, 100, 240, 241, 300, 487]) if answered else None,
            "hold_s": self.maybe([0, 7], missing=0.5),
            "after_call_s": self.maybe([0, 13], missing=0.5),
        }

    def tickets(self) -> dict:
        return {
            "solved": self.maybe([True] * 12 + [False]),
            "first_response_s": self.maybe([43_200, 43_200, 43_201, 100, 86_400]),
        }

    def surveys(self) -> dict:
        return {
            "channel": self.maybe(["phone", "phone", "chat"]),
            "scale": self.maybe(["1-5", "1-5", "1-5", "0-10"]),
            "score": self.maybe([*[4, 5] * 7, Decimal("3.9999")]),
        }

    def reviews(self) -> dict:
        return {
            "form": self.random.choice(["service", "service", "record", "other"]),
            "score": self.maybe([*[100, 100, 100, 95] * 4, Decimal("77.7777"), 60]),
        }

    def shifts(self) -> dict:
        return {"logged_in_s": self.maybe([28_800, 28_800, 1, 0])}

    def trainings(self) -> dict:
        return {
            "kind": self.random.choice(["knowledge", "given", "given", "course"]),
            "score": self.maybe([100, 0, Decimal("33.3333"), 120]),
            "passed": self.maybe([True, False]),
        }

    def events(self) -> dict:
        kinds = ["breach", "hygiene", "adopted_idea", "praise", "callback_due", "callback_due"]
        return {
            "kind": self.random.choice([*kinds, "callback_done", "callback_done", "callback_done"]),
            "quantity": self.random.choice([1, 1, 2, Decimal("0.5"), Decimal("0.33")]),
        }

    def figures(self) -> dict:
        return {"figure": "plan", "value": 1}


def scatter_facts(luck: Luck, agents: list[Agent | None], *, by) -> None:
    """Facts of most kinds for everybody; some are excluded, some closed now or later."""
    exclusion = Exclusion.objects.create(
        kind="contacts", reason="A drill.", excluded_by=by, excluded_at=NOW
    )
    for kind, model in FACT_MODELS.items():
        if luck.random.random() < 0.12:
            continue
        rows = [row for agent in agents for row in luck.rows(kind, agent)]
        luck.random.shuffle(rows)
        for row in rows[::19]:
            row["exclusion"] = exclusion
        facts = add_facts(kind, rows)
        for some, later in ((facts[::23], 1), (facts[11::29], 10_000)):
            closing = model._default_manager.filter(pk__in=[fact.pk for fact in some])
            closing.update(valid_until=F("valid_from") + later)


def move_people(luck: Luck, agents: list[Agent]) -> None:
    """Some change position within the period, some come late, some leave early."""
    positions = list(Position.objects.filter(code__in=["agent", "after_sales_specialist"]))
    for agent in agents:
        held = agent.assignments.get()
        day = luck.day()
        if luck.random.random() < 0.4:
            services.move_agent(
                agent=agent,
                team=held.team,
                position=luck.random.choice(positions),
                shift=luck.maybe([held.shift]),
                from_day=day,
            )
        if luck.random.random() < 0.2:
            services.end_agent(
                agent=agent, from_day=day + timedelta(days=luck.random.randint(1, 9))
            )


def test_random_centres_are_what_the_oracle_says(cast, library):
    specialist = Position.objects.create(
        code="after_sales_specialist", name_en="After-sales specialist", name_zh="售后服务专员"
    )
    people = [cast.ana.agent, cast.ben.agent, cast.bo.agent, cast.sam.agent]
    people += [add_agent(name, team=cast.beta, position=specialist) for name in ("una", "uwe")]
    raters = [cast.sam, cast.omar, add_user("rater")]
    for seed in range(VARIATIONS):
        period = (periods.month(2026, 1 + seed % 12), periods.quarter(2026, 1 + seed % 4))[seed % 2]
        positions = [cast.position.pk, specialist.pk]
        luck = Luck(random.Random(seed), period, is_good=seed % 3 == 0, positions=positions)
        with transaction.atomic():
            scatter_facts(luck, [*people, None], by=cast.hana)
            move_people(luck, people)
            cycle = cycles.open_cycle(period=period, opened_by=None, now=NOW)
            revision = next_revision(reason=FactRevision.Reason.ENTRY, made_by=None, now=NOW).pk
            for agent in people:
                for rater in luck.random.sample(raters, luck.random.randint(0, 3)):
                    percent = luck.random.choice(["80", "90", "79.99", "100"])
                    rate(cycle, agent, rater, percent, valid_from=revision + (seed % 5 == 0))
            assert_agrees(compute(cycle))
            transaction.set_rollback(True)
