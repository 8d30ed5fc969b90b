"""What would lift a scorecard to the next grade: one change at a time, smallest first."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial

from appraisal.scoring.changes import Change, Line, exact_weights, list_changes, rule_for
from appraisal.scoring.fixed import to_fixed
from appraisal.scoring.reading import Text
from appraisal.scoring.rules.base import Rule
from appraisal.scoring.rules.events import Veto
from appraisal.scoring.rules.steps import Levels
from appraisal.scoring.scheme import Grade, Item, Scheme

Values = Mapping[str, Decimal]
GradeOf = Callable[[Decimal, Values], int]


@dataclass(frozen=True, slots=True)
class Lift:
    """One item's change that alone gives a better grade, all else equal."""

    item: str
    name: Text
    from_value: Decimal
    to_value: Decimal
    gain: Decimal
    total: Decimal
    grade: str
    grade_name: Text
    more_rows: int | None
    of_rows: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a scorecard stands: its values, total and grade, and the exact weights."""

    scheme: Scheme
    values: Values
    total: Decimal
    grade: int
    weights: Mapping[str, Fraction]
    grade_of: GradeOf
    not_by_rows: Collection[str] = ()


def list_lifts(
    scheme: Scheme,
    lines: Sequence[Line],
    total: Decimal,
    *,
    units: Mapping[str, str],
    leave_out: Collection[str] = (),
    not_by_rows: Collection[str] = (),
    weights: Mapping[str, Fraction] | None = None,
    grade_of: GradeOf | None = None,
) -> list[Lift]:
    """Give the single changes that reach a better grade.

    Args:
        lines: all lines of one scorecard.
        total: the stored total; the present grade follows from it and the caps.
        units: unit of the value by item code; a ratio of counts has the unit ``share``.
        leave_out: items that are not in the person's hands, such as a figure of the centre.
        not_by_rows: items whose ratio is no ratio of counts, such as one of time.
        weights, grade_of: the exact weights, and the grade of a total and values, where they do
            not follow from the scheme alone: of a card in parts.

    Returns:
        At most one per item, the smallest step first (measured on the way from nothing to
        everything). Empty at the best grade, and where no single change reaches the next.
    """
    scored = [line for line in lines if line.state == "scored" and line.value is not None]
    values = {line.item: line.value for line in scored if line.value is not None}
    grade_of = grade_of or partial(grade_for, scheme)
    present = grade_of(total, values)
    if present == 0:
        return []
    weights = exact_weights(scheme, lines) if weights is None else weights
    standing = Standing(scheme, values, total, present, weights, grade_of, not_by_rows)
    found: list[tuple[Fraction, int, Lift]] = []
    for order, line in enumerate(scored):
        item = scheme.item(line.item)
        if item.code in leave_out:
            continue
        lift = find_lift(standing, item, line, units.get(item.code, "number"))
        if lift is not None:
            found.append((step_size(rule_for(item, line), lift), order, lift))
    return [lift for *_, lift in sorted(found, key=lambda entry: entry[:2])]


def find_lift(standing: Standing, item: Item, line: Line, unit: str) -> Lift | None:
    """Give the smallest change of one line that reaches a better grade."""
    scheme, total = standing.scheme, standing.total
    missing = max(scheme.grades[standing.grade - 1].at - total, Decimal(0))
    changes = list_changes(
        rule_for(item, line),
        line,
        weight=standing.weights[item.code],
        points=(line.points or Decimal(0)) + missing,
        unit=unit,
        by_rows=item.code not in standing.not_by_rows,
    )
    for change in changes:
        values = {**standing.values, item.code: change.to_value}
        better = standing.grade_of(total + change.gain, values)
        if better < standing.grade:
            return make_lift(item, line, change, total, scheme.grades[better])
    return None


def make_lift(item: Item, line: Line, change: Change, total: Decimal, grade: Grade) -> Lift:
    """Put a change into words' reach: names, totals, the new grade."""
    return Lift(
        item=item.code,
        name=item.name,
        from_value=line.value or Decimal(0),
        to_value=change.to_value,
        gain=change.gain,
        total=total + change.gain,
        grade=grade.code,
        grade_name=grade.name,
        more_rows=change.more_rows,
        of_rows=change.of_rows,
    )


def step_size(rule: Rule, lift: Lift) -> Fraction:
    """Give the size of a change on the way from nothing to everything."""
    return abs(Fraction(lift.to_value) - Fraction(lift.from_value)) / rule.span()


def grade_for(scheme: Scheme, total: Decimal, values: Values) -> int:
    """Give the index of the grade of a total under the caps and vetoes of a scheme.

    Args:
        values: the scored values by item code.
    """
    return max(scheme.grade_at(total), limit_of(scheme, values))


def limit_of(scheme: Scheme, values: Values) -> int:
    """Give the index of the best grade that caps and vetoes leave, 0 for any."""
    grade = 0
    for cap in scheme.grade_caps:
        below = sum(is_below(scheme.item(code), value, cap.below) for code, value in values.items())
        if below >= cap.count:
            grade = max(grade, scheme.grade_index(cap.grade))
    for code, value in values.items():
        rule = scheme.item(code).rule
        if isinstance(rule, Veto) and value >= rule.at:
            grade = max(grade, scheme.grade_index(rule.grade))
    return grade


def is_below(item: Item, value: Decimal, level: str) -> bool:
    """Say whether a value misses a level that its item has."""
    if not isinstance(item.rule, Levels) or level not in item.rule.level_codes():
        return False
    return item.rule.step_at(to_fixed(value)) > item.rule.level_codes().index(level)
