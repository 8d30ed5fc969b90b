"""A line in words: what was measured, where that lies on the rule, what comes next."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from appraisal.scoring.changes import Change, Line, is_count_ratio, list_changes, rule_for
from appraisal.scoring.fixed import fraction_to_decimal, to_fixed
from appraisal.scoring.lifts import Lift
from appraisal.scoring.phrases import say
from appraisal.scoring.rules.base import Rule
from appraisal.scoring.rules.events import Bonus, Deduction, Veto
from appraisal.scoring.rules.lines import Linear, Proportional, ShareOf, TargetRange
from appraisal.scoring.rules.steps import Bands, Levels, Step
from appraisal.scoring.scheme import Item
from appraisal.scoring.wording import (
    grouped,
    is_chinese,
    number_text,
    points_text,
    threshold_text,
)

LEVEL_NAMES = {
    "excellent": ("Excellent", "优秀"),
    "good": ("Good", "良好"),
    "qualified": ("Qualified", "合格"),
    "unqualified": ("Unqualified", "不合格"),
}
"""Names of the levels that need no name of their own in a scheme."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a line gives its points, and the next step up, in one language."""

    sentences: tuple[str, ...]
    next_step: str
    change: Change | None
    lost: Decimal | None


@dataclass(frozen=True, slots=True)
class Told:
    """A scored line being told: its value and the way numbers are written."""

    item: Item
    line: Line
    value: Decimal
    unit: str
    language: str

    def number(self, value: Decimal) -> str:
        """Write a measured value."""
        return number_text(value, self.unit, self.language)

    def threshold(self, value: Decimal) -> str:
        """Write a figure of the rule."""
        return threshold_text(value, self.unit, self.language)

    def per_event(self, points: Decimal) -> str:
        """Write the points of one event, on the scale of the total of 100."""
        scaled = Fraction(points) * Fraction(self.line.effective_weight)
        return points_text(fraction_to_decimal(scaled / Fraction(self.item.weight)))

    def say(self, key: str, **fields: str) -> str:
        """Fill a sentence; value, points and full weight are always at hand."""
        known = {
            "value": self.number(self.value),
            "points": points_text(self.line.points or Decimal(0)),
            "full": points_text(self.line.effective_weight),
        }
        return say(key, self.language, **(known | fields))


