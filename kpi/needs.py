"""Which fields a formula cannot do without: what a source must give for a KPI to be measurable."""

from __future__ import annotations

from typing import Final

from kpi.formula import Formula, nodes
from kpi.formula.fields import FACTS

# Worked out from these; no source gives them.
_DERIVED: Final = {
    ("contacts", "handle_s"): "talk_s",
    ("contacts", "next_contact_s"): "customer",
}
# Every row has them.
_ALWAYS: Final = frozenset({"date", "day", "source", "external_id", "batch", "line", "quantity"})


def fields_needed(formula: Formula) -> dict[str, tuple[str, ...]]:
    """Name the fields that each kind of fact must give, in the order of the registry.

    A field that may be missing (``protected is None or not protected``) is not needed, nor is
    one of several that stand in for each other with ``or``.

    Returns:
        Fact to fields, a fact also where any row of it will do.
    """
    found: dict[str, set[str]] = {fact: set() for fact in sorted(formula.facts)}
    for measure in formula.measures:
        needed = set(_needed(measure.row)) | set(_needed(measure.where))
        found[measure.fact] |= {_DERIVED.get((measure.fact, name), name) for name in needed}
    return {
        fact: tuple(name for name in FACTS[fact].fields if name in names - _ALWAYS)
        for fact, names in found.items()
    }


def _needed(node: nodes.Row | None, *, turned: bool = False) -> frozenset[str]:
    """Give the fields without which a row never counts; ``turned`` below an odd number of not."""
    match node:
        case nodes.FieldRef(_, name):
            return frozenset({name})
        case nodes.IsNone(operand, negated):
            return _needed(operand) if negated != turned else frozenset()
        case nodes.Not(operand):
            return _needed(operand, turned=not turned)
        case nodes.BoolOp(word, operands):
            sides = [_needed(operand, turned=turned) for operand in operands]
            any_will_do = (word == "or") != turned
            return frozenset.intersection(*sides) if any_will_do else frozenset().union(*sides)
        case nodes.InList(operand):
            return _needed(operand)
        case nodes.Compare(_, left, right) | nodes.Arith(_, left, right):
            return _needed(left) | _needed(right)
        case _:
            return frozenset()
