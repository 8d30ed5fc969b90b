"""How the rows behind a line add up, in words, and why some are left out."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from appraisal.scoring.wording import duration_text, suffix, threshold_text
from appraisal.web.pages.grades import language
from kpi import evidence
from kpi.formula import nodes
from kpi.formula.basis import row_unit
from kpi.formula.words import condition_words
from kpi.models import Fact

_MOST_REASONS = 4
_SUMMED = frozenset({"s", "min", "h"})
"""The units of time, which a sum is written with."""


def totals_of(part: evidence.Part, facts: QuerySet[Fact], tally: evidence.Tally) -> list[str]:
    """Give the sums of the rows of a part, and how many are left out for which reason.

    Queries: 1 if rows are left out.
    """
    return [*_totals(part, tally), *_left_out(facts, tally)]


def _totals(part: evidence.Part, tally: evidence.Tally) -> list[str]:
    """How the rows add up, so that a reader can hold them against the formula."""
    told = []
    if part.added is not None and tally.added is not None:
        words = condition_words(part.added, language())
        told.append(
            _("%(what)s of the rows that count: %(sum)s in all")
            % {
                "what": words[:1].upper() + words[1:],
                "sum": sum_text(Decimal(tally.added), part.added),
            }
        )
    elif part.is_share:
        told.append(
            _("%(above)s above the line, %(below)s below it")
            % {"above": f"{tally.above:,}", "below": f"{tally.below:,}"}
        )
    return told


def sum_text(added: Decimal, row: nodes.Row) -> str:
    """A sum with its unit, exactly; of seconds also in hours and minutes, as words tell them."""
    unit, plain = row_unit(row), f"{added.normalize():,f}"
    if unit not in _SUMMED:
        return plain
    if unit != "s":
        return threshold_text(added, unit, language())
    exact = plain + suffix("s", language(), plain)
    read = duration_text(added, language())
    return exact if exact == read else _("%(exact)s (%(read)s)") % {"exact": exact, "read": read}


def _left_out(facts: QuerySet[Fact], tally: evidence.Tally) -> list[str]:
    """How many rows are left out for which reason, the most first. Queries: 1 if there are any."""
    if not tally.excluded:
        return []
    found = facts.order_by().filter(exclusion__isnull=False).values("exclusion__reason")
    counted = found.annotate(rows=Count("pk")).order_by("-rows", "exclusion__reason")
    return [
        _("%(count)s left out: %(reason)s")
        % {"count": f"{one['rows']:,}", "reason": one["exclusion__reason"]}
        for one in counted[:_MOST_REASONS]
    ]