def explain_line(
    item: Item,
    line: Line,
    kpi_unit: str,
    language: str,
    *,
    noun: str = "",
    minimum_sample: int | None = None,
    weight: Fraction | None = None,
) -> Explanation:
    """Explain a line.

    Args:
        item: the scheme's item of the line.
        line: stored line, its figures as ``Decimal``.
        kpi_unit: unit of the value: share, s, count, points ...
        language: ``en`` or a code that begins with ``zh``.
        noun: what the sample counts, in that language: ``calls``, ``通电话``.
        minimum_sample: the KPI's floor, told where the sample is too small.
        weight: the exact effective weight (``changes.exact_weights``), so that the next step
            is right to the hundredth; by default the stored, rounded one.
    """
    noun = noun or say("noun", language)
    if line.state != "scored" or line.value is None:
        missing = explain_missing(item, line, language, noun=noun, needs=minimum_sample)
        return Explanation((missing,), "", None, None)
    told = Told(item, line, line.value, kpi_unit, language)
    rule = rule_for(item, line)
    sentences = [*tell_value(told, noun=noun), *TELLERS[type(rule)](told, rule)]
    sentences += tell_weight(told)
    change = find_next(rule, told, Fraction(line.effective_weight) if weight is None else weight)
    return Explanation(
        sentences=tuple(sentences),
        next_step="" if change is None else tell_next(told, change, noun=noun),
        change=change,
        lost=line.effective_weight - (line.points or Decimal(0)),
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
    return say(line.state, language)


def tell_value(told: Told, *, noun: str) -> list[str]:
    """Say what was measured, and from what; events are counted where their points are told."""
    line = told.line
    if isinstance(told.item.rule, Deduction | Bonus):
        return []
    if is_count_ratio(line, told.unit):
        counts = {
            "numerator": f"{int(line.numerator or 0):,}",
            "denominator": f"{int(line.denominator or 0):,}",
        }
        return [told.say("measured.ratio", noun=noun, **counts)]
    if not line.sample:
        return [told.say("measured")]
    return [told.say("measured.sample", sample=f"{line.sample:,}", noun=noun)]


def tell_weight(told: Told) -> list[str]:
    """Say that the item counts more than the scheme writes, if it does."""
    nominal, full = round(told.line.weight, 2), told.line.effective_weight
    if full > nominal + Decimal("0.01"):
        return [told.say("moved", weight=points_text(nominal))]
    scaled = abs(told.item.weight - full) > Decimal("0.01")
    return [told.say("scaled")] if scaled and full else []


def tell_steps(told: Told, rule: Any) -> list[str]:
    """Say on which step the value stands."""
    at = rule.step_at(to_fixed(told.value))
    held = rule.steps[at] if at < len(rule.steps) else None
    upper = rule.steps[at - 1] if at else None
    ends = sorted(step.at for step in (held, upper) if step is not None)
    texts = {"low": told.threshold(ends[0]), "high": told.threshold(ends[-1])}
    place = "none" if held is None else "top" if upper is None else "between"
    return [told.say(f"steps.{place}.{rule.better}", **texts)]


def tell_levels(told: Told, rule: Any) -> list[str]:
    """Say on which step the value stands and what that level is called."""
    at = rule.step_at(to_fixed(told.value))
    missed = at == len(rule.steps)
    name = level_name(rule.steps[-1 if missed else at], told.language)
    return [*tell_steps(told, rule), told.say("level.none" if missed else "level", level=name)]


def level_name(step: Step, language: str) -> str:
    """Give the name of a level: its own, else the usual one, else its code."""
    if step.name is not None:
        return step.name.in_language(language)
    return LEVEL_NAMES.get(step.code, (step.code, step.code))[is_chinese(language)]


def tell_linear(told: Told, rule: Any) -> list[str]:
    """Say how far on the way from worst to best the value lies."""
    texts = {"worst": told.threshold(rule.worst), "best": told.threshold(rule.best)}
    share = rule.share_of(Fraction(told.value))
    place = "top" if share == 1 else "way" if share else "none"
    way = percent(share)
    return [told.say("linear.rule", **texts), told.say(f"linear.{place}", way=way, **texts)]


def tell_proportional(told: Told, rule: Any) -> list[str]:
    """Say how much of the target is reached."""
    share = rule.share_of(Fraction(told.value))
    place = "top" if share == rule.top_share() else "way"
    if not share and rule.floor:
        place = "floor"
    return [
        told.say(
            f"proportional.{place}",
            target=told.threshold(rule.target),
            way=percent(share),
            floor=percent(Fraction(rule.floor)),
        )
    ]


def tell_range(told: Told, rule: Any) -> list[str]:
    """Say on which side of the range the value lies, and how far."""
    keys = ("low", "high", "zero_low", "zero_high")
    texts = {key: told.threshold(getattr(rule, key)) for key in keys}
    gap = max(rule.low - told.value, told.value - rule.high, Decimal(0))
    side = "below" if told.value < rule.low else "above" if gap else "inside"
    gap_text = told.number(gap)
    return [told.say("range.rule", **texts), told.say(f"range.{side}", gap=gap_text)]


def tell_share(told: Told, rule: Any) -> list[str]:
    """Say that the value itself is the share, in one sentence or, for a percentage, shorter."""
    if told.unit == "share" and rule.of == 1:
        return [told.say("result")]
    way = percent(rule.share_of(Fraction(told.value)))
    return [told.say("share.way", of=told.threshold(rule.of), way=way)]


def tell_deduction(told: Told, rule: Any) -> list[str]:
    """Say how many events there were and what they take."""
    if told.value <= 0:
        return [told.say("deduction.none")]
    count = grouped(told.value, 1, keep_zeros=False)
    if rule.zero_at is not None and told.value >= rule.zero_at:
        zero_at = grouped(rule.zero_at, 1, keep_zeros=False)
        return [told.say("deduction.zero", count=count, zero_at=zero_at)]
    return [told.say("deduction.each", count=count, each=told.per_event(rule.points))]


def tell_bonus(told: Told, rule: Any) -> list[str]:
    """Say how many events there were and what they earn."""
    each = told.per_event(rule.points)
    if told.value <= 0:
        return [told.say("bonus.none", each=each)]
    count = grouped(told.value, 1, keep_zeros=False)
    return [told.say("bonus.each", count=count, each=each)]


def tell_veto(told: Told, rule: Any) -> list[str]:
    """Say whether the grade is limited."""
    key = "veto.broken" if told.value >= rule.at else "veto.kept"
    return [told.say(key, at=told.threshold(rule.at))]


TELLERS: dict[type[Rule], Callable[[Told, Any], list[str]]] = {
    Bands: tell_steps,
    Levels: tell_levels,
    Linear: tell_linear,
    Proportional: tell_proportional,
    TargetRange: tell_range,
    ShareOf: tell_share,
    Deduction: tell_deduction,
    Bonus: tell_bonus,
    Veto: tell_veto,
}


def percent(share: Fraction) -> str:
    """Write a share as a percentage of one place."""
    return number_text(fraction_to_decimal(share), "share", "en")


def find_next(rule: Rule, told: Told, weight: Fraction) -> Change | None:
    """Give the next step up: the next band, or one point more, or the rest of the item."""
    points = told.line.points or Decimal(0)
    full = min(points + 1, told.line.effective_weight)
    changes = list_changes(rule, told.line, weight=weight, points=full, unit=told.unit)
    return changes[0] if changes else None


def tell_next(told: Told, change: Change, *, noun: str) -> str:
    """Say what the next step up would give."""
    texts = {"points": points_text(change.points), "gain": points_text(change.gain)}
    if isinstance(told.item.rule, Deduction | Bonus):
        key = "next.events" if change.to_value else "next.events.none"
        return told.say(key, count=grouped(change.to_value, 1, keep_zeros=False), **texts)
    if not change.more_rows:
        key = "next.up" if change.to_value > told.value else "next.down"
        return told.say(key, to=told.threshold(change.to_value), **texts)
    key = "next.rows" if change.more_rows > 0 else "next.fewer"
    return told.say(key, noun=noun, **rows_texts(change), **texts)


def rows_texts(change: Change | Lift) -> dict[str, str]:
    """Write how many rows more or fewer, of how many."""
    return {"rows": f"{abs(change.more_rows or 0):,}", "denominator": f"{change.of_rows:,}"}


def lift_text(lift: Lift, kpi_unit: str, language: str, *, noun: str = "") -> str:
    """Put a lift into words: ``87.6% to 88.1%: 1 more of 226 answers.``"""
    texts = {
        "from_value": number_text(lift.from_value, kpi_unit, language),
        "to_value": number_text(lift.to_value, kpi_unit, language),
    }
    if not lift.more_rows:
        key = "lift.up" if lift.to_value > lift.from_value else "lift.down"
        return say(key, language, **texts)
    key = "lift.rows" if lift.more_rows > 0 else "lift.fewer"
    noun = noun or say("noun", language)
    return say(key, language, noun=noun, **rows_texts(lift), **texts)


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
