"""Take a formula apart: its numerator and its denominator, as formulas of their own."""

from typing import Final

from kpi.formula import nodes
from kpi.formula.compiler import children, own_measures, walk, walk_whole
from kpi.formula.fields import FACTS

ONE: Final = nodes.Number(1)


def is_constant(node: nodes.Value) -> bool:
    """Say whether a part is a plain number, whatever was measured."""
    return all(
        isinstance(part, nodes.Number | nodes.Negative | nodes.Binary) for part in walk(node)
    )


def split(node: nodes.Value) -> tuple[nodes.Value, nodes.Value | None]:
    """Give numerator and denominator; None where nothing measured stands below the line.

    ``1 - a / b`` gives ``(b - a, b)``; ``100 * a / b`` gives ``(100 * a, b)``.
    """
    match node:
        case nodes.Average(total, rows):
            return nodes.Measured(total), nodes.Measured(rows)
        case nodes.Negative(operand):
            above, below = split(operand)
            return nodes.Negative(above), below
        case nodes.Binary("*", left, right):
            return _product(left, right)
        case nodes.Binary("/", left, right):
            return _quotient(left, right)
        case nodes.Binary(operator, left, right):
            return _sum("+" if operator == "+" else "-", left, right)
        case _:
            return node, None


def ratio_of(node: nodes.Value, *, whole: bool = False) -> nodes.Value:
    """Step into ``100 * least(1, a / b)`` and its like, down to the part that is measured.

    Stops at a ``coalesce()``, whose part differs from group to group.

    Args:
        whole: stop at ``peers()`` and ``over()`` too: what stands inside is not measured of the
            group as a whole.
    """
    while split(node)[1] is None and not is_coalesce(node):
        if whole and isinstance(node, nodes.Peers | nodes.Over):
            break
        measured = [part for part in children(node) if not is_constant(part)]
        only = len(measured) == 1 or isinstance(node, nodes.Call)
        if not measured or not only:
            break
        node = measured[0]
    return node


def is_coalesce(node: nodes.Value) -> bool:
    return isinstance(node, nodes.Call) and node.name == "coalesce"


def first_measure(node: nodes.Value) -> nodes.Measure | None:
    """Give the first measure that a part reads of the group as a whole."""
    found = (measure for part in walk_whole(node) for measure in own_measures(part))
    return next(found, None)


def sample_of(below: nodes.Value) -> nodes.Value | None:
    """Give the count in a denominator, without plain factors; None where it is no count."""
    match below:
        case nodes.Measured(measure):
            return below if _counts(measure) else None
        case nodes.Binary("+" | "-", left, right):
            return below if sample_of(left) and sample_of(right) else None
        case nodes.Binary("*" | "/", left, right) if is_constant(right):
            return sample_of(left)
        case nodes.Binary("*", left, right) if is_constant(left):
            return sample_of(right)
        case _:
            return None


def is_plain_sum(node: nodes.Value) -> bool:
    """Say whether a figure adds up different counts or sums, and so rests on no one number.

    The rows of the first of them would pass for its sample: 0 late shifts beside 2 days of leave.
    """
    node = ratio_of(node, whole=True)
    if is_coalesce(node) or split(node)[1] is not None:
        return False
    return len({measure.key for part in walk(node) for measure in own_measures(part)}) > 1


def _counts(measure: nodes.Measure) -> bool:
    """Say whether a measure counts: rows, values, or what the rows themselves count."""
    if measure.function == "sum" and isinstance(measure.row, nodes.FieldRef):
        return FACTS[measure.fact].fields[measure.row.name].unit == "count"
    return measure.function in ("count", "distinct")


def same(left: nodes.Value | None, right: nodes.Value | None) -> bool:
    return left is not None and left == right


def _product(left: nodes.Value, right: nodes.Value) -> tuple[nodes.Value, nodes.Value | None]:
    (a, b), (c, d) = split(left), split(right)
    return _times(a, c), _times(b, d) if b and d else b or d


def _quotient(left: nodes.Value, right: nodes.Value) -> tuple[nodes.Value, nodes.Value | None]:
    a, b = split(left)
    if is_constant(right):
        return (nodes.Binary("/", a, right), None) if b is None else (a, _times(b, right))
    c, d = split(right)
    return (_times(a, d) if d else a), (_times(b, c) if b else c)


def _sum(
    operator: str, left: nodes.Value, right: nodes.Value
) -> tuple[nodes.Value, nodes.Value | None]:
    (a, b), (c, d) = split(left), split(right)
    if b is None and d is None:
        return _binary(operator, left, right), None
    if b == d:
        return _binary(operator, a, c), b
    above = _binary(operator, _times(a, d) if d else a, _times(c, b) if b else c)
    return above, _times(b, d) if b and d else b or d


def _times(left: nodes.Value, right: nodes.Value) -> nodes.Value:
    if left == ONE:
        return right
    return left if right == ONE else nodes.Binary("*", left, right)


def _binary(operator: str, left: nodes.Value, right: nodes.Value) -> nodes.Value:
    return nodes.Binary("+" if operator == "+" else "-", left, right)
