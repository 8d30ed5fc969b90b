"""A scheme's items as its page shows them: what they weigh, and their rules in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.figures import plural_of, rounded
from appraisal.scoring.explain import rule_label
from appraisal.scoring.fixed import fraction_to_decimal
from appraisal.scoring.pictures import RulePicture, mini_picture, picture
from appraisal.scoring.rules.base import Rule
from appraisal.scoring.rules.steps import Levels, Steps
from appraisal.scoring.scheme import Item, Scheme
from appraisal.scoring.tellers import level_name
from appraisal.scoring.wording import distance_text, points_text, threshold_text
from appraisal.web.pages.beside import condition_rules
from appraisal.web.pages.grades import language
from appraisal.web.pages.terms import term_words
from kpi.models import KPIVersion

RATING_UNIT = "share"
# A mini picture is drawn into this box, with room for the stroke.
_MINI_WIDTH, _MINI_HEIGHT, _MINI_LEFT, _MINI_GROUND = 60, 15, 2, 18


@dataclass(frozen=True)
class ItemRow:
    """One item: its weight as written and of 100, its rule as a label, a line and a picture."""

    item: Item
    name: str
    kpi: KPIVersion | None
    unit: str
    weight: Decimal
    share: Decimal
    label: str
    mini: SafeString
    words: list[str]
    picture: RulePicture


@dataclass(frozen=True)
class GroupRows:
    """A group with its items and what they weigh together, of 100."""

    name: str
    weight: Decimal
    items: list[ItemRow]


def group_rows(scheme: Scheme, versions: Mapping[str, KPIVersion]) -> list[GroupRows]:
    """The items by group, in the order of the scheme.

    Args:
        versions: KPIs by code, for units and links.
    """
    rows = [item_row(scheme, item, versions) for item in scheme.items]
    groups = []
    for group in scheme.groups:
        held = [row for row in rows if row.item.group == group.code]
        total = sum((row.weight for row in held), Decimal(0))
        groups.append(GroupRows(group.name.in_language(language()), total, held))
    return groups


def weight_places(weights: Iterable[Decimal]) -> int:
    """How many decimal places a column of weights needs: one, or two where a weight has two."""
    return 2 if any(weight != round(weight, 1) for weight in weights) else 1


def item_row(scheme: Scheme, item: Item, versions: Mapping[str, KPIVersion]) -> ItemRow:
    """One item with its rule and its conditions."""
    version = versions.get(item.kpi)
    unit = version.unit if version else RATING_UNIT
    weight = fraction_to_decimal(scheme.weight_of(item), 2)
    return ItemRow(
        item=item,
        name=item.name.in_language(language()),
        kpi=version,
        unit=unit,
        weight=weight,
        share=weight / 100,
        label=rule_label(item.rule, unit, language()),
        mini=mini(item.rule),
        words=[*rule_words(item, unit, weight), *condition_rules(item, versions)],
        picture=picture(item.rule, weight, unit=unit, target=item.target),
    )


def mini(rule: Rule) -> SafeString:
    """The rule as a line of a few strokes."""
    corners = [
        f"{_MINI_LEFT + x * _MINI_WIDTH / 1000:.1f} {_MINI_GROUND - y * _MINI_HEIGHT / 1000:.1f}"
        for x, y in mini_picture(rule)
    ]
    return format_html(
        '<svg class="rule-mini" viewBox="0 0 64 20" aria-hidden="true"><path d="M{}"/></svg>',
        "L".join(corners),
    )


def rule_words(item: Item, unit: str, weight: Decimal) -> list[str]:
    """How points come about, in sentences."""
    told = _Told(item.rule, unit, weight, item.weight)
    is_plain = isinstance(item.rule, Steps) and item.rule.kind not in _WRITERS
    writer = _WRITERS.get("steps" if is_plain else item.rule.kind)
    sentences = writer(told) if writer else []
    if item.missing == "zero":
        sentences.append(_("Without data the item gives 0 points."))
    return sentences


def cap_words(scheme: Scheme) -> list[str]:
    """What keeps a grade below what the total gives, and what else follows from totals."""
    return [*_caps(scheme), *term_words(scheme)]


def _caps(scheme: Scheme) -> list[str]:
    names = {grade.code: grade.name.in_language(language()) for grade in scheme.grades}
    levels = {
        step.code: level_name(step, language())
        for item in scheme.items
        if isinstance(item.rule, Levels)
        for step in item.rule.steps
    }
    return [
        ngettext(
            "From %(count)s item below %(level)s on, the grade is at most %(grade)s.",
            "From %(count)s items below %(level)s on, the grade is at most %(grade)s.",
            cap.count,
        )
        % {"count": cap.count, "level": levels.get(cap.below, cap.below), "grade": names[cap.grade]}
        for cap in scheme.grade_caps
    ]


@dataclass(frozen=True)
class _Told:
    """A rule being told, with its points on the scale of 100."""

    rule: Any
    unit: str
    weight: Decimal
    written: Decimal

    def at(self, value: Decimal) -> str:
        return threshold_text(value, self.unit, language())

    def points(self, points: Decimal) -> str:
        """Points of the scheme on the scale of 100."""
        scale = self.weight / self.written if self.written else Decimal(1)
        return points_text(rounded(points * scale, 2))

    @property
    def full(self) -> str:
        return points_text(self.weight)


def _linear(told: _Told) -> list[str]:
    words = {"worst": told.at(told.rule.worst), "best": told.at(told.rule.best), "full": told.full}
    sentence = ngettext(
        "Nothing at %(worst)s, the %(full)s point at %(best)s, evenly in between.",
        "Nothing at %(worst)s, all %(full)s points at %(best)s, evenly in between.",
        plural_of(told.full),
    )
    return [sentence % words]


def _proportional(told: _Told) -> list[str]:
    rule = told.rule
    words = {"target": told.at(rule.target), "full": told.full}
    if rule.better == "lower":
        all_points = ngettext(
            "The %(full)s point up to %(target)s, half at twice as much.",
            "All %(full)s points up to %(target)s, half at twice as much.",
            plural_of(told.full),
        )
    else:
        all_points = ngettext(
            "The %(full)s point at %(target)s, in proportion below.",
            "All %(full)s points at %(target)s, in proportion below.",
            plural_of(told.full),
        )
    sentences = [all_points % words]
    if rule.cap < 1:
        most = _("The item gives at most %(cap)s%% of its points.")
        sentences.append(most % {"cap": points_text(rule.cap * 100)})
    if rule.floor:
        least = _("Below %(floor)s%% of the target there are no points.")
        sentences.append(least % {"floor": points_text(rule.floor * 100)})
    return sentences


def _range(told: _Told) -> list[str]:
    keys = ("low", "high", "zero_low", "zero_high")
    words = {key: told.at(getattr(told.rule, key)) for key in keys} | {"full": told.full}
    sentence = ngettext(
        "The %(full)s point between %(low)s and %(high)s, falling evenly to nothing at"
        " %(zero_low)s and %(zero_high)s.",
        "All %(full)s points between %(low)s and %(high)s, falling evenly to nothing at"
        " %(zero_low)s and %(zero_high)s.",
        plural_of(told.full),
    )
    return [sentence % words]


def _share(told: _Told) -> list[str]:
    words = {"of": told.at(told.rule.of), "full": told.full}
    sentence = ngettext(
        "The value counts as a share of %(of)s; that gives the %(full)s point.",
        "The value counts as a share of %(of)s; that gives all %(full)s points.",
        plural_of(told.full),
    )
    return [sentence % words]


def _deduction(told: _Told) -> list[str]:
    rule = told.rule
    words = {"points": told.points(rule.points), "full": told.full}
    start = ngettext(
        "%(full)s point to begin with; each event takes %(points)s off.",
        "%(full)s points to begin with; each event takes %(points)s off.",
        plural_of(told.full),
    )
    sentences = [start % words]
    if rule.floor:
        sentences.append(_("Never below %(floor)s.") % {"floor": told.points(rule.floor)})
    if rule.zero_at is not None:
        count = {"count": points_text(rule.zero_at)}
        none = ngettext(
            "From %(count)s event on there are no points.",
            "From %(count)s events on there are no points.",
            plural_of(count["count"]),
        )
        sentences.append(none % count)
    return sentences


def _bonus(told: _Told) -> list[str]:
    words = {"points": told.points(told.rule.points), "full": told.full}
    return [_("Each event earns %(points)s, at most %(full)s in all.") % words]


def _veto(told: _Told) -> list[str]:
    return [
        _("From %(at)s on the grade is limited, whatever the total.")
        % {"at": told.at(told.rule.at)}
    ]


def _steps(told: _Told) -> list[str]:
    rule = told.rule
    sentences = []
    for step in rule.steps:
        words = {
            "at": told.at(step.at),
            "points": points_text(fraction_to_decimal(step.share * Fraction(told.weight), 2)),
            "level": level_name(step, language()) if isinstance(rule, Levels) else "",
        }
        sentences.append(_step_text(rule, plural_of(words["points"])) % words)
    return [*sentences, _("Otherwise nothing.")]


def _peers(told: _Told) -> list[str]:
    sentences = [_("Held against the average of the peers: same position, same shift.")]
    for step in told.rule.steps:
        words = {
            "at": distance_text(abs(step.at), told.unit, language()),
            "points": points_text(fraction_to_decimal(step.share * Fraction(told.weight), 2)),
        }
        sentences.append(_peer_text(step.at, plural_of(words["points"])) % words)
    return [*sentences, _("Otherwise nothing.")]


def _peer_text(distance: Decimal, count: int) -> str:
    if distance > 0:
        return ngettext(
            "Up to %(at)s worse: %(points)s point.",
            "Up to %(at)s worse: %(points)s points.",
            count,
        )
    if distance < 0:
        return ngettext(
            "At least %(at)s better: %(points)s point.",
            "At least %(at)s better: %(points)s points.",
            count,
        )
    return ngettext(
        "At the average or better: %(points)s point.",
        "At the average or better: %(points)s points.",
        count,
    )


def _step_text(rule: Steps, count: int) -> str:
    is_higher = rule.better == "higher"
    if isinstance(rule, Levels):
        return _level_text(count, is_higher=is_higher)
    if is_higher:
        return ngettext(
            "From %(at)s on: %(points)s point.", "From %(at)s on: %(points)s points.", count
        )
    return ngettext("Up to %(at)s: %(points)s point.", "Up to %(at)s: %(points)s points.", count)


def _level_text(count: int, *, is_higher: bool) -> str:
    if is_higher:
        return ngettext(
            "%(level)s from %(at)s on: %(points)s point.",
            "%(level)s from %(at)s on: %(points)s points.",
            count,
        )
    return ngettext(
        "%(level)s up to %(at)s: %(points)s point.",
        "%(level)s up to %(at)s: %(points)s points.",
        count,
    )


_WRITERS: dict[str, Callable[[_Told], list[str]]] = {
    "linear": _linear,
    "proportional": _proportional,
    "range": _range,
    "share": _share,
    "deduction": _deduction,
    "bonus": _bonus,
    "veto": _veto,
    "steps": _steps,
    "peers": _peers,
}
