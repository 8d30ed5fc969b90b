"""The head of a scorecard: total, standing, summary, what would lift it, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agents.figures import rounded
from agents.templatetags.figures import delta
from appraisal.cycle_names import long_name, short_name, tick_name
from appraisal.models import Cycle, Scorecard, ScorecardLine
from appraisal.scoring.explain import lift_text
from appraisal.scoring.lifts import Lift, list_lifts
from appraisal.scoring.months import is_month
from appraisal.scoring.wording import number_text
from appraisal.selectors.card import SMALLEST_GROUP, Card, Past
from appraisal.templatetags.drawings import Threshold
from appraisal.web.pages.beside import stars_text, took_stars_url, why_no_stars
from appraisal.web.pages.dates import date_text, moment_text
from appraisal.web.pages.grades import glyph_of, grade_name, joined, language, points_to_next
from appraisal.web.pages.lines import basis_for, unit_of
from appraisal.web.pages.periods import kind_name
from appraisal.web.pages.terms import beyond_guideline, scaled_text
from kpi.formula.basis import BY_ONE, Basis
from kpi.formula.fields import FACTS
from kpi.models import KPIVersion

LIFTS_SHOWN = 3
# A change of points below this is not worth a word.
_WORTH_SAYING = Decimal("0.30")


@dataclass(frozen=True)
class LiftRow:
    """One change that would give a better grade."""

    url_item: str
    name: str
    text: str
    gain: Decimal
    total: Decimal
    grade: str


@dataclass(frozen=True)
class Waiting:
    """One thing that was not imported or entered, and the items that wait for it."""

    what: str
    kind: str
    items: str


def frame(card: Card) -> dict[str, Any]:
    """What stands at the top of the scorecard and of its lines: period, place, what it rests on."""
    return {
        "name": long_name(card.cycle.period),
        "against": against(card),
        "earlier": _neighbour(card.earlier),
        "later": _neighbour(card.later),
        "others": [
            {
                "code": cycle.code,
                "name": long_name(cycle.period),
                "kind": kind_name(cycle.kind),
            }
            for cycle in card.others
        ],
        "rests_on": rests_on(card),
    }


def standing_of(card: Card) -> dict[str, Any]:
    """Everything that rests on points: total, grade, what would lift it, the months before."""
    return {
        "grade": glyph_of(card.scheme, card.scorecard),
        "change": total_change(card),
        "thresholds": thresholds(card),
        "missing": missing_points(card),
        "summary": summary(card),
        "lifts": lifts(card),
        "too_little": too_little(card),
        "standing": standing(card),
        "months": months(card),
        "stars": stars_text(card),
        "no_stars": why_no_stars(card),
        "took_stars": took_stars_url(card) if card.scheme.stars else "",
        "scaled": "" if card.parts else scaled_text(card.scheme),
        "history": past_periods(card),
    }


def _neighbour(cycle: Cycle | None) -> dict[str, str] | None:
    return None if cycle is None else {"code": cycle.code, "name": long_name(cycle.period)}


def rests_on(card: Card) -> list[str]:
    """Published when, which run, which scheme."""
    run, scheme = card.scorecard.run, card.scorecard.scheme_version
    told = []
    if run.published_at is not None:
        day = date_text(timezone.localdate(run.published_at))
        told.append(_("Published %(day)s") % {"day": day})
    if run.finished_at is not None:
        when = moment_text(run.finished_at)
        told.append(_("run %(number)s of %(when)s") % {"number": run.number, "when": when})
    told.append(
        _("%(scheme)s, version %(number)s") % {"scheme": scheme.name, "number": scheme.number}
    )
    return told


def past_periods(card: Card) -> list[dict[str, Any]]:
    """The table behind the chart, the newest period first."""
    return [
        {
            "code": one.run.cycle.code,
            "name": long_name(one.run.cycle.period),
            "total": one.total,
            "grade": grade_name(card.scheme, one.grade),
            "median": card.medians.get(one.pk),
        }
        for one in reversed(card.history)
    ]


def total_change(card: Card) -> str:
    """The change of the total against the period before."""
    before = card.previous
    if before is None or before.total is None or card.scorecard.total is None:
        return ""
    return delta(card.scorecard.total - before.total, "points", "higher", "large")


def against(card: Card) -> str:
    """The period that the changes are measured against."""
    return short_name(card.cycle.period.previous())


def thresholds(card: Card) -> list[Threshold]:
    """The grades on the scale, ascending, without the one that begins at nothing."""
    return [
        Threshold(grade.at, grade.name.in_language(language()), grade.code == card.scorecard.grade)
        for grade in reversed(card.scheme.grades)
        if grade.at > 0
    ]


def missing_points(card: Card) -> str:
    """The words for the way to the next grade."""
    gap = points_to_next(card.scheme, card.scorecard)
    if gap is None:
        return ""
    return _("%(points)s to %(grade)s") % {"points": f"{gap[0]:.2f}", "grade": gap[1]}


def summary(card: Card) -> str:
    """One to three sentences: against the period before, what moved most, the next grade."""
    told = [_against_before(card), _biggest_mover(card), _to_next_grade(card)]
    return joined(sentence for sentence in told if sentence)


def _against_before(card: Card) -> str:
    before, now = card.previous, card.scorecard.total
    if before is None or before.total is None or now is None:
        return ""
    words = {
        "period": short_name(before.run.cycle.period),
        "points": f"{abs(now - before.total):.2f}",
    }
    if now > before.total:
        return _("Better than %(period)s by %(points)s.") % words
    if now < before.total:
        return _("Below %(period)s by %(points)s.") % words
    return _("The same total as in %(period)s.") % words


def _biggest_mover(card: Card) -> str:
    moves = [
        (gain, line, past)
        for line in card.lines
        if (past := card.before(line)) is not None
        and (gain := _gain(line, past)) is not None
        and abs(gain) >= _WORTH_SAYING
    ]
    if not moves:
        return ""
    points, line, past = max(moves, key=lambda move: abs(move[0]))
    words = {
        "item": card.item(line).name.in_language(language()),
        "before": number_text(past.value or Decimal(0), unit_of(line), language()),
        "now": number_text(line.value or Decimal(0), unit_of(line), language()),
        "points": f"{abs(points):.2f}",
    }
    if points > 0:
        return _("%(item)s gained most: %(before)s to %(now)s, %(points)s points more.") % words
    return _("%(item)s lost most: %(before)s to %(now)s, %(points)s points fewer.") % words


def _gain(line: ScorecardLine, past: Past) -> Decimal | None:
    """What the change of the value gave, at the weight that the item has now.

    Points alone would mislead: they also change with the weight that missing items leave.
    """
    if None in (past.value, past.points, line.value, line.share) or not past.effective_weight:
        return None
    before = (past.points or 0) / past.effective_weight
    return ((line.share or 0) - before) * line.effective_weight


def _to_next_grade(card: Card) -> str:
    gap = points_to_next(card.scheme, card.scorecard)
    if gap is None:
        return _at_the_top(card)
    words = {"points": f"{gap[0]:.2f}", "grade": gap[1]}
    if card.is_own:
        return _("You are %(points)s points short of %(grade)s.") % words
    return _("%(points)s points short of %(grade)s.") % words


def _at_the_top(card: Card) -> str:
    if card.scorecard.capped:
        grade = grade_name(card.scheme, card.scorecard.grade)
        return _("The total would give more, but the scheme limits the grade to %(grade)s.") % {
            "grade": grade
        }
    return beyond_guideline(card)


def lifts(card: Card) -> list[LiftRow]:
    """What would give a better grade, smallest step first; figures of the centre left out.

    Nothing for a card made of months: those that are over do not change.
    """
    made_of_months = any(is_month(line.item) for line in card.lines)
    if card.scorecard.total is None or not card.scorecard.grade or made_of_months:
        return []
    versions = {line.item: line.kpi_version for line in card.lines}
    units = {line.item: unit_of(line) for line in card.lines}
    nouns = {line.item: _noun(line) for line in card.lines}
    known = card.window.imported
    bases = {code: basis_for(version, known) for code, version in versions.items()}
    found = list_lifts(
        card.scheme,
        card.lines,
        card.scorecard.total,
        units=units,
        leave_out=[code for code, version in versions.items() if _is_shared(version)],
        not_by_rows=[code for code, basis in bases.items() if basis not in BY_ONE],
        weights=card.weights,
        grade_of=card.grade_of,
    )
    return [
        LiftRow(
            url_item=lift.item,
            name=lift.name.in_language(language()),
            text=_lift_text(lift, units[lift.item], nouns[lift.item], bases[lift.item]),
            gain=lift.gain,
            total=lift.total,
            grade=lift.grade_name.in_language(language()),
        )
        for lift in found[:LIFTS_SHOWN]
    ]


def _lift_text(lift: Lift, unit: str, noun: str, basis: Basis) -> str:
    return lift_text(lift, unit, language(), noun=noun, basis=basis)


def _is_shared(version: KPIVersion | None) -> bool:
    return version is not None and version.scope != KPIVersion.Scope.AGENT


def _noun(line: ScorecardLine) -> str:
    return "" if line.kpi_version is None else line.kpi_version.sample_noun(line.sample)


def waiting(card: Card) -> list[Waiting]:
    """What the awaited lines wait for, each with the items that need it."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in card.lines:
        if line.state != ScorecardLine.State.AWAITED:
            continue
        name = card.item(line).name.in_language(language())
        kinds = card.awaited_kinds(line)
        for kind in sorted(kinds):
            found.setdefault((kind, FACTS[kind].label(language())), []).append(name)
        if not kinds:
            for _code in sorted(card.awaited_ratings(line)):
                found.setdefault(("", _("the rating")), []).append(name)
    return [Waiting(what, kind, _(", ").join(items)) for (kind, what), items in found.items()]


