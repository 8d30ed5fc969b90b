"""Which fields a formula cannot do without: what a source must give for a KPI to be measurable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kpi.formula import Formula, nodes
from kpi.formula.compiler import children, own_measures, resolve, walk
from kpi.formula.fields import FACTS
from kpi.formula.rows import joined

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


@dataclass(frozen=True, slots=True)
class Need:
    """A field without which no row of a measure counts, and the rows of which it is asked.

    Attributes:
        asked_of: what the rest of the condition says, which must not be false; None for all rows.
            Only of complaints is it asked whether they were upheld.
    """

    field: str
    asked_of: nodes.Row | None


def needs_of(measure: nodes.Measure) -> tuple[Need, ...]:
    """Give the fields that a measure cannot do without, in the order of the registry."""
    needed = _base(measure.fact, _needed(measure.row) | _needed(measure.where)) - _ALWAYS
    return tuple(
        Need(name, _without(measure.where, measure.fact, name, needed))
        for name in FACTS[measure.fact].fields
        if name in needed
    )


def measures_read(root: nodes.Value) -> tuple[nodes.Measure, ...]:
    """Give the measures of a resolved formula, each once, those of peers and of weeks too."""
    return tuple(dict.fromkeys(measure for node in walk(root) for measure in own_measures(node)))


def lacked_by(
    root: nodes.Value, lacked: Mapping[nodes.Measure, frozenset[str]]
) -> frozenset[tuple[str, str]]:
    """Say what a resolved formula lacks where its measures lack these fields.

    Of parts that stand in for each other with ``coalesce()`` one that lacks nothing will do.

    Returns:
        Facts with their fields; nothing where the formula can be measured.
    """
    if isinstance(root, nodes.Call) and root.name == "coalesce":
        sides = [lacked_by(argument, lacked) for argument in root.arguments]
        return frozenset().union(*sides) if all(sides) else frozenset()
    own = (
        (measure.fact, name)
        for measure in own_measures(root)
        for name in lacked.get(measure, frozenset())
    )
    return frozenset(own).union(*(lacked_by(child, lacked) for child in children(root)))


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
    return {measure.fact: _base(measure.fact, _needed(measure.row) | _needed(measure.where))}


def _base(fact: str, names: frozenset[str]) -> frozenset[str]:
    """The fields that a source gives, for those worked out from them."""
    return frozenset(_DERIVED.get((fact, name), name) for name in names)


def _without(
    node: nodes.Row | None, fact: str, name: str, needed: frozenset[str]
) -> nodes.Row | None:
    """A condition without what it says of a field; None where nothing is left of it.

    That another needed field has a value is neither true nor false where it has none, like
    anything else that is said of it. The time to the next contact is left aside: it is read from
    all contacts of the customer.
    """
    match node:
        case None:
            return None
        case nodes.BoolOp(word, operands):
            parts = [_without(part, fact, name, needed) for part in operands]
            kept = [part for part in parts if part is not None]
            if not kept or (word == "or" and len(kept) < len(parts)):
                return None
            return joined(word, kept)
    said_of = frozenset(_fields(node))
    if "next_contact_s" in said_of or name in _base(fact, said_of):
        return None
    match node:
        case nodes.IsNone(operand, negated=True) if operand.name in needed:
            return nodes.Compare("==", operand, operand)
        case nodes.Not(nodes.IsNone(operand, negated=False)) if operand.name in needed:
            return nodes.Compare("==", operand, operand)
    return node


def _fields(node: nodes.Row) -> Iterator[str]:
    """Give the fields that a condition or an expression speaks of."""
    match node:
        case nodes.FieldRef(_, name):
            yield name
        case nodes.BoolOp(_, operands):
            for operand in operands:
                yield from _fields(operand)
        case nodes.Not(operand) | nodes.InList(operand) | nodes.IsNone(operand):
            yield from _fields(operand)
        case nodes.Compare(_, left, right) | nodes.Arith(_, left, right):
            yield from _fields(left)
            yield from _fields(right)


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
