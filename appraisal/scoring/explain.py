"""A line in words: what was measured, where that lies on the rule, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from appraisal.scoring.changes import (
    Change,
    Line,
    is_count_ratio,
    list_changes,
    points_at,
    rule_for,
)
from appraisal.scoring.lifts import Lift
from appraisal.scoring.phrases import say
from appraisal.scoring.rules.base import Rule
from appraisal.scoring.rules.events import Bonus, Deduction
from appraisal.scoring.scheme import TOTAL, Item
from appraisal.scoring.tellers import TELLERS
from appraisal.scoring.terms import Condition
from appraisal.scoring.told import Told, ToldCondition, figures_of
from appraisal.scoring.wording import (
    beside_text,
    counted_text,
    duration_text,
    grouped,
    points_text,
    threshold_text,
)
from kpi.formula.basis import BY_ONE, Basis

_KINDS = {"plan": ".plan", "given": ".part"}
"""The ratios of figures given from outside, and how the keys of their sentences end."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a line gives its points, and the next step up, in one language."""

    sentences: tuple[str, ...]
    next_step: str
    change: Change | None
    lost: Decimal | None


def explain_line(
    item: Item,
    line: Line,
    kpi_unit: str,
    language: str,
    *,
    noun: str | None = "",
    basis: Basis = "cases",
    minimum_sample: int | None = None,
    weight: Fraction | None = None,
    conditions: Sequence[ToldCondition] = (),
    days: tuple[int, int] | None = None,
) -> Explanation:
    """Explain a line.

    Args:
        item: the scheme's item of the line.
        line: stored line, its figures as ``Decimal``.
        kpi_unit: unit of the value: share, s, count, points ...
        language: ``en`` or a code that begins with ``zh``.
        noun: what the sample counts, in that language: ``calls``, ``通电话``; None where the value
            rests on no one number of cases, so that none is told.
        basis: what a ratio is made of (``kpi.formula.basis``).
        minimum_sample: the KPI's floor, told where the sample is too small.
        weight: the exact effective weight (``changes.exact_weights``), so that the next step
            is right to the hundredth; by default the stored, rounded one.
        conditions: what the line stored of its conditions (``told.read_conditions``).
        days: of a card in parts, the days of the line's part and of all that count.
    """
    cases = noun or say("noun", language, count=str(line.sample))
    sample = None if noun is None else cases
    beside = [tell_condition(one, language) for one in conditions]
    if line.state != "scored" or line.value is None:
        missing = explain_missing(item, line, language, noun=cases, needs=minimum_sample)
        taken = [words for words, one in zip(beside, conditions, strict=True) if one.met]
        return Explanation((missing, *taken), "", None, None)
    rule = rule_for(item, line)
    exact = Fraction(line.effective_weight) if weight is None else weight
    change = find_next(rule, line, exact, unit=kpi_unit, basis=basis)
    beside_it = figures_beside(item, rule, change, unit=kpi_unit)
    told = Told(item, line, line.value, kpi_unit, language, beside_it, basis)
    if any(one.empties for one in conditions):
        return explain_emptied(told, rule, exact, beside=beside, noun=sample, days=days)
    sentences = [*tell_value(told, noun=sample), *TELLERS[type(item.rule)](told, rule)]
    return Explanation(
        sentences=(*sentences, *tell_weight(told, days), *beside),
        next_step="" if change is None else tell_next(told, change, noun=cases),
        change=change,
        lost=line.effective_weight - (line.points or Decimal(0)),
    )


def figures_beside(
    item: Item, rule: Rule, change: Change | None, *, unit: str
) -> tuple[Decimal, ...]:
    """Give what a value must be told apart from: the rule's figures, the next step, all or none.

    Those of a rule against the peers are told as distances from their average.
    """
    figures = () if item.rule.needs_target else figures_of(rule)
    ends = (Decimal(0), Decimal(1)) if unit == "share" else ()
    return (*figures, *ends, *((change.to_value,) if change is not None else ()))


def explain_emptied(
    told: Told,
    rule: Rule,
    weight: Fraction,
    *,
    beside: Sequence[str],
    noun: str | None,
    days: tuple[int, int] | None,
) -> Explanation:
    """Explain a line that a condition leaves without points, and what it would give else."""
    would = points_text(points_at(rule, told.value, weight))
    measured = tell_value(told, noun=noun) or [told.say("measured")]
    return Explanation(
        sentences=(*measured, *beside, *tell_weight(told, days)),
        next_step=told.say("next.without", would=would),
        change=None,
        lost=told.line.effective_weight,
    )


