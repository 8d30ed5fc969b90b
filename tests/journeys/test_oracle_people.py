"""Peers, teams led and weeks against the slow way: person by person, row by row, in fractions.

The rules are written down a second time here; nothing of the product's arithmetic is shared.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from math import isqrt

import pytest
from django.db import transaction

from agents import periods, selectors, services
from agents.models import Position, Shift
from kpi.formula import compile_formula
from kpi.frames import window_of
from kpi.places import Led, Places
from kpi.services import measuring, revisions
from tests.factories import add_agent, add_facts

OCTOBER = periods.month(2026, 10)
LEAST_DAYS = Fraction(4, 10) * 31
RATIO = "peers(avg(contacts.talk_s, where=answered))"
COUNT = "peers(count(contacts, where=answered))"
LED = "led(avg(contacts.talk_s, where=answered))"
LED_MEDIAN = "led(median(contacts.talk_s))"
SPREAD = "stdev(over(week, avg(contacts.talk_s)))"
FORMULAS = (RATIO, COUNT, LED, LED_MEDIAN, SPREAD)
FEWEST_A_WEEK = 2


def nine_places(value):
    """An exact value as a whole number of its ninth place, a half upwards."""
    return None if value is None else int((2 * value * 10**9 + 1) // 2)


class Slow:
    """What happened in October, asked one question at a time."""

    def __init__(self, rows, assignments, leaderships, parents):
        self.rows, self.leaderships, self.parents = rows, leaderships, parents
        self.places = defaultdict(list)
        for agent, team, position, shift, start, end in assignments:
            for day in days_of(start, end):
                self.places[agent].append((day, team, position, shift))

    def longest(self, agent, index):
        held = defaultdict(list)
        for place in self.places[agent]:
            held[place[index]].append(place[0])
        return max(held, key=lambda value: (len(held[value]), max(held[value])))

    def shifts(self, agent):
        """Days in each shift while in the position held longest."""
        position = self.longest(agent, 2)
        days = defaultdict(int)
        for _day, _team, held, shift in self.places[agent]:
            if held == position:
                days[shift] += 1
        return days

    def own(self, agent):
        position = self.longest(agent, 2)
        return [
            row
            for row in self.rows
            if row["agent"] == agent and row["position"] in {None, position}
        ]

    def own_in(self, agent, shift):
        shifts = self.shifts(agent)
        if len(shifts) == 1:
            return self.own(agent)
        usual = max(shifts, key=lambda one: (shifts[one], one))
        return [
            row
            for row in self.own(agent)
            if (usual if row["position"] is None else row["shift"]) == shift
        ]

    def peers(self, agent, made_of):
        """The averages of the shifts of somebody, weighted by own days."""
        found = []
        for shift, days in self.shifts(agent).items():
            average = self.average(self.longest(agent, 2), shift, made_of)
            if average is not None:
                found.append((days, average))
        if not found:
            return None
        return sum(days * average for days, average in found) / sum(days for days, _ in found)

    def average(self, position, shift, made_of):
        parts = []
        for other in self.places:
            shifts = self.shifts(other)
            is_peer = self.longest(other, 2) == position and shift in shifts
            if not is_peer or len(self.places[other]) < LEAST_DAYS:
                continue
            share = Fraction(shifts[shift], sum(shifts.values()))
            part = made_of(self.own_in(other, shift), share)
            if part is not None:
                parts.append(part)
        if len(parts) < 3:
            return None
        return Fraction(sum(above for above, _ in parts)) / sum(below for _, below in parts)

    def led(self, leader):
        """The rows of the teams led, and of those below them, on the days led."""
        found = []
        for row in self.rows:
            team = row["team"]
            while team is not None:
                if any(
                    who == leader and led == team and start <= row["day"] < end
                    for who, led, start, end in self.leaderships
                ):
                    found.append(row)
                    break
                team = self.parents[team]
        return found


def days_of(start, end):
    first, last = max(start, OCTOBER.starts_on), min(end or OCTOBER.ends_on, OCTOBER.ends_on)
    return [first + timedelta(days=number) for number in range((last - first).days)]


def talk_of(rows):
    return [row["talk_s"] for row in rows if row["answered"] and row["talk_s"] is not None]


def mean_talk(rows, _share):
    talk = talk_of(rows)
    return (sum(talk), len(talk)) if talk else None


def calls(rows, share):
    return len([row for row in rows if row["answered"]]), share


def mean(values):
    return Fraction(sum(values), len(values)) if values else None


def middle(values):
    ordered = sorted(values)
    if not ordered:
        return None
    return Fraction(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2], 2)


def spread(rows):
    weeks = defaultdict(list)
    for row in rows:
        if row["talk_s"] is not None:
            weeks[row["day"].isocalendar()[:2]].append(row["talk_s"])
    means = [mean(talk) for talk in weeks.values() if len(talk) >= FEWEST_A_WEEK]
    if len(means) < 2:
        return None
    centre = sum(means) / len(means)
    variance = sum((one - centre) ** 2 for one in means) / (len(means) - 1)
    root = isqrt(4 * 10**18 * variance.numerator // variance.denominator)
    return Fraction((root + 1) // 2, 10**9)


@pytest.fixture
def places(cast):
    late = Shift.objects.create(code="late", name_en="Late")
    expert = Position.objects.create(code="expert", name_en="Expert")
    people = [cast.ana.agent, cast.ben.agent, cast.bo.agent]
    people += [
        add_agent(f"p{number}", team=(cast.alpha, cast.beta)[number % 2], position=cast.position,
                  shift=(cast.early, late)[number % 3 == 0])
        for number in range(7)
    ]  # fmt: skip
    return people, [late, cast.early, None], [cast.position, cast.position, expert]


def shuffle_people(luck, cast, places):
    """Some change shift, team or position, once or twice; some leave; leaders change."""
    people, shifts, positions = places
    for agent in people:
        for day in sorted(luck.sample(range(2, 31), luck.choice([0, 0, 1, 2]))):
            services.move_agent(
                agent=agent,
                team=luck.choice([cast.alpha, cast.beta]),
                position=luck.choice(positions),
                shift=luck.choice(shifts),
                from_day=date(2026, 10, day),
            )
    if luck.random() < 0.5:
        services.end_agent(agent=people[-1], from_day=date(2026, 10, luck.choice([12, 13, 14])))
    handover = date(2026, 10, luck.randint(2, 31))
    services.end_leadership(leadership=cast.sam.agent.leaderships.get(), ends_on=handover)
    services.appoint_leader(team=cast.alpha, leader=cast.omar.agent, starts_on=handover)


def add_calls(luck, cast, places):
    people, shifts, positions = places
    rows = []
    for agent in (*people, cast.sam.agent):
        for _ in range(luck.choice([0, 9, 30, 30])):
            day = date(2026, 10, 1) + timedelta(days=luck.randint(-1, 31))
            held = agent.assignments.filter(starts_on__lte=day).order_by("-starts_on").first()
            is_odd = luck.random() < 0.1
            rows.append(
                {
                    "agent": agent,
                    "day": day,
                    "team": held.team,
                    "position": luck.choice([None, *positions]) if is_odd else held.position,
                    "shift": luck.choice(shifts) if is_odd else held.shift,
                    "answered": luck.choice([True, True, False, None]),
                    "talk_s": luck.choice([None, 60, 61, 90, 120, 400]),
                }
            )
    add_facts("contacts", [{"answered": False}])
    add_facts("contacts", rows)
    return [
        row
        | {name: row[name] and row[name].pk for name in ("agent", "team", "position")}
        | {"shift": row["shift"].pk if row["shift"] else 0}
        for row in rows
        if OCTOBER.starts_on <= row["day"] < OCTOBER.ends_on
    ]


def slow_way(cast, people, rows):
    assignments = [
        (one.agent_id, one.team_id, one.position_id, one.shift_id or 0, one.starts_on, one.ends_on)
        for one in selectors.list_assignments_in(OCTOBER).filter(agent__in=people)
    ]
    leaderships = [
        (one.leader_id, one.team_id, one.starts_on, one.ends_on or OCTOBER.ends_on)
        for user in (cast.sam, cast.omar, cast.mona)
        for one in user.agent.leaderships.all()
    ]
    parents = {cast.alpha.pk: cast.calls.pk, cast.beta.pk: cast.calls.pk, cast.calls.pk: None}
    return Slow(rows, assignments, leaderships, parents)


def measured(people):
    """The product's way, with everybody but those who were hardly there among the peers."""
    stays = selectors.stays_in(OCTOBER)
    mine = {agent.pk: stays[agent.pk] for agent in people if agent.pk in stays}
    places = Places(
        positions={pk: stay.position_id for pk, stay in mine.items()},
        is_one_position=True,
        shifts={pk: dict(stay.shifts) for pk, stay in mine.items()},
        counted=frozenset(pk for pk, stay in mine.items() if stay.days_present >= LEAST_DAYS),
        led=tuple(Led(*span) for span in selectors.led_in(OCTOBER)),
    )
    wanted = [
        measuring.Wanted(
            text, compile_formula(text), minimum_sample=FEWEST_A_WEEK * (text == SPREAD)
        )
        for text in FORMULAS
    ]
    window = window_of(OCTOBER, revisions.latest_revision())
    groups = sorted(stays)
    found = measuring.measure(wanted, window=window, groups=groups, places=places)
    return mine, {
        (text, agent): None if is_missing else int(frame["value"][agent])
        for text, frame in found.items()
        for agent, is_missing in frame["value"].isna().items()
    }


@pytest.mark.parametrize("seed", range(10))
def test_peers_leaders_and_weeks_are_what_the_slow_way_says(cast, places, seed):
    luck = random.Random(seed)
    people = places[0]
    with transaction.atomic():
        shuffle_people(luck, cast, places)
        rows = add_calls(luck, cast, places)
        slow = slow_way(cast, people, rows)

        mine, found = measured(people)

        told = {text for (text, _agent), value in found.items() if value is not None}
        assert told == set(FORMULAS), "a centre of which nothing can be said shows nothing"
        for agent in mine:
            assert found[RATIO, agent] == nine_places(slow.peers(agent, mean_talk)), (seed, agent)
            assert found[COUNT, agent] == nine_places(slow.peers(agent, calls)), (seed, agent)
            assert found[SPREAD, agent] == nine_places(spread(slow.own(agent))), (seed, agent)
        for user in (cast.sam, cast.omar, cast.mona, cast.ana):
            led = slow.led(user.agent_id)
            told = [row["talk_s"] for row in led if row["talk_s"] is not None]
            assert found[LED, user.agent_id] == nine_places(mean(talk_of(led))), seed
            assert found[LED_MEDIAN, user.agent_id] == nine_places(middle(told)), seed
