"""Which fields a formula cannot do without: what a source must give for a KPI to be measurable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kpi.formula import Formula, nodes
from kpi.formula.compiler import children, own_measures, resolve
from kpi.formula.fields import FACTS

# Worked out from these; no source gives them.
_DERIVED: Final = {
    ("contacts", "handle_s"): "talk_s",
    ("contacts", "next_contact_s"): "customer",
}
# Every row has them.
_ALWAYS: Final = frozenset({"date", "day", "source", "external_id", "batch", "line", "quantity"})


def fields_needed(
    formula: Formula, *, imported: frozenset[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Name the fields that each kind of fact must give, in the order of the registry.

    A field that may be missing (``protected is None or not protected``) is not needed, nor is
    one of several that stand in for each other with ``or`` or ``coalesce()``.

    Args:
        imported: kinds of facts that were imported, which decide about ``imported()``; None
            takes both of its sides.

    Returns:
        Fact to fields, a fact also where any row of it will do.
    """
    root = formula.root if imported is None else resolve(formula, imported)
    found = _of_value(root)
    return {
        fact: tuple(name for name in FACTS[fact].fields if name in found[fact] - _ALWAYS)
        for fact in sorted(found)
    }


def codes_read(formula: Formula, fact: str, field: str) -> tuple[str, ...]:
    """Name the codes that a formula looks for in a field, such as the figures it reads."""
    parts = (
        part
        for measure in formula.measures
        if measure.fact == fact
        for part in _parts(measure.where)
    )
    found: set[str] = set()
    for part in parts:
        match part:
            case nodes.Compare("==", nodes.FieldRef(_, name), nodes.Literal(value)):
                found |= {str(value)} if name == field else set()
            case nodes.InList(nodes.FieldRef(_, name), values, negated=False):
                found |= {str(one.value) for one in values} if name == field else set()
    return tuple(sorted(found))


def _parts(node: nodes.Row | None) -> Iterator[nodes.Row]:
    """Give a condition and all conditions inside it."""
    match node:
        case None:
            return
        case nodes.BoolOp(_, operands):
            for operand in operands:
                yield from _parts(operand)
        case nodes.Not(operand):
            yield from _parts(operand)
    yield node


def _of_value(node: nodes.Value) -> dict[str, frozenset[str]]:
    if isinstance(node, nodes.Call) and node.name == "coalesce":
        sides = [_of_value(argument) for argument in node.arguments]
        shared = set(sides[0]).intersection(*sides[1:])
        return {fact: frozenset.intersection(*(side[fact] for side in sides)) for fact in shared}
    parts = [_of_value(child) for child in children(node)]
    parts += [_of_measure(measure) for measure in own_measures(node)]
    facts = {fact for part in parts for fact in part}
    return {
        fact: frozenset().union(*(part.get(fact, frozenset()) for part in parts)) for fact in facts
    }


def _of_measure(measure: nodes.Measure) -> dict[str, frozenset[str]]:
    needed = _needed(measure.row) | _needed(measure.where)
    return {measure.fact: frozenset(_DERIVED.get((measure.fact, name), name) for name in needed)}


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
