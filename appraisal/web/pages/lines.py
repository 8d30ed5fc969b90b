"""The lines of a scorecard as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.figures import rounded
from agents.templatetags.figures import delta
from agents.templatetags.marks import level_of, sparkline
from appraisal.models import ScorecardLine
from appraisal.scoring.changes import is_emptied, rule_for
from appraisal.scoring.months import is_month
from appraisal.scoring.rules.base import Rule
from appraisal.scoring.scheme import Item
from appraisal.scoring.wording import HOUR, HOURS_FROM, aim_text, column_text, number_text
from appraisal.selectors.card import Card
from appraisal.web.pages.grades import language
from kpi.formula import compile_formula
from kpi.formula.basis import Basis, basis_of
from kpi.formula.compiler import resolve
from kpi.models import KPIVersion

State = ScorecardLine.State
MEASURED = frozenset({State.SCORED, State.INSUFFICIENT})


@dataclass(frozen=True)
class LineRow:
    """One line: what its cells say.

    Attributes:
        mark: how the cell is drawn where it is not an ordinary value: small, wait, none, na.
        note: what stands under the value, such as ``n 14, needs 20``.
        is_average: the target is what the peers came to, not what is asked for.
        level: 4 to 1 by the share of the item's points.
    """

    item: str
    name: str
    url: str
    value: str
    mark: str
    note: str
    target: str
    is_average: bool
    share: Decimal | None
    level: int
    points: Decimal | None
    full: Decimal
    weight: Decimal
    moved: str
    sample: str
    change: str
    spark: str


def line_rows(card: Card) -> list[LineRow]:
    """All lines of a scorecard, in the order of the scheme."""
    return [line_row(card, line) for line in card.lines]


def line_row(card: Card, line: ScorecardLine) -> LineRow:
    """One line of a scorecard."""
    item = card.item(line)
    share = line.share if card.shows_points else None
    return LineRow(
        item=item.code,
        name=item.name.in_language(language()),
        url=line_url(card, line),
        value=value_text(line),
        mark=mark_of(line.state),
        note=note_of(line, shows_points=card.shows_points),
        target=target_text(item, line),
        is_average=item.rule.needs_target,
        share=share,
        level=level_of(share) if share is not None else 0,
        points=line.points if card.shows_points else None,
        full=line.effective_weight,
        weight=line.effective_weight if line.points is not None else Decimal(0),
        moved=moved_text(line),
        sample=sample_text(line),
        change=change_mark(card, line),
        spark=spark_of(card, line, item),
    )


def target_text(item: Item, line: ScorecardLine) -> str:
    """What the rule asks for; of a rule against the peers, their average."""
    unit = unit_of(line)
    if not item.rule.needs_target:
        return aim_text(rule_for(item, line).aim(), unit, language())
    if line.target is None:
        return ""
    return _("average %(average)s") % {"average": column_text(line.target, unit, language())}


def line_url(card: Card, line: ScorecardLine) -> str:
    """The page of a line."""
    return reverse("appraisal:line", args=[card.scorecard.agent_id, card.cycle.code, line.item])


def unit_of(line: ScorecardLine) -> str:
    """The unit of a line's value; a rating is a share, a month has points."""
    if line.kpi_version is None:
        return "points" if is_month(line.item) else "share"
    return line.kpi_version.unit


def basis_for(version: KPIVersion | None, imported: frozenset[str]) -> Basis:
    """What the ratio of a line is made of; that of a rating is told as a value alone.

    Args:
        imported: kinds of facts that were imported for the period.
    """
    if version is None:
        return "other"
    return basis_of(resolve(compile_formula(version.formula), imported))


def value_text(line: ScorecardLine) -> str:
    """The value with its unit, in brackets where the sample is too small; else what is missing."""
    if line.value is not None:
        text = column_text(line.value, unit_of(line), language())
        return f"({text})" if line.state == State.INSUFFICIENT else text
    return absent_text(line.state)


