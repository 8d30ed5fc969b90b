"""The kinds of lines of a pay plan: how an amount comes about. A small closed set."""

from typing import Any

from appraisal.pay.rules.conditions import Award, Days, Flat
from appraisal.pay.rules.pieces import Occurrences, Overrun, Pieces
from appraisal.pay.rules.tables import Table

__all__ = ["RULES", "Award", "Days", "Flat", "Occurrences", "Overrun", "Pieces", "Table"]

RULES: dict[str, Any] = {
    rule.kind: rule for rule in (Pieces, Occurrences, Overrun, Days, Flat, Award, Table)
}