def tell_condition(condition: ToldCondition, language: str) -> str:
    """Say what a condition came to, and what that does."""
    if condition.value is None:
        return say("condition.unknown", language, name=condition.name)
    verdict = "met" if condition.met else "unmet"
    return say(
        f"condition.{verdict}.{effect_key(condition.effects)}",
        language,
        name=condition.name,
        value=beside_text(condition.value, condition.unit, language, beside=(condition.threshold,)),
        when=say("condition.when", language, on=condition.on) if condition.on else "",
        limit=limit_text(condition.side, condition.threshold, condition.unit, language),
    )


def condition_rule(condition: Condition, name: str, unit: str, language: str) -> str:
    """Say what a condition does, for the list of a scheme."""
    limit = limit_text(condition.side, condition.threshold, unit, language)
    key = f"condition.rule.{effect_key(condition.effects)}"
    return say(key, language, name=name, limit=limit)


def limit_text(side: str, threshold: Decimal, unit: str, language: str) -> str:
    """Write a limit: ``over 1,800 s``."""
    return say(f"limit.{side}", language, threshold=threshold_text(threshold, unit, language))


def effect_key(effects: Sequence[str]) -> str:
    """Choose the sentence for one effect, or for both."""
    return "both" if len(effects) > 1 else effects[0]


def explain_month(line: Line, language: str) -> Explanation:
    """Explain a line of a card that is made of months: the total of one of them."""
    if line.value is None or line.points is None:
        state = line.state if line.state in {"awaited", "not_applicable"} else "none"
        return Explanation((say(f"month.{state}", language),), "", None, None)
    full = points_text(line.effective_weight)
    fields = {"value": points_text(line.value), "points": points_text(line.points), "full": full}
    told = [say("month", language, **fields)]
    if line.effective_weight > round(line.weight, 2) + Decimal("0.01"):
        told.append(say("month.shared", language))
    gain = points_text(round(line.effective_weight / 100, 2))
    return Explanation(
        sentences=tuple(told),
        next_step=say("month.next", language, gain=gain) if line.value < TOTAL else "",
        change=None,
        lost=line.effective_weight - line.points,
    )


def explain_missing(item: Item, line: Line, language: str, *, noun: str, needs: int | None) -> str:
    """Say why a line has no points."""
    if line.state == "insufficient":
        fields = {"sample": f"{line.sample or 0:,}", "noun": noun}
        if needs is None:
            return say("small", language, **fields)
        return say("small.needs", language, needs=f"{needs:,}", **fields)
    if line.state == "no_data" and item.missing == "zero":
        return say("no_data.zero", language)
    if line.state == "not_applicable" and item.rule.needs_target:
        return say("not_applicable.peers", language)
    return say(line.state, language)


def tell_value(told: Told, *, noun: str | None) -> list[str]:
    """Say what was measured, and from what; events are counted where their points are told."""
    line = told.line
    if isinstance(told.item.rule, Deduction | Bonus):
        return []
    if noun is None:
        return [told.say("measured")]
    if is_ratio(line, told):
        return [tell_ratio(told, noun)]
    if not line.sample:
        return [told.say("measured")]
    return [told.say("measured.sample", sample=f"{line.sample:,}", noun=noun)]


def is_ratio(line: Line, told: Told) -> bool:
    """Say whether a value can be told as so much of so much.

    A figure given as a whole, without what it is of, is stored as the mean of so many. Only a
    plan can be passed.
    """
    is_plan = told.basis == "plan"
    if told.basis == "other" or not is_count_ratio(line, told.unit, may_exceed=is_plan):
        return False
    return told.basis not in _KINDS or line.denominator != line.sample


def tell_ratio(told: Told, noun: str) -> str:
    """Say how much of how much there was: cases, a plan, any other figure, or time."""
    above, below = (int(one or 0) for one in (told.line.numerator, told.line.denominator))
    if told.basis == "cases":
        figure = counted_text(above, noun, told.language)
        return told.say("measured.ratio", numerator=figure, denominator=f"{below:,}", noun=noun)
    if told.basis in _KINDS:
        key = f"measured{_KINDS[told.basis]}"
        return told.say(key, numerator=f"{above:,}", denominator=f"{below:,}")
    seconds = {"h": 3600, "min": 60}.get(told.basis, 1)
    spans = (duration_text(Decimal(one * seconds), told.language) for one in (above, below))
    return told.say("measured.part", **dict(zip(("numerator", "denominator"), spans, strict=True)))


