"""The rule types by their name in a document."""

from decimal import Decimal

from appraisal.scoring.reading import Reader
from appraisal.scoring.rules.base import Rule
from appraisal.scoring.rules.events import Bonus, Deduction, Veto
from appraisal.scoring.rules.lines import Linear, Proportional, ShareOf, TargetRange
from appraisal.scoring.rules.peers import Peers
from appraisal.scoring.rules.steps import Bands, Levels

RULES: dict[str, type[Rule]] = {
    rule.kind: rule
    for rule in (
        Bands,
        Levels,
        Peers,
        Linear,
        Proportional,
        TargetRange,
        ShareOf,
        Deduction,
        Bonus,
        Veto,
    )
}


def parse_rule(reader: Reader, *, weight: Decimal) -> Rule | None:
    """Read a rule of an item of some weight; ``None`` with a problem noted if it is faulty."""
    known = len(reader.problems)
    kind = reader.get("type")
    if not isinstance(kind, str) or kind not in RULES:
        reader.note("type", f"must be one of {', '.join(RULES)}")
        return None
    rule = RULES[kind].parse(reader, weight=weight)
    reader.finish()
    return rule if len(reader.problems) == known else None
