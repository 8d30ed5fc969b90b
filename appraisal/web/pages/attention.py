"""Who on a board needs attention, and why: said from the figures, the gravest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.figures import plural_of
from appraisal.scoring.scheme import Scheme
from appraisal.scoring.wording import number_text, points_text
from appraisal.selectors.board import BoardCard
from appraisal.selectors.board_lines import BoardLine
from appraisal.web.pages.grades import grade_name, language

# Points of the total: what is a fall worth a word, and how near a threshold is near.
_FALL = Decimal(4)
_SLOPE = Decimal(2)
_JUST_BELOW = Decimal(1)
_JUST_ABOVE = Decimal(3)
# Points of an item: what is a loss worth a word.
_ITEM_LOSS = Decimal("1.5")
_SHOWN = 4


@dataclass(frozen=True)
class Attention:
    """A person, what the totals say, and a weight to sort by.

    Attributes:
        is_grave: more than a threshold that is near: the item behind it is told too.
    """

    card: BoardCard
    scheme: Scheme
    name: str
    told: list[str]
    weight: int
    is_grave: bool

    @property
    def reasons(self) -> list[str]:
        """What the totals say, and the item behind it; looked for only when it is shown."""
        if not self.is_grave:
            return self.told
        item = _fallen_item(self.card, self.scheme) or _worst_item(self.card, self.scheme)
        return [*self.told, item] if item else self.told

    @property
    def text(self) -> str:
        """The reasons as one sentence."""
        if language().startswith("zh"):
            return f"{'；'.join(self.reasons)}。"
        return f"{'; '.join(self.reasons)}."


def who_needs_attention(
    cards: list[BoardCard], schemes: Mapping[int, Scheme], names: Mapping[int, str]
) -> list[Attention]:
    """Everybody with a reason, the gravest first."""
    found = [_attention(card, schemes[card.scheme_version_id], names[card.pk]) for card in cards]
    kept = [one for one in found if one is not None]
    return sorted(kept, key=lambda one: (-one.weight, one.card.total or Decimal(0), one.card.pk))


def few(found: list[Attention]) -> list[Attention]:
    """As many as a glance takes in."""
    return found[:_SHOWN]


def _attention(card: BoardCard, scheme: Scheme, name: str) -> Attention | None:
    told = [
        reason
        for reason in (_lowest(card, scheme), _falling(card), _dropped(card), _near(card, scheme))
        if reason is not None
    ]
    if not told:
        return None
    return Attention(
        card=card,
        scheme=scheme,
        name=name,
        told=[text for _weight, text in told],
        weight=sum(weight for weight, _text in told),
        is_grave=any(weight > 1 for weight, _text in told),
    )


def _lowest(card: BoardCard, scheme: Scheme) -> tuple[int, str] | None:
    if len(scheme.grades) > 1 and card.grade == scheme.grades[-1].code:
        return 8, grade_name(scheme, card.grade)
    return None


def _falling(card: BoardCard) -> tuple[int, str] | None:
    """Two falls in a row, or more: the period before them is told too."""
    run = [card.total] if card.total is not None else []
    for before in card.totals[-2::-1]:
        if not run or before is None or before <= (run[-1] or 0):
            break
        run.append(before)
    if len(run) < 3 or (run[-1] or 0) - (run[0] or 0) < _SLOPE:  # two falls join three totals
        return None
    totals = _(", ").join(f"{total:.1f}" for total in run[:0:-1])
    words = {"times": len(run) - 1, "totals": totals, "now": f"{run[0]:.1f}"}
    return 4, _("falling for %(times)s periods: %(totals)s, now %(now)s") % words


def _dropped(card: BoardCard) -> tuple[int, str] | None:
    if card.change is None or card.change > -_FALL or _falling(card) is not None:
        return None
    words = {"points": f"{-card.change:.1f}", "now": f"{card.total:.1f}"}
    return 3, _("down %(points)s to %(now)s") % words


def _near(card: BoardCard, scheme: Scheme) -> tuple[int, str] | None:
    """Just short of a better grade, or just above the last one."""
    codes = [grade.code for grade in scheme.grades]
    if card.total is None or card.grade not in codes or card.capped:
        return None
    place = codes.index(card.grade)
    if place and (gap := scheme.grades[place - 1].at - card.total) <= _JUST_BELOW:
        words = {"points": f"{gap:.2f}", "grade": grade_name(scheme, codes[place - 1])}
        return 1, _("%(points)s short of %(grade)s") % words
    above = card.total - scheme.grades[place].at
    if place == len(codes) - 2 and above <= _JUST_ABOVE:
        words = {"points": f"{above:.2f}", "grade": grade_name(scheme, codes[-1])}
        return 2, _("%(points)s points above %(grade)s") % words
    return None


def _fallen_item(card: BoardCard, scheme: Scheme) -> str:
    """The personal item whose fall cost most points, at the weight that it has now."""
    falls = [
        (_share_lost(line, scheme) * line.effective_weight, line)
        for line in card.lines.values()
        if line.kpi.scope == "agent" and line.before is not None
    ]
    loss, line = max(falls, key=lambda one: one[0], default=(Decimal(0), None))
    if line is None or loss < _ITEM_LOSS or line.value is None or line.before is None:
        return ""
    words = {
        "item": scheme.item(line.item).name.in_language(language()),
        "before": number_text(line.before, line.kpi.unit, language()),
        "now": number_text(line.value, line.kpi.unit, language()),
        "points": f"{loss:.1f}",
    }
    return _("%(item)s %(before)s to %(now)s, %(points)s points fewer") % words


def _share_lost(line: BoardLine, scheme: Scheme) -> Decimal:
    if line.share is None or line.before is None:
        return Decimal(0)
    before = scheme.item(line.item).rule.share_of(Fraction(line.before))
    return Decimal(before.numerator) / before.denominator - line.share


def _worst_item(card: BoardCard, scheme: Scheme) -> str:
    """The personal item that loses most points."""
    losses = [
        (line.effective_weight - line.points, line)
        for line in card.lines.values()
        if line.points is not None and line.kpi.scope == "agent" and _is_scored(scheme, line)
    ]
    if not losses:
        return ""
    loss, line = max(losses, key=lambda one: one[0])
    if loss < _ITEM_LOSS or line.value is None:
        return ""
    words = {
        "item": scheme.item(line.item).name.in_language(language()),
        "value": number_text(line.value, line.kpi.unit, language()),
        "lost": f"{loss:.1f}",
        "full": points_text(line.effective_weight),
    }
    told = ngettext(
        "%(item)s %(value)s loses %(lost)s of %(full)s point",
        "%(item)s %(value)s loses %(lost)s of %(full)s points",
        plural_of(words["full"]),
    )
    return told % words


def _is_scored(scheme: Scheme, line: BoardLine) -> bool:
    return scheme.item(line.item).role in {"scored", "deduction"}


def without_grade(
    cards: list[BoardCard], schemes: Mapping[int, Scheme], names: Mapping[int, str]
) -> list[tuple[str, str]]:
    """What is missing on the board: items without data, and who has no grade. Head and rest."""
    return [
        *_items_in("awaited", _("%(item)s awaited"), cards, schemes, names),
        *_items_in("not_measurable", _("%(item)s not measurable"), cards, schemes, names),
        *_ungraded(cards, schemes, names),
    ]


def _items_in(
    state: str,
    words: str,
    cards: list[BoardCard],
    schemes: Mapping[int, Scheme],
    names: Mapping[int, str],
) -> list[tuple[str, str]]:
    """The items that stand in a state on some cards, and on whose."""
    waiting: dict[tuple[int, str], list[str]] = {}
    for card in cards:
        for line in card.lines.values():
            if line.state == state:
                key = (card.scheme_version_id, line.item)
                waiting.setdefault(key, []).append(names[card.pk])
    return [
        (
            words % {"item": schemes[version_id].item(item).name.in_language(language())},
            people(found, len(cards)),
        )
        for (version_id, item), found in waiting.items()
    ]


def _ungraded(
    cards: list[BoardCard], schemes: Mapping[int, Scheme], names: Mapping[int, str]
) -> list[tuple[str, str]]:
    told = []
    for card in cards:
        if card.state == "no_grade":
            words = {
                "covered": f"{card.covered:.0f}%",
                "needed": f"{schemes[card.scheme_version_id].minimum_cover * 100:.0f}%",
            }
            text = _(
                "too little to grade, %(covered)s of the weight is measured, %(needed)s needed"
            )
            told.append((names[card.pk], text % words))
        elif card.state == "not_ranked":
            told.append((names[card.pk], _("present too short a time to be ranked")))
    return told[: _SHOWN + 2]


def people(found: list[str], everybody: int) -> str:
    """A few names, else how many."""
    if len(found) == everybody and everybody > 1:
        return _("everybody")
    if len(found) <= _SHOWN:
        return _(", ").join(found)
    return ngettext("%(count)s person", "%(count)s people", len(found)) % {"count": len(found)}