def tell_weight(told: Told, days: tuple[int, int] | None = None) -> list[str]:
    """Say that the item counts more than the scheme writes, or less, if it does.

    Args:
        days: of a card in parts, the days of the line's part and of all that count.
    """
    nominal, full = round(told.line.weight, 2), told.line.effective_weight
    by_days = days is not None and days[0] != days[1]
    sentences = tell_days(told, *days) if days is not None and by_days else []
    if full > nominal + Decimal("0.01"):
        return [*sentences, told.say("moved", weight=points_text(nominal))]
    scaled = abs(told.item.weight - full) > Decimal("0.01") and not by_days
    return [*sentences, told.say("scaled")] if scaled and full else sentences


def tell_days(told: Told, own: int, whole: int) -> list[str]:
    """Say what the days of a part leave of the item's weight."""
    weight, stated = round(told.line.weight * whole / own, 2), round(told.line.weight, 2)
    texts = {"weight": points_text(weight), "stated": points_text(stated)}
    return [told.say("by_days", days=str(own), all=str(whole), **texts)]


def find_next(
    rule: Rule, line: Line, weight: Fraction, *, unit: str, basis: Basis
) -> Change | None:
    """Give the next step up: the next band, or one point more, or the rest of the item."""
    full = min((line.points or Decimal(0)) + 1, line.effective_weight)
    by_rows = basis in BY_ONE
    changes = list_changes(rule, line, weight=weight, points=full, unit=unit, by_rows=by_rows)
    return changes[0] if changes else None


def tell_next(told: Told, change: Change, *, noun: str) -> str:
    """Say what the next step up would give."""
    texts = {"points": points_text(change.points), "gain": points_text(change.gain)}
    rule = told.item.rule
    if isinstance(rule, Deduction | Bonus):
        in_points = isinstance(rule, Deduction) and told.unit == "points" and rule.points == 1
        kind = "next.points" if in_points else "next.events"
        key = kind if change.to_value else f"{kind}.none"
        return told.say(key, count=grouped(change.to_value, 1, keep_zeros=False), **texts)
    if not change.more_rows:
        key = "next.up" if change.to_value > told.value else "next.down"
        return told.say(key, to=told.threshold(change.to_value), **texts)
    key = "next.rows" if change.more_rows > 0 else "next.fewer"
    rows = rows_texts(change, told.language, noun=noun, basis=told.basis)
    return told.say(f"{key}{_KINDS.get(told.basis, '')}", **rows, **texts)


def rows_texts(change: Change | Lift, language: str, *, noun: str, basis: Basis) -> dict[str, str]:
    """Write how many more or fewer, of how many: ``1`` of ``226``, in Chinese ``1 份``."""
    rows = abs(change.more_rows or 0)
    figure = counted_text(rows, noun, language) if basis == "cases" else f"{rows:,}"
    return {"rows": figure, "denominator": f"{change.of_rows:,}", "noun": noun}


def lift_text(
    lift: Lift, kpi_unit: str, language: str, *, noun: str = "", basis: Basis = "cases"
) -> str:
    """Put a lift into words: ``87.6% to 88.1%: 1 more of 226 answers.``"""
    start, end = lift.from_value, lift.to_value
    texts = {
        "from_value": beside_text(start, kpi_unit, language, beside=(end,)),
        "to_value": beside_text(end, kpi_unit, language, beside=(start,)),
    }
    if not lift.more_rows:
        key = "lift.up" if lift.to_value > lift.from_value else "lift.down"
        return say(key, language, **texts)
    key = "lift.rows" if lift.more_rows > 0 else "lift.fewer"
    noun = noun or say("noun", language, count=str(lift.of_rows))
    rows = rows_texts(lift, language, noun=noun, basis=basis)
    return say(f"{key}{_KINDS.get(basis, '')}", language, **rows, **texts)


def rule_label(rule: Rule, kpi_unit: str, language: str) -> str:
    """Name a rule in a few words, for the list of a scheme: ``linear 74% to 95%``."""
    figures = {
        name: threshold_text(figure, kpi_unit, language)
        for name in ("worst", "best", "target", "low", "high", "of", "at")
        if (figure := getattr(rule, name, None)) is not None
    }
    points = getattr(rule, "points", None)
    texts = figures if points is None else {"points": points_text(points)}
    return say(f"label.{rule.kind}", language, **texts)