def too_little(card: Card) -> str:
    """Why there is no grade, where there is none."""
    if card.scorecard.state != Scorecard.State.NO_GRADE:
        return ""
    words = {
        "covered": percent_text(card.scorecard.covered),
        "needed": percent_text(card.scheme.minimum_cover * 100),
    }
    return _("%(covered)s of the weight is measured, and a grade needs %(needed)s.") % words


def percent_text(percent: Decimal) -> str:
    """A percentage as short as it can be written."""
    return f"{rounded(percent, 1).normalize():f}%"


def standing(card: Card) -> str:
    """Where the total stands among the others of the position.

    The rank for those who lead; to the person appraised only the quarter, and only where the
    group is too large to give single people away.
    """
    rank, among = card.scorecard.rank, card.scorecard.ranked_among
    if rank is None or among is None:
        return ""
    if not card.is_own:
        return _("Rank %(rank)s of %(among)s") % {"rank": rank, "among": among}
    if among < SMALLEST_GROUP:
        return ""
    quarter = min((rank - 1) * 4 // among, 3)
    return [
        _("In the first quarter of your position"),
        _("In the second quarter of your position"),
        _("In the third quarter of your position"),
        _("In the last quarter of your position"),
    ][quarter]


def months(card: Card) -> Mapping[str, Any] | None:
    """The totals of the last periods, for the chart and the table behind it."""
    shown = [one for one in card.history if one.total is not None]
    if len(shown) < 2:  # a single point is no line
        return None
    own = [_float(one.total) for one in shown]
    team = [_float(card.medians.get(one.pk)) for one in shown]
    known = [value for value in [*own, *team] if value is not None]
    labels = {"own": _("You") if card.is_own else _("Total"), "team": _("Team median")}
    apart = (own[-1] or 0) >= (team[-1] or 0)
    return {
        "months": [tick_name(one.run.cycle.period) for one in shown],
        "own": own,
        "team": team if any(value is not None for value in team) else [],
        "min": max(int(min(known) // 10 * 10), 0),
        "thresholds": [
            {"at": float(one.at), "name": f"{one.name} {one.at.normalize():f}"}
            for one in thresholds(card)
            if one.at >= min(Decimal(str(value)) for value in known) // 10 * 10
        ],
        "labels": labels,
        "ownOffset": -8 if apart else 8,
        "teamOffset": 8 if apart else -8,
    }


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
