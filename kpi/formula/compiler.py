"""Turn a formula's text into what can be measured and evaluated."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from kpi.formula import nodes
from kpi.formula.measures import with_companions
from kpi.formula.parser import parse


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked formula.

    Attributes:
        unit: ``share``, ``s``, ``min``, ``h``, ``day``, ``count``, ``money``, ``percent``,
            ``points``, ``rate`` (counts by other counts), ``per_thousand``, a quotient such
            as ``per_h`` or ``money_per_h``, or ``number`` where only the source knows.
        facts: the kinds of facts it speaks of, in either branch of ``imported()``.
        measures: all measures, in either branch, with the counts that go with them.
    """

    text: str
    root: nodes.Value
    unit: str
    facts: frozenset[str]
    measures: tuple[nodes.Measure, ...]


@lru_cache(maxsize=4096)
def compile_formula(text: str) -> Formula:
    """Read and check a formula.

    Raises:
        FormulaError: with the place, and what is allowed there.
    """
    figure = parse(text)
    measures = measures_in(figure.node)
    facts = frozenset(measure.fact for measure in measures)
    return Formula(text, figure.node, figure.unit.name, facts, measures)


@lru_cache(maxsize=4096)
def resolve(formula: Formula, imported: frozenset[str]) -> nodes.Value:
    """Decide every ``imported()``: the formula as it holds for a period.

    Args:
        imported: kinds of facts that were imported for the period.
    """
    return _resolved(formula.root, imported)


def measures_for(formula: Formula, imported: frozenset[str]) -> tuple[nodes.Measure, ...]:
    """Give the measures that the formula needs of each group as a whole.

    Those of other people (``peers``) and of parts of the period (``over``) are not among them:
    :func:`kpi.formula.compiler.measures_in` gives them.
    """
    return _measures_among(walk_whole(resolve(formula, imported)))


def measures_in(node: nodes.Value) -> tuple[nodes.Measure, ...]:
    """Give all measures of a resolved formula or of a part of it."""
    return _measures_among(walk(node))


def apart_of(node: nodes.Value) -> tuple[nodes.Peers | nodes.Over, ...]:
    """Give the parts that rest on other people or on parts of the period."""
    found = (part for part in walk(node) if isinstance(part, nodes.Peers | nodes.Over))
    return tuple(dict.fromkeys(found))


def peers_of(formula: Formula) -> Formula:
    """Give the formula of the peers' average; its own ``peers()`` have none again."""
    root = nodes.Peers(formula.root)
    return Formula(f"peers({formula.text})", root, formula.unit, formula.facts, formula.measures)


def scores_of(node: nodes.Value) -> frozenset[str]:
    """Give whose scorecards a formula reads."""
    return frozenset(part.code for part in walk(node) if isinstance(part, nodes.ScoreOf))


def facts_of(node: nodes.Value) -> frozenset[str]:
    """Give the kinds of facts that a resolved formula needs."""
    return frozenset(measure.fact for measure in measures_in(node))


def ratings_of(node: nodes.Value) -> frozenset[str]:
    """Give the codes of the ratings that a formula reads."""
    return frozenset(part.code for part in walk(node) if isinstance(part, nodes.Rating))


def walk(node: nodes.Value) -> Iterator[nodes.Value]:
    """Give the node and all nodes below it, in the order in which they are written."""
    yield node
    for child in children(node):
        yield from walk(child)


def walk_whole(node: nodes.Value) -> Iterator[nodes.Value]:
    """Give the same, without what stands inside ``peers()`` and ``over()``."""
    yield node
    if not isinstance(node, nodes.Peers | nodes.Over):
        for child in children(node):
            yield from walk_whole(child)


def children(node: nodes.Value) -> tuple[nodes.Value, ...]:
    match node:
        case nodes.Binary(_, left, right):
            return (left, right)
        case nodes.Negative(operand) | nodes.Peers(operand) | nodes.Over(_, _, operand, _):
            return (operand,)
        case nodes.Call(_, arguments):
            return arguments
        case nodes.Imported(_, present, otherwise):
            return (present, otherwise)
        case _:
            return ()


def own_measures(node: nodes.Value) -> tuple[nodes.Measure, ...]:
    """Give the measures that a node itself reads."""
    match node:
        case nodes.Measured(measure):
            return (measure,)
        case nodes.Average(total, rows):
            return (total, rows)
        case _:
            return ()


def _measures_among(parts: Iterable[nodes.Value]) -> tuple[nodes.Measure, ...]:
    found: dict[str, nodes.Measure] = {}
    for node in parts:
        for measure in own_measures(node):
            # An average's total rests on the rows beside it and needs no other count.
            is_alone = isinstance(node, nodes.Average)
            for part in (measure,) if is_alone else with_companions(measure):
                found.setdefault(part.key, part)
    return tuple(found.values())


def _resolved(node: nodes.Value, imported: frozenset[str]) -> nodes.Value:
    match node:
        case nodes.Imported(fact, present, otherwise):
            return _resolved(present if fact in imported else otherwise, imported)
        case nodes.Binary(operator, left, right):
            return nodes.Binary(operator, _resolved(left, imported), _resolved(right, imported))
        case nodes.Negative(operand):
            return nodes.Negative(_resolved(operand, imported))
        case nodes.Call(name, arguments):
            return nodes.Call(name, tuple(_resolved(part, imported) for part in arguments))
        case nodes.Peers(operand):
            return nodes.Peers(_resolved(operand, imported))
        case nodes.Over(grain, function, operand, argument):
            return nodes.Over(grain, function, _resolved(operand, imported), argument)
        case _:
            return node