def absent_text(state: str) -> str:
    """The words where there is no value."""
    return {
        State.AWAITED: _("awaited"),
        State.NO_DATA: _("no data"),
        State.NOT_APPLICABLE: _("n/a"),
        State.NOT_AVAILABLE: _("not available"),
        State.NOT_MEASURABLE: _("not measurable"),
        State.INSUFFICIENT: _("too few"),
    }.get(State(state), _("no data"))


def mark_of(state: str) -> str:
    """How a cell is drawn."""
    return {
        State.INSUFFICIENT: "small",
        State.AWAITED: "wait",
        State.NO_DATA: "none",
        State.NOT_APPLICABLE: "na",
        State.NOT_AVAILABLE: "na",
        State.NOT_MEASURABLE: "none",
    }.get(State(state), "")


def note_of(line: ScorecardLine, *, shows_points: bool) -> str:
    """How far a sample falls short, or that a condition takes the points."""
    if shows_points and is_emptied(line):
        return _("a condition takes the points")
    if line.state != State.INSUFFICIENT or line.kpi_version is None:
        return ""
    return few_text(line.sample or 0, line.kpi_version.minimum_sample)


def few_text(sample: int, needed: int) -> str:
    """A sample and what it would have to be."""
    return _("n %(sample)s, needs %(needed)s") % {"sample": sample, "needed": needed}


def sample_text(line: ScorecardLine) -> str:
    """How many cases the value rests on, and what they are."""
    if line.state not in MEASURED or line.sample is None:
        return ""
    if line.kpi_version is None:
        counted = ngettext("%(count)s rating", "%(count)s ratings", line.sample)
        return counted % {"count": line.sample}
    if not line.kpi_version.tells_sample:
        return ""
    return f"{line.sample:,} {line.kpi_version.sample_noun(line.sample)}".strip()


def moved_text(line: ScorecardLine) -> str:
    """Why the weight is not the scheme's."""
    nominal = rounded(line.weight, 2)
    percent = {"weight": f"{nominal.normalize():f}%"}
    if line.points is None:
        return _("%(weight)s moved to other items") % percent if nominal else ""
    if line.effective_weight > nominal + Decimal("0.01"):
        return _("instead of %(weight)s") % percent
    return ""


def change_mark(card: Card, line: ScorecardLine) -> str:
    """The change against the period before, where both are measured."""
    past = card.before(line)
    if past is None or past.value is None or line.value is None:
        return ""
    if past.state != State.SCORED or line.state != State.SCORED:
        return ""
    return change_of(line.value, past.value, line, item=card.item(line))


def change_of(now: Decimal, before: Decimal, line: ScorecardLine, *, item: Item) -> str:
    """A change with its triangle."""
    given = "higher" if line.kpi_version is None else line.kpi_version.direction
    direction = better_way(now, before, given, rule_for(item, line))
    change, unit = now - before, unit_of(line)
    if unit == "s" and abs(now) >= HOURS_FROM:
        change, unit = change / HOUR, "h"
    return delta(change, unit, direction, "cell")


def better_way(now: Decimal, before: Decimal, direction: str, rule: Rule) -> str:
    """Which way is better; of a value that should lie in a range, coming nearer to it."""
    if direction != "range":
        return direction
    low, high = rule.aim()
    gaps = [_gap(value, low, high) for value in (now, before)]
    if gaps[0] == gaps[1]:
        return direction
    is_better = gaps[0] < gaps[1]
    return "higher" if is_better == (now > before) else "lower"


def _gap(value: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    below = Decimal(0) if low is None else low - value
    above = Decimal(0) if high is None else value - high
    return max(below, above, Decimal(0))


def spark_of(card: Card, line: ScorecardLine, item: Item) -> str:
    """The last values as a line; what it says is said in words too."""
    values = card.values_of(line)
    known = [number_text(one, unit_of(line), language()) for one in values if one is not None]
    label = f"{item.name.in_language(language())}: {', '.join(known)}"
    return sparkline(values, label)
