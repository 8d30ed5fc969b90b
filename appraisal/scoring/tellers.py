"""Where a value lies on its rule, in words: one teller for each type of rule."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from appraisal.scoring.fixed import to_fixed
from appraisal.scoring.rules.base import Rule
from appraisal.scoring.rules.events import Bonus, Deduction, Veto
from appraisal.scoring.rules.lines import Linear, Proportional, ShareOf, TargetRange
from appraisal.scoring.rules.peers import Peers
from appraisal.scoring.rules.steps import Bands, Levels, Step
from appraisal.scoring.told import Told, percent
from appraisal.scoring.wording import grouped, is_chinese

LEVEL_NAMES = {
    "excellent": ("Excellent", "优秀"),
    "good": ("Good", "良好"),
    "qualified": ("Qualified", "合格"),
    "unqualified": ("Unqualified", "不合格"),
}
"""Names of the levels that need no name of their own in a scheme."""


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


def tell_peers(told: Told, rule: Any) -> list[str]:
    """Say how far from the peers' average the value lies, and on which step that is."""
    average = told.line.target
    if average is None:
        return []
    steps = told.item.rule.steps  # type: ignore[attr-defined]
    at = rule.step_at(to_fixed(told.value))
    held = steps[at].at if at < len(steps) else None
    upper = steps[at - 1].at if at else None
    ends = (abs(end or Decimal(0)) for end in (upper, held))
    low, high = (told.distance(end, is_exact=True) for end in ends)
    key = peers_key(upper, held)
    return [tell_gap(told, average), told.say(key, low=low, high=high)]


def peers_key(upper: Decimal | None, held: Decimal | None) -> str:
    """Choose the sentence for a step that ends at ``held`` and begins beyond ``upper``."""
    if upper is None:
        return f"peers.top{place_of(held or Decimal(0), ('.better', '', '.worse'))}"
    if held is None:
        return f"peers.none{place_of(upper, ('.better', '.average', ''))}"
    return f"peers.{place_of(upper, ('short', 'near', 'between'))}"


def place_of(distance: Decimal, words: tuple[str, str, str]) -> str:
    """Choose a word for better than the average, at it, or worse."""
    return words[(distance >= 0) + (distance > 0)]


def tell_gap(told: Told, average: Decimal) -> str:
    """Say how far above or below the average the value lies."""
    gap = told.value - average
    texts = {"average": told.number(average), "gap": told.distance(abs(gap), is_exact=False)}
    if not gap:
        return told.say("peers.gap.none", **texts)
    just = "just_" if texts["gap"] == told.distance(Decimal(0), is_exact=False) else ""
    return told.say(f"peers.gap.{just}{'above' if gap > 0 else 'below'}", **texts)


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
    gap_text = told.gap(gap)
    return [told.say("range.rule", **texts), told.say(f"range.{side}", gap=gap_text)]


def tell_share(told: Told, rule: Any) -> list[str]:
    """Say that the value itself is the share, in one sentence or, for a percentage, shorter."""
    if told.unit == "share" and rule.of == 1:
        return [told.say("result")]
    way = percent(rule.share_of(Fraction(told.value)))
    return [told.say("share.way", of=told.threshold(rule.of), way=way)]


def tell_deduction(told: Told, rule: Any) -> list[str]:
    """Say how many events there were and what they take, or how many points are taken."""
    if told.value <= 0:
        return [told.say("deduction.none")]
    count = grouped(told.value, 1, keep_zeros=False)
    in_points = told.unit == "points" and rule.points == 1
    if rule.zero_at is not None and told.value >= rule.zero_at:
        zero_at = grouped(rule.zero_at, 1, keep_zeros=False)
        key = "deduction.points.zero" if in_points else "deduction.zero"
        return [told.say(key, count=count, zero_at=zero_at)]
    if in_points:
        return [told.say("deduction.points", count=count)]
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
    Peers: tell_peers,
    Linear: tell_linear,
    Proportional: tell_proportional,
    TargetRange: tell_range,
    ShareOf: tell_share,
    Deduction: tell_deduction,
    Bonus: tell_bonus,
    Veto: tell_veto,
}
