"""What a ratio is made of: cases that were counted, time, a plan, or something else."""

from collections.abc import Callable
from typing import Final, Literal

from kpi.formula import nodes, parts
from kpi.formula.compiler import own_measures, walk
from kpi.formula.fields import FACTS, PLANNED

Basis = Literal["cases", "s", "min", "h", "plan", "given", "other"]
"""``cases``: so many of so many of one kind. ``s``, ``min``, ``h``: time of time, in that unit.
``plan``: so much of a plan that was given. ``given``: so much of any other figure that was given.
``other``: anything else, such as the difference of two shares."""

BY_ONE: Final = frozenset({"cases", "plan", "given"})
"""What grows by one at a time, so that one more of so many can be said."""

_TIMES: Final[dict[str, Basis]] = {"s": "s", "min": "min", "h": "h"}


def basis_of(root: nodes.Value) -> Basis:
    """Say what the ratio of a formula is made of, by what stands above and below the line.

    Of a ``coalesce()`` that is its first part. What stands above a sum of time or a figure given
    is taken to be of its kind, since the one is divided by the other for a share.

    Args:
        root: a formula, resolved where it asks what was imported (``compiler.resolve``).
    """
    node = parts.ratio_of(root, whole=True)
    if isinstance(node, nodes.Call) and parts.is_coalesce(node):
        node = parts.ratio_of(node.arguments[0], whole=True)
    above, below = parts.split(node)
    if below is None or not _is_sum(above):
        return "other"
    kind = _kind(below)
    if kind is not None and kind == _kind(above):
        return "cases"
    return _given(below) or _time(below) or "other"


def _is_sum(node: nodes.Value) -> bool:
    """Say whether a part is measured or adds up what is, with plain factors at most."""
    match node:
        case nodes.Measured():
            return True
        case nodes.Negative(operand):
            return _is_sum(operand)
        case nodes.Binary("+" | "-", left, right):
            return _is_sum(left) and _is_sum(right)
        case nodes.Binary("*", left, right) if parts.is_constant(left):
            return _is_sum(right)
        case nodes.Binary("*" | "/", left, right) if parts.is_constant(right):
            return _is_sum(left)
        case _:
            return False


def _kind(node: nodes.Value) -> str | None:
    """Name what a part counts; None where it counts nothing, or different things."""
    if parts.sample_of(node) is None:
        return None
    return _agreed(node, _counted)


def _counted(measure: nodes.Measure) -> str:
    if measure.function == "count" or not isinstance(measure.row, nodes.FieldRef):
        return measure.fact
    return f"{measure.fact}.{measure.row.name}"


def _given(below: nodes.Value) -> Basis | None:
    """Say whether a part is a figure given from outside, and a plan."""
    if not isinstance(below, nodes.Measured) or below.measure.fact != "figures":
        return None
    return "plan" if _figure(below.measure.where) in PLANNED else "given"


def _figure(where: nodes.Row | None) -> str:
    match where:
        case nodes.Compare("==", nodes.FieldRef("figures", "figure"), nodes.Literal(str(code))):
            return code
        case nodes.BoolOp("and", operands):
            return next(filter(None, map(_figure, operands)), "")
        case _:
            return ""


def _time(below: nodes.Value) -> Basis | None:
    """Give the unit of a part that is a sum of time; None of anything else, or with a factor."""
    if any(isinstance(one, nodes.Number) for one in walk(below)):
        return None
    return _TIMES.get(_agreed(below, _unit) or "") if _is_sum(below) else None


def _unit(measure: nodes.Measure) -> str:
    return row_unit(measure.row) or "" if measure.function == "sum" else ""


def row_unit(row: nodes.Row | None) -> str | None:
    """Give the unit of what is added up row by row; None where it has none of its own."""
    match row:
        case nodes.FieldRef(fact, name):
            return FACTS[fact].fields[name].unit
        case nodes.Arith("+" | "-", left, right):
            unit = row_unit(left)
            return unit if unit == row_unit(right) else None
        case _:
            return None


def _agreed(node: nodes.Value, tell: Callable[[nodes.Measure], str]) -> str | None:
    """Give what all measures of a part have in common; None where they differ."""
    found = {tell(one) for part in walk(node) for one in own_measures(part)}
    return found.pop() if len(found) == 1 else None
