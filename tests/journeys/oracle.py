"""The shipped schemes worked out again, slowly: row by row, in fractions, from their texts.

Nothing here is shared with the product: the rules are written down a second time by hand, so
that a fault in one of both shows. Rows are plain dicts as the database gives them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
Rule = Callable[[Fraction], Fraction]

# Whom it works out: the other schemes have golden centres of their own.
POSITIONS = ("agent", "after_sales_specialist")
GRADES = [("excellent", 90), ("good", 80), ("qualified", 60), ("unqualified", 0)]
POSITIONS = {"agent", "after_sales_specialist"}
MINIMUM_COVER = Fraction(70, 100)
MINIMUM_PRESENCE = Fraction(40, 100)


def half_up(value: Fraction, places: int) -> Fraction:
    """Round to so many places, a half away from zero."""
    size = abs(value) * 10**places
    whole = size.numerator // size.denominator
    if size - whole >= Fraction(1, 2):
        whole += 1
    return Fraction(whole if value >= 0 else -whole, 10**places)


@dataclass
class Figure:
    """What was measured for one line; ``value`` is rounded to nine places."""

    state: str
    above: Fraction | None = None
    below: Fraction | None = None
    sample: int = 0

    @property
    def value(self) -> Fraction | None:
        if self.above is None:
            return None
        return half_up(self.above if self.below is None else self.above / self.below, 9)


def measured(above: Any, below: Any = None, *, sample: Any, minimum: int = 0) -> Figure:
    state = "scored" if sample >= minimum else "insufficient"
    under = None if below is None else Fraction(below)
    return Figure(state, Fraction(above), under, int(sample))


def ratio(above: Any, below: Any, *, minimum: int) -> Figure:
    if not below:
        return Figure("no_data")
    return measured(above, below, sample=below, minimum=minimum)


def mean(values: Iterable[Any], *, minimum: int) -> Figure:
    known = [Fraction(value) for value in values if value is not None]
    return ratio(sum(known, Fraction(0)), len(known), minimum=minimum)


@dataclass
class Facts:
    """The facts that count in a period, by kind, and the kinds that came in at all."""

    counting: dict[str, list[Row]]
    imported: set[str]
    appraised_in: dict[int, Any] = field(default_factory=dict)

    @classmethod
    def at(
        cls, rows: dict[str, list[Row]], *, starts_on: date, ends_on: date, watermark: int
    ) -> Facts:
        counting: dict[str, list[Row]] = {}
        imported = set()
        for kind, every in rows.items():
            counting[kind] = []
            for row in every:
                was_there = row["valid_from"] <= watermark
                if row["valid_until"] is not None and row["valid_until"] <= watermark:
                    was_there = False
                if not was_there or row["day"] < starts_on or row["day"] >= ends_on:
                    continue
                imported.add(kind)
                if row["exclusion_id"] is None:
                    counting[kind].append(row)
        return cls(counting, imported)

    def of(self, kind: str, agent: int) -> list[Row]:
        """The own facts: those of the position appraised, and those without a position."""
        own = [row for row in self.counting[kind] if row["agent_id"] == agent]
        return [row for row in own if row["position_id"] in {None, self.appraised_in[agent]}]


def handle_time(contact: Row) -> int | None:
    if contact["talk_s"] is None:
        return None
    return contact["talk_s"] + (contact["hold_s"] or 0) + (contact["after_call_s"] or 0)


def calls_per_shift(facts: Facts, agent: int) -> Figure:
    if "contacts" not in facts.imported:
        return Figure("awaited")
    answered = [row for row in facts.of("contacts", agent) if row["answered"]]
    if "shifts" in facts.imported:
        shifts = len([row for row in facts.of("shifts", agent) if (row["logged_in_s"] or 0) > 0])
    else:
        shifts = len({row["day"] for row in answered})
    return ratio(len(answered), shifts, minimum=1)


def average_handle_time(facts: Facts, agent: int) -> Figure:
    if "contacts" not in facts.imported:
        return Figure("awaited")
    answered = [row for row in facts.of("contacts", agent) if row["answered"]]
    return mean([handle_time(row) for row in answered], minimum=20)


def centre_answer_rate(facts: Facts, _agent: int) -> Figure:
    if "contacts" not in facts.imported:
        return Figure("awaited")
    offered = []
    for row in facts.counting["contacts"]:
        rang_out_at_somebody = row["outcome"] == "missed" and row["agent_id"] is not None
        if row["direction"] == "in" and row["answered"] is not None and not rang_out_at_somebody:
            offered.append(row)
    inbound = [row for row in facts.counting["contacts"] if row["direction"] == "in"]
    return ratio(len([row for row in inbound if row["answered"]]), len(offered), minimum=20)


def service_standard(facts: Facts, agent: int) -> Figure:
    if "reviews" not in facts.imported:
        return Figure("awaited")
    reviews = [row for row in facts.of("reviews", agent) if row["form"] == "service"]
    return mean([row["score"] for row in reviews], minimum=3)


def exam_result(facts: Facts, agent: int) -> Figure:
    if "trainings" not in facts.imported:
        return Figure("awaited")
    exams = [row for row in facts.of("trainings", agent) if row["kind"] == "knowledge"]
    return mean([row["score"] for row in exams], minimum=1)


def satisfied_share(facts: Facts, agent: int, *, channels: set[str] | None = None) -> Figure:
    if "surveys" not in facts.imported:
        return Figure("awaited")
    rated = [
        row["score"]
        for row in facts.of("surveys", agent)
        if row["scale"] == "1-5"
        and row["score"] is not None
        and (channels is None or row["channel"] in channels)
    ]
    return ratio(len([score for score in rated if score >= 4]), len(rated), minimum=10)


def ivr_satisfaction(facts: Facts, agent: int) -> Figure:
    return satisfied_share(facts, agent, channels={"phone"})


def number_of_events(kind: str) -> Callable[[Facts, int], Figure]:
    def counted(facts: Facts, agent: int) -> Figure:
        if "events" not in facts.imported:
            return Figure("awaited")
        found = [row["quantity"] for row in facts.of("events", agent) if row["kind"] == kind]
        return measured(sum(map(Fraction, found), Fraction(0)), sample=len(found))

    return counted


def resolution_rate(facts: Facts, agent: int) -> Figure:
    if "tickets" not in facts.imported:
        return Figure("awaited")
    known = [row for row in facts.of("tickets", agent) if row["solved"] is not None]
    return ratio(len([row for row in known if row["solved"]]), len(known), minimum=20)


def average_response_time(facts: Facts, agent: int) -> Figure:
    if "tickets" not in facts.imported:
        return Figure("awaited")
    return mean([row["first_response_s"] for row in facts.of("tickets", agent)], minimum=20)


def record_accuracy(facts: Facts, agent: int) -> Figure:
    if "reviews" not in facts.imported:
        return Figure("awaited")
    scores = [row["score"] for row in facts.of("reviews", agent) if row["form"] == "record"]
    known = [score for score in scores if score is not None]
    return ratio(len([score for score in known if score >= 100]), len(known), minimum=3)


def callback_rate(facts: Facts, agent: int) -> Figure:
    if "events" not in facts.imported:
        return Figure("awaited")
    done = number_of_events("callback_done")(facts, agent)
    due = number_of_events("callback_due")(facts, agent)
    return ratio(done.above, due.above, minimum=5)


def training_given(facts: Facts, agent: int) -> Figure:
    if "trainings" not in facts.imported:
        return Figure("awaited")
    own = facts.of("trainings", agent)
    given = len([row for row in own if row["kind"] == "given" and row["passed"]])
    return measured(given, sample=given)


def between(share: Fraction) -> Fraction:
    return max(Fraction(0), min(Fraction(1), share))


def linear(worst: str, best: str) -> Rule:
    low, high = Fraction(worst), Fraction(best)
    return lambda value: between((value - low) / (high - low))


def proportional(target: int) -> Rule:
    return lambda value: between(value / target)


def two_sided(value: Fraction) -> Fraction:
    """Handle time: full from 240 to 300 s, linear to nothing at 120 s and at 480 s."""
    if value < 240:
        return between((value - 120) / 120)
    if value > 300:
        return between((480 - value) / 180)
    return Fraction(1)


def minus_one_each(weight: int) -> Rule:
    return lambda value: max(Fraction(0), weight - value) / weight


def plus_one_each(weight: int) -> Rule:
    return lambda value: min(Fraction(weight), value) / weight


def qualified_or_excellent(qualified: str, excellent: str) -> Callable[[Fraction], str]:
    def level(value: Fraction) -> str:
        if value >= Fraction(excellent):
            return "excellent"
        return "qualified" if value >= Fraction(qualified) else ""

    return level


def in_hours(value: Fraction) -> str:
    if value <= 12 * 3600:
        return "excellent"
    return "qualified" if value <= 24 * 3600 else ""


def at_least_one(value: Fraction) -> str:
    return "qualified" if value >= 1 else ""


@dataclass
class Item:
    """One line of a scheme: its group, weight and figure, and what the value gives."""

    code: str
    group: str
    weight: int
    figure: Callable[[Facts, int], Figure] | str
    share: Rule | None = None
    level: Callable[[Fraction], str] | None = None
    worth: dict[str, Fraction] = field(default_factory=dict)
    receives: bool = True
    target: Fraction | None = None

    def share_of(self, value: Fraction) -> Fraction:
        if self.level is not None:
            return self.worth.get(self.level(value), Fraction(0))
        assert self.share is not None
        return self.share(value)


def levelled(code: str, group: str, figure: Any, level: Callable[[Fraction], str]) -> Item:
    worth = {"excellent": Fraction(1), "qualified": Fraction(80, 100)}
    return Item(code, group, 1, figure, level=level, worth=worth)


S2 = [
    Item("calls", "workload", 50, calls_per_shift, proportional(58), target=Fraction(58)),
    Item("handle_time", "operations", 10, average_handle_time, two_sided),
    Item("answer_rate", "operations", 5, centre_answer_rate, linear("0.80", "0.95"),
         target=Fraction("0.95")),
    Item("service_standard", "quality", 10, service_standard, linear("60", "95"),
         target=Fraction(95)),
    Item("exam", "quality", 5, exam_result, proportional(100), target=Fraction(100)),
    Item("satisfaction", "quality", 5, ivr_satisfaction, linear("0.74", "0.95"),
         target=Fraction("0.95")),
    Item("rules_kept", "discipline", 5, number_of_events("breach"), minus_one_each(5),
         receives=False),
    Item("hygiene", "discipline", 2, number_of_events("hygiene"), minus_one_each(2),
         receives=False),
    Item("suggestions", "incentive", 3, number_of_events("adopted_idea"), plus_one_each(3),
         receives=False),
    Item("praise", "incentive", 5, number_of_events("praise"), plus_one_each(5),
         receives=False),
]  # fmt: skip

S9 = [
    levelled("satisfaction", "customers", satisfied_share, qualified_or_excellent("0.85", "0.90")),
    levelled("resolution", "customers", resolution_rate, qualified_or_excellent("0.90", "0.95")),
    levelled("callback", "customers", callback_rate, qualified_or_excellent("0.80", "0.90")),
    levelled("response_time", "work", average_response_time, in_hours),
    levelled("record_accuracy", "work", record_accuracy, qualified_or_excellent("0.95", "0.98")),
    levelled("teamwork", "team", "teamwork", qualified_or_excellent("0.80", "0.90")),
    Item("training", "team", 1, training_given, level=at_least_one,
         worth={"qualified": Fraction(1)}),
]  # fmt: skip


@dataclass
class Ratings:
    """What people entered, in percent, by item and agent."""

    percents: dict[str, dict[int, list[Any]]]

    def of(self, item: str, agent: int) -> Figure:
        given = self.percents.get(item, {}).get(agent)
        if not given:
            return Figure("awaited")
        total = sum((Fraction(percent) / 100 for percent in given), Fraction(0))
        return measured(total, len(given), sample=len(given))


def effective_weights(items: list[Item], scored: dict[str, bool]) -> dict[str, Fraction] | None:
    """Weights of 100 after those of missing lines moved: in the group first, then over all.

    Gives None where weight was left over that no line could take.
    """
    scale = Fraction(100, sum(item.weight for item in items))
    weights = {
        item.code: item.weight * scale if scored[item.code] else Fraction(0) for item in items
    }
    takers = [item for item in items if item.receives and scored[item.code]]
    left_over = Fraction(0)
    for group in sorted({item.group for item in items}):
        missing = sum(
            item.weight * scale for item in items if item.group == group and not scored[item.code]
        )
        inside = [item for item in takers if item.group == group]
        if not inside:
            left_over += missing
            continue
        before = sum(weights[item.code] for item in inside)
        for item in inside:
            weights[item.code] += missing * (item.weight * scale) / before
    if left_over and takers:
        by_then = {item.code: weights[item.code] for item in takers}
        for code, weight in by_then.items():
            weights[code] = weight + left_over * weight / sum(by_then.values())
        left_over = Fraction(0)
    return None if left_over else weights


def place_of_most_days(
    assignments: list[Row], name: str, *, starts_on: date, ends_on: date
) -> tuple[Any, int]:
    """What was held on most days of a period, the later if equal, and the days of all."""
    days: Counter[Any] = Counter()
    last: dict[Any, date] = {}
    for held in sorted(assignments, key=lambda row: row["starts_on"]):
        begin = max(held["starts_on"], starts_on)
        end = min(held["ends_on"] or ends_on, ends_on)
        if begin < end:
            days[held[name]] += (end - begin).days
            last[held[name]] = begin
    if not days:
        return None, 0
    return max(days, key=lambda place: (days[place], last[place])), sum(days.values())


def card_of(
    items: list[Item], facts: Facts, ratings: Ratings, agent: int, *, caps: bool
) -> dict[str, Any]:
    """The whole card of one agent, without a rank."""
    figures = {
        item.code: ratings.of(item.figure, agent)
        if isinstance(item.figure, str)
        else item.figure(facts, agent)
        for item in items
    }
    scored = {code: figure.state == "scored" for code, figure in figures.items()}
    weights = effective_weights(items, scored)
    everything = sum(item.weight for item in items)
    covered = Fraction(sum(item.weight for item in items if scored[item.code]), everything)
    unassigned = weights is None
    if weights is None:
        weights = {
            item.code: Fraction(100 * item.weight, everything) if scored[item.code] else Fraction(0)
            for item in items
        }
    lines = {
        item.code: line_of(item, figures[item.code], weights[item.code], everything)
        for item in items
    }
    given = [line["points"] for line in lines.values() if line["points"] is not None]
    total = sum(given, Fraction(0)) if given else None
    has_grade = covered >= MINIMUM_COVER and not unassigned
    grade, capped = "", False
    if has_grade:
        assert total is not None
        grade = next(name for name, floor in GRADES if total >= floor)
        failed = [item for item in items if item.level and scored[item.code]
                  and lines[item.code]["level"] == ""]  # fmt: skip
        if caps and failed and grade == "excellent":
            grade, capped = "good", True
    return {
        "total": total,
        "covered": half_up(100 * covered, 2),
        "grade": grade,
        "capped": capped,
        "has_grade": has_grade,
        "provisional": any(figure.state == "awaited" for figure in figures.values()),
        "lines": lines,
    }


def line_of(item: Item, figure: Figure, weight: Fraction, everything: int) -> dict[str, Any]:
    scored = figure.state == "scored"
    value = figure.value
    share = item.share_of(value) if scored and value is not None else None
    return {
        "state": figure.state,
        "value": value,
        "numerator": None if figure.above is None else half_up(figure.above, 6),
        "denominator": None if figure.below is None else half_up(figure.below, 6),
        "sample": figure.sample,
        "target": item.target,
        "weight": half_up(Fraction(100 * item.weight, everything), 6),
        "effective_weight": half_up(weight, 2),
        "share": None if share is None else half_up(share, 9),
        "points": None if share is None else half_up(weight * share, 2),
        "level": item.level(value) if scored and item.level and value is not None else "",
    }


def cards_of(
    *,
    kind: str,
    starts_on: date,
    ends_on: date,
    watermark: int,
    rows: dict[str, list[Row]],
    assignments: list[Row],
    percents: dict[str, dict[int, list[Any]]],
) -> dict[int, dict[str, Any]]:
    """Every card of a cycle: who has a scheme, the lines, the grades and the ranks."""
    facts = Facts.at(rows, starts_on=starts_on, ends_on=ends_on, watermark=watermark)
    schemes = {"agent": S2} | ({"after_sales_specialist": S9} if kind == "quarter" else {})
    cards: dict[int, dict[str, Any]] = {}
    for agent in sorted({row["agent_id"] for row in assignments}):
        own = [row for row in assignments if row["agent_id"] == agent]
        position, days = place_of_most_days(own, "position", starts_on=starts_on, ends_on=ends_on)
        if position not in schemes:
            continue
        facts.appraised_in[agent] = next(
            row["position_id"] for row in own if row["position"] == position
        )
        items = schemes[position]
        card = card_of(items, facts, Ratings(percents), agent, caps=items is S9)
        card |= {"position": position, "days_present": days}
        for place in ("team_id", "shift_id"):
            card[place], _days = place_of_most_days(
                own, place, starts_on=starts_on, ends_on=ends_on
            )
        present = days >= MINIMUM_PRESENCE * (ends_on - starts_on).days
        card["state"] = "no_grade"
        if card.pop("has_grade"):
            card["state"] = "graded" if present else "not_ranked"
        cards[agent] = card
    rank(cards)
    return cards


def rank(cards: dict[int, dict[str, Any]]) -> None:
    """1, 2, 2, 4 within a position, among those with a grade who were there long enough."""
    for card in cards.values():
        card["rank"] = card["ranked_among"] = None
        if card["state"] == "graded":
            rivals = [
                other["total"]
                for other in cards.values()
                if other["state"] == "graded" and other["position"] == card["position"]
            ]
            card["rank"] = 1 + len([total for total in rivals if total > card["total"]])
            card["ranked_among"] = len(rivals)
